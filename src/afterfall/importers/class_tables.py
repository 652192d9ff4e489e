"""The reference class of organisational events from gathered tables and open data: rows of `afterfall.reference`.

The folder of reference data holds

    reference/affiliates.csv             affiliates, pledges and foundings by country
    reference/territory_events.csv       losses of places, and when they were retaken
    reference/mergers_splits.csv         mergers, splits, alliances, pledges, dissolutions
    reference/organisation_exposure.csv  organisations at risk: start, end, spans of losing ground
    reference/rival_dyads.csv            pairs of organisations at war with each other
    reference/custody_events.csv         prison breaks, releases, swaps
    reference/exposure.csv               the list of countries; its other columns are not read
    figures/territory.csv                the list of ISIS places fixed in advance
    conflict/ucdp_v231_dyad_year_2010_2022_flagged.csv   dyads of armed conflict
    covariates/wdi_2000_2023_long.csv.gz                 population and political stability (World Bank, CC BY)
    geo/ne_110m_admin_0_countries.{dbf,shp}              borders

Numbers, dates and citations are kept; notes are not. Muslim shares, names of organisations and citations of rows that
name another table come from the tables of the script, `scripts/reference_class`, and from the list of places.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from afterfall.importers.case_tables import Row, read_rows
from afterfall.importers.natural_earth import land_borders, read_countries

CITED = ("published", "source", "source_url", "grade", "verified")
#: Columns of each table of the room.
TABLES: Mapping[str, tuple[str, ...]] = {
    "affiliates": (
        *("country", "organisation", "family", "scale", "kind", "began", "recognised", "insurgency_before"),
        *("active_from", "active_to", *CITED),
    ),
    "countries": ("country", "muslim_share", "basis", "refers_to"),
    "country_years": ("country", "year", "population_thousands", "instability"),
    "neighbours": ("country", "neighbour"),
    "wars": ("country", "family", "year", "deaths"),
    "places": (
        *("case", "place", "kind", "country", "organisation", "lost", "retaken", "how", "lost_again"),
        *("observed_to", "fixed_list", "strength_of_peak", *CITED),
    ),
    "alignments": (
        *("date", "kind", "theatre", "organisations", "result", "losing", "rivals_fighting", "islamist", "at_risk"),
        *CITED,
    ),
    "organisations": ("organisation", "theatre", "start", "end", "losing_spans", "verified"),
    "rivals": (
        *("side_a", "side_b", "theatre", "war_start", "war_end", "merged", "war", "stronger", "grade", "verified"),
    ),
    "custody": ("date", "country", "place", "kind", "cause", "held", "out_low", "out_high", "retaken_share", *CITED),
}
#: Place names of the fixed list, where the table of places has another.
PLACE_NAMES = {"Falluja": "Fallujah", "Baghuz": "Baghuz Fawqani"}
#: Source of a row that was never read.
RECALLED = "recalled"
DYADS = "conflict/ucdp_v231_dyad_year_2010_2022_flagged.csv"
INDICATORS = "covariates/wdi_2000_2023_long.csv.gz"
#: Deaths in a year from which UCDP counts a dyad as active.
ACTIVE_DYAD = 25
#: Names of governments in the dyads, where they differ from those of the countries.
UCDP_NAMES = {
    "DR Congo (Zaire)": "COD",
    "Syria": "SYR",
    "Turkey": "TUR",
    "Iran": "IRN",
    "Tanzania": "TZA",
    "Russia (Soviet Union)": "RUS",
    "Yemen (North Yemen)": "YEM",
}


def class_tables(folder: Path, chosen: Path) -> dict[str, list[Row]]:
    """Rows of every table of the reference class, by its name in `TABLES`.

    Parameters
    ----------
    folder
        Folder of reference data.
    chosen
        Folder of ``muslim_shares.csv``, ``organisation_aliases.csv``, ``rival_strengths.csv`` and ``citations.csv``.

    Raises
    ------
    OSError
        If a file cannot be read.
    ValueError
        If a government of a dyad cannot be matched with a country, a row cites a table and no page is known for it, or
        a pair of rivals has no strengths.
    """
    gathered = folder / "reference"
    names = {r["iso3"]: r["country"] for r in read_rows(gathered / "exposure.csv")}
    places = read_rows(gathered / "territory_events.csv")
    known = set(names)
    borders = [pair for pair in land_borders(read_countries(folder / "geo")) if known.issuperset(pair)]
    organisations = read_rows(gathered / "organisation_exposure.csv")
    pages = _pages(folder, chosen)
    affiliates = [_cited(r, "organisation", pages) for r in read_rows(gathered / "affiliates.csv")]
    custody = [_cited(r, "place", pages) for r in read_rows(gathered / "custody_events.csv")]
    alignments = [_cited(r, "organisations", pages) for r in read_rows(gathered / "mergers_splits.csv")]
    aliases = {r["name"]: r["organisation"] for r in read_rows(chosen / "organisation_aliases.csv")}
    return {
        "affiliates": [_affiliate(r) for r in affiliates],
        "countries": read_rows(chosen / "muslim_shares.csv"),
        "country_years": list(_country_years(folder / INDICATORS, known)),
        "neighbours": [{"country": one, "neighbour": other} for one, other in borders],
        "wars": list(_wars(read_rows(folder / DYADS), names)),
        "places": [_place(_cited(r, "holding", pages), fixed_places(folder)) for r in places],
        "alignments": [_alignment(r, organisations, aliases) for r in alignments],
        "organisations": [{c: r[c] for c in TABLES["organisations"]} for r in organisations],
        "rivals": list(_rivals(read_rows(gathered / "rival_dyads.csv"), read_rows(chosen / "rival_strengths.csv"))),
        "custody": [_custody(r) for r in custody],
    }


def fixed_places(folder: Path) -> dict[str, str]:
    """Places of the list that was fixed in advance, each with the day it was first captured."""
    first: dict[str, str] = {}
    for row in read_rows(folder / "figures/territory.csv"):
        if row["kind"] == "city" and row["role"] == "primary":
            name = re.sub(r" \(.*", "", row["place"])
            name = PLACE_NAMES.get(name, name)
            first[name] = min(first.get(name, "9"), row["captured"])
    return first


def _pages(folder: Path, chosen: Path) -> dict[str, Row]:
    """Source and address of what a gathered row may cite by the name of a place or organisation."""
    listed = read_rows(folder / "figures/territory.csv")
    found = {PLACE_NAMES.get(name, name): r for r in listed for name in [re.sub(r" \(.*", "", r["place"])]}
    return found | {r["place"]: r for r in read_rows(chosen / "citations.csv")}


def _cited(row: Row, named: str, pages: Mapping[str, Row]) -> Row:
    """The row with the source itself where it cites another table, and `RECALLED` where it was recalled."""
    if row["source"].startswith("recalled"):
        return row | {"source": RECALLED}
    if not row["source"].startswith("this project"):
        return row
    inner = re.search(r"\((.*)\)$", row["source"])
    if inner and row["source_url"].startswith("http"):
        return row | {"source": inner[1]}
    base = row[named] if row[named] in pages else re.sub(r" \(.*", "", row[named])
    if base not in pages:
        raise ValueError(f"{row[named]}: cites {row['source_url']}, expected a page for it in citations.csv")
    return row | {"source": pages[base]["source"], "source_url": pages[base]["source_url"]}


def _affiliate(row: Row) -> Row:
    return {
        "country": row["place"],
        "began": row["date_founded_or_pledged"],
        "recognised": row["date_recognised"],
        "insurgency_before": row["prior_islamist_insurgency"],
        **{c: row[c] for c in ("organisation", "family", "scale", "kind", "active_from", "active_to", *CITED)},
    }


def _country_years(path: Path, known: set[str]) -> Iterator[Row]:
    """Population, and instability: minus the World Bank's political stability. A value of exactly zero is missing."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["indicator"] in ("pop", "polstb") and row["iso3"] in known and float(row["value"] or 0) != 0:
                found.setdefault((row["iso3"], row["year"]), {})[row["indicator"]] = float(row["value"])
    for (country, year), values in sorted(found.items()):
        people, stable = values.get("pop"), values.get("polstb")
        yield {
            "country": country,
            "year": year,
            "population_thousands": "" if people is None else f"{people / 1000:.0f}",
            "instability": "" if stable is None else f"{-stable:.2f}",
        }


def _wars(dyads: Sequence[Row], names: Mapping[str, str]) -> Iterator[Row]:
    """Years in which a government fought ISIS or al-Qaida at home with 25 or more deaths, dyads of a family summed."""
    codes = {name: code for code, name in names.items()} | UCDP_NAMES
    deaths: dict[tuple[str, str, str], int] = {}
    for row in dyads:
        government = row["side_a"].removeprefix("Government of ")
        at_home = government in row["locations"].split(", ")
        if row["kind"] == "state-based" and int(row["best"]) >= ACTIVE_DYAD and at_home:
            for family, flag in (("ISIS", "is_side"), ("AQ", "aq_side")):
                if row[flag] == "1":
                    key = _code(government, codes), family, row["year"]
                    deaths[key] = deaths.get(key, 0) + int(row["best"])
    for (country, family, year), count in sorted(deaths.items()):
        yield {"country": country, "family": family, "year": year, "deaths": str(count)}


def _code(name: str, codes: Mapping[str, str]) -> str:
    if name not in codes:
        raise ValueError(f"{DYADS}: found the government of {name!r}, expected a country of reference/exposure.csv")
    return codes[name]


def _place(row: Row, fixed: Mapping[str, str]) -> Row:
    base = re.sub(r" \(.*", "", row["holding"]).split(",")[0]
    listed = (row["case"].startswith("ISIS") or base == "Marawi") and base in fixed and row["lost"] >= fixed[base]
    return {
        "place": row["holding"],
        "country": row["iso3"],
        "observed_to": row["censored"],
        "fixed_list": "yes" if listed else "no",
        **{c: row[c] for c in ("case", "kind", "organisation", "lost", "retaken", "how", "lost_again")},
        **{c: row[c] for c in ("strength_of_peak", *CITED)},
    }


def _alignment(row: Row, organisations: Sequence[Row], aliases: Mapping[str, str]) -> Row:
    """An event between organisations, with those of its parties whose years at risk are counted.

    A name that means different organisations in two theatres has an alias with the theatre in brackets.
    """
    listed = {o["organisation"] for o in organisations}
    parties = [part.strip() for part in re.split(r"[;,]", row["organisations"])]
    meant = [aliases.get(f"{p} ({row['theatre']})", aliases.get(p, p)) for p in parties]
    at_risk = [name for name in meant if name in listed]
    return {
        "losing": row["losing_territory"],
        "at_risk": "; ".join(dict.fromkeys(at_risk)),
        **{c: row[c] for c in ("date", "kind", "theatre", "organisations", "result", "rivals_fighting", "islamist")},
        **{c: row[c] for c in CITED},
    }


def _rivals(pairs: Sequence[Row], strengths: Sequence[Row]) -> Iterator[Row]:
    """Pairs of enemies with whether it was a war, and which of them was at least twice as strong when it began."""
    of = {(r["side_a"], r["side_b"]): r for r in strengths}
    for row in pairs:
        own = of.get((row["side_a"], row["side_b"]))
        if own is None:
            raise ValueError(f"{row['side_a']} and {row['side_b']}: expected a row in rival_strengths.csv")
        whole = row | {"war": own["war"], "stronger": own["stronger"]}
        yield {c: whole[c] for c in TABLES["rivals"]}


def _custody(row: Row) -> Row:
    share = row["recaptured_share"]
    return {
        "country": row["iso3"],
        "out_low": row["escaped_or_released_low"],
        "out_high": row["escaped_or_released_high"],
        "retaken_share": share if re.fullmatch(r"[0-9.]+", share) else "",
        **{c: row[c] for c in ("date", "place", "kind", "cause", "held", *CITED)},
    }
