"""Covariates of the places of a case, from open data: CEPII GeoDist, Natural Earth, World Bank indicators.

The folder of reference data holds ``geo/cepii_geodist_dist_cepii.csv.gz``,
``geo/ne110m_centroids_largest_polygon.csv`` and ``covariates/panel_country_year_2010_2023.csv``.

Each indicator is kept for several years with the month in which it was public, so that early as-of dates use the early
vintage. What a country lacks is left out, since the model has a default: Kosovo and Palestine have no row in some
sources. Serbia takes GeoDist's row of Yugoslavia (Belgrade). Unnamed countries of a region take the mean of its named
ones.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from afterfall.importers.case_tables import Row, read_rows

DISTANCES = "geo/cepii_geodist_dist_cepii.csv.gz"
CENTROIDS = "geo/ne110m_centroids_largest_polygon.csv"
INDICATORS = "covariates/panel_country_year_2010_2023.csv"
#: Codes of GeoDist that are not the ISO ones.
GEODIST = {"PSE": "PAL", "SRB": "YUG"}
EARTH_KM = 6371.0
#: Covariates of a pair of places: name, column of GeoDist, unit.
PAIRED = (("distance_km", "dist", "km"), ("borders", "contig", "0/1"), ("language", "comlang_off", "0/1"))


@dataclass(frozen=True, slots=True)
class Coalition:
    """Members of a coalition, the year it describes, when that was published, and the source."""

    members: frozenset[str]
    year: str
    published: str
    source: str


@dataclass(frozen=True, slots=True)
class CovariateSettings:
    """What differs between cases.

    Attributes
    ----------
    theatre
        Codes of the countries of the theatre.
    vintages
        Years of the indicators, each with the month in which it was public.
    coalition
        Who was in the coalition.
    """

    theatre: tuple[str, ...]
    vintages: tuple[tuple[str, str], ...]
    coalition: Coalition


def covariate_rows(
    folder: Path,
    origins: Mapping[str, str],
    hosts: Sequence[str],
    settings: CovariateSettings,
    others: Sequence[Row] = (),
) -> list[Row]:
    """Rows of ``covariates.csv`` for origins, hosts and the countries of the theatre.

    Parameters
    ----------
    folder
        Folder of reference data.
    origins
        Region of each origin, by code.
    hosts
        Codes of the hosts.
    settings
        What differs between cases.
    others
        Further rows of the case.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    places = list(dict.fromkeys([*origins, *hosts, *settings.theatre]))
    found = [
        *_geography(folder, places, hosts, settings.theatre),
        *_indicators(folder, places, settings.vintages),
        *_membership(places, settings.coalition),
        *others,
    ]
    return sorted([*found, *_regional(found, origins)], key=lambda r: (r["place"], r["covariate"], r["published"]))


def covariate_row(
    place: str, covariate: str, value: float, unit: str, year: str, public: str, source: str, digits: int = 0
) -> Row:
    """One row of ``covariates.csv``, its value rounded to so many digits."""
    return {
        "place": place,
        "covariate": covariate,
        "value": f"{value:.{digits}f}",
        "unit": unit,
        "refers_to": year,
        "published": public,
        "source": source,
    }


def great_circle(a: Row, b: Row) -> float:
    """Distance in kilometres between two rows with `lat` and `lon` in degrees (haversine formula).

    >>> round(great_circle({"lat": "0", "lon": "0"}, {"lat": "0", "lon": "90"}))
    10008
    """
    lat1, lon1, lat2, lon2 = (math.radians(float(x)) for x in (a["lat"], a["lon"], b["lat"], b["lon"]))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(chord))


def _geography(folder: Path, places: Sequence[str], hosts: Sequence[str], theatre: tuple[str, ...]) -> Iterator[Row]:
    """Distance to the theatre and its border; distance, border and common language to every host."""
    with gzip.open(folder / DISTANCES, "rt", encoding="utf-8") as handle:
        pairs = {(r["iso_o"], r["iso_d"]): r for r in csv.DictReader(handle)}
    centroids = _centroids(folder)
    for place in places:
        ends = [_pair(place, end, pairs, centroids) for end in theatre if end != place]
        if ends and all(ends):
            mean = sum(float(end["dist"]) for end in ends) / len(ends)
            border = max(int(end["contig"]) for end in ends)
            source = ends[0]["source"]
            yield covariate_row(place, "distance_theatre_km", mean, "km", "2011", "2011-12", source)
            yield covariate_row(place, "borders_theatre", border, "0/1", "2011", "2011-12", source)
        for host in hosts:
            pair = _pair(place, host, pairs, centroids)
            if host != place and pair:
                for name, column, unit in PAIRED:
                    if pair[column]:
                        value, source = float(pair[column]), pair["source"]
                        yield covariate_row(place, f"{name}:{host}", value, unit, "2011", "2011-12", source)


def _pair(one: str, other: str, pairs: Mapping[tuple[str, str], Row], centroids: Mapping[str, Row]) -> Row:
    """Distance, border and language of two places; from centroids, without language, if GeoDist has no row."""
    found = pairs.get((GEODIST.get(one, one), GEODIST.get(other, other)))
    if found and found["dist"] not in ("", "."):
        return found | {"source": "cepii-geodist"}
    if one in centroids and other in centroids:
        km = f"{great_circle(centroids[one], centroids[other]):.0f}"
        return {"dist": km, "contig": "0", "comlang_off": "", "source": "natural-earth"}
    return {}


def _centroids(folder: Path) -> dict[str, Row]:
    table = read_rows(folder / CENTROIDS)
    return {("XKX" if r["name"] == "Kosovo" else r["iso3"]): {"lat": r["lat"], "lon": r["lon"]} for r in table}


def _indicators(folder: Path, places: Sequence[str], vintages: tuple[tuple[str, str], ...]) -> Iterator[Row]:
    """Log of GDP per capita, and instability: minus the World Bank's political stability."""
    panel = {(r["iso3"], r["year"]): r for r in read_rows(folder / INDICATORS)}
    for place in places:
        for year, public in vintages:
            r = panel.get((place, year), {})
            if r.get("gdp") and r.get("pop"):
                value, unit = math.log(float(r["gdp"]) / float(r["pop"])), "log US dollars"
                yield covariate_row(place, "log_gdp_per_capita", value, unit, year, public, "world-bank-wdi", 2)
            if r.get("polstb"):
                value, unit = -float(r["polstb"]), "standard deviations"
                yield covariate_row(place, "instability", value, unit, year, public, "world-bank-wgi", 2)


def _membership(places: Sequence[str], of: Coalition) -> list[Row]:
    return [covariate_row(p, "coalition", p in of.members, "0/1", of.year, of.published, of.source) for p in places]


def _regional(found: Sequence[Row], origins: Mapping[str, str]) -> list[Row]:
    """Means over the named origins of each region, for its unnamed countries."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in found:
        if row["place"] in origins:
            groups[origins[row["place"]], row["covariate"], row["published"]].append(row)
    return [
        covariate_row(
            f"rest-{region}",
            name,
            sum(float(m["value"]) for m in members) / len(members),
            members[0]["unit"],
            members[0]["refers_to"],
            public,
            members[0]["source"],
            2,
        )
        for (region, name, public), members in groups.items()
    ]
