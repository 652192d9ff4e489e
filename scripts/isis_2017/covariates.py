"""Builds covariates.csv of a case from open data: GeoDist, Natural Earth, World Bank indicators.

A `Setting` says which countries are the theatre, who was in the coalition and which years are kept; for ISIS 2013 and
2015, published at the end of the following year, so that early as-of dates see the early vintage. What a country lacks
is left out (the model has a default): Kosovo and Palestine have no row in some sources. Serbia takes GeoDist's row of
Yugoslavia (Belgrade). A region's unnamed countries take the mean of its named ones.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from isis_2017.tables import Row, rows, selection
from isis_2017.territory import great_circle

COLUMNS = ["place", "covariate", "value", "unit", "refers_to", "published", "source"]
GEODIST = {"PSE": "PAL", "SRB": "YUG"}


@dataclass(frozen=True, slots=True)
class Setting:
    """What differs between cases: the theatre, years with the month they were public, the coalition, crossings.

    The coalition is its members, the year it speaks of, when it was public and the source.
    """

    theatre: tuple[str, ...]
    vintages: tuple[tuple[str, str], ...]
    coalition: tuple[frozenset[str], str, str, str]
    crossings: tuple[Row, ...] = ()


def setting() -> Setting:
    """The setting of `isis-2017`."""
    members = frozenset(row["place"] for row in selection("coalition"))
    vintages = (("2013", "2014-12"), ("2015", "2016-12"))
    return Setting(("IRQ", "SYR"), vintages, (members, "2015", "2015-12", "global-coalition"), tuple(_crossings()))


def build(folder: Path, origins: dict[str, str], hosts: list[str], of: Setting) -> list[Row]:
    """Covariates of origins (code to region), hosts and the countries of the theatre."""
    places = list(dict.fromkeys([*origins, *hosts, *of.theatre]))
    found = [
        *_geography(folder / "geo", places, hosts, of.theatre),
        *_indicators(folder / "covariates", places, of.vintages),
        *_coalition(places, of),
        *of.crossings,
    ]
    return sorted([*found, *_regional(found, origins)], key=lambda r: (r["place"], r["covariate"], r["published"]))


def _row(
    place: str, covariate: str, value: float, unit: str, year: str, public: str, source: str, digits: int = 0
) -> Row:
    return {
        "place": place,
        "covariate": covariate,
        "value": f"{value:.{digits}f}",
        "unit": unit,
        "refers_to": year,
        "published": public,
        "source": source,
    }


def _geography(folder: Path, places: list[str], hosts: list[str], theatre: tuple[str, ...]) -> list[Row]:
    with gzip.open(folder / "cepii_geodist_dist_cepii.csv.gz", "rt", encoding="utf-8") as handle:
        pairs = {(r["iso_o"], r["iso_d"]): r for r in csv.DictReader(handle)}
    centroids = _centroids(folder)
    made = []
    for place in places:
        ways = [_pair(place, end, pairs, centroids) for end in theatre if end != place]
        if ways and all(ways):
            mean = sum(float(way["dist"]) for way in ways) / len(ways)
            made.append(_row(place, "distance_theatre_km", mean, "km", "2011", "2011-12", ways[0]["source"]))
            border = max(int(way["contig"]) for way in ways)
            made.append(_row(place, "borders_theatre", border, "0/1", "2011", "2011-12", ways[0]["source"]))
        for host in hosts:
            way = _pair(place, host, pairs, centroids)
            if host != place and way:
                for name, column, unit in (
                    ("distance_km", "dist", "km"),
                    ("borders", "contig", "0/1"),
                    ("language", "comlang_off", "0/1"),
                ):
                    if way[column]:
                        made.append(
                            _row(place, f"{name}:{host}", float(way[column]), unit, "2011", "2011-12", way["source"])
                        )
    return made


def _pair(one: str, other: str, pairs: dict[tuple[str, str], Row], centroids: dict[str, Row]) -> Row:
    """Distance, border and language of two places; from centroids, with no language, where GeoDist has no row."""
    found = pairs.get((GEODIST.get(one, one), GEODIST.get(other, other)))
    if found and found["dist"] not in ("", "."):
        return found | {"source": "cepii-geodist"}
    if one in centroids and other in centroids:
        km = f"{great_circle(centroids[one], centroids[other]):.0f}"
        return {"dist": km, "contig": "0", "comlang_off": "", "source": "natural-earth"}
    return {}


def _centroids(folder: Path) -> dict[str, Row]:
    table = rows(folder / "ne110m_centroids_largest_polygon.csv")
    return {("XKX" if r["name"] == "Kosovo" else r["iso3"]): {"lat": r["lat"], "lon": r["lon"]} for r in table}


def _indicators(folder: Path, places: list[str], vintages: tuple[tuple[str, str], ...]) -> list[Row]:
    panel = {(r["iso3"], r["year"]): r for r in rows(folder / "panel_country_year_2010_2023.csv")}
    made = []
    for place in places:
        for year, public in vintages:
            r = panel.get((place, year), {})
            if r.get("gdp") and r.get("pop"):
                value = math.log(float(r["gdp"]) / float(r["pop"]))
                made.append(
                    _row(place, "log_gdp_per_capita", value, "log US dollars", year, public, "world-bank-wdi", 2)
                )
            if r.get("polstb"):
                made.append(
                    _row(
                        place,
                        "instability",
                        -float(r["polstb"]),
                        "standard deviations",
                        year,
                        public,
                        "world-bank-wgi",
                        2,
                    )
                )
    return made


def _coalition(places: list[str], of: Setting) -> list[Row]:
    members, year, public, source = of.coalition
    return [_row(p, "coalition", p in members, "0/1", year, public, source) for p in places]


def _crossings() -> list[Row]:
    """Irregular crossings of Europe's outer border a year, in the aggregate, each with its own date."""
    return [
        _row(
            "XEU", "irregular_crossings", float(r["value"]), "crossings a year", r["year"], r["published"], r["source"]
        )
        for r in selection("crossings")
    ]


def _regional(found: list[Row], origins: dict[str, str]) -> list[Row]:
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for r in found:
        if r["place"] in origins:
            groups[origins[r["place"]], r["covariate"], r["published"]].append(r)
    return [
        _row(
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
