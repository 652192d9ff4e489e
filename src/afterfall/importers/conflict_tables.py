"""The record of deaths in conflict from public tables: UCDP counts by country and month, as VIEWS publishes them.

The folder of reference data holds

    conflict/views_country_month_sb_1990_2023_combined.csv.gz   iso3, country, month_id, month, ged_sb
    conflict/ucdp_events_country_month_by_type_side.csv         events and deaths by release, type and side
    views/cm_actuals_2018_2024.csv                              month_id, country_id, outcome, name
    geo/ne_110m_admin_0_countries.{dbf,shp}                     polygons of Natural Earth

and the record has four tables, `TABLES`:

    countries    code, VIEWS number, name, first and last month of its record
    deaths       country, month, deaths; months without deaths are left out
    events       country, month, deaths, events where events were counted too; yearly summaries are left out
    neighbours   pairs of countries with a common land border

The two halves of the record are checked against each other: a country has the VIEWS number whose actuals equal its
record in every month that both have.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from afterfall.importers.natural_earth import land_borders, read_countries

RECORD = "conflict/views_country_month_sb_1990_2023_combined.csv.gz"
EVENTS = "conflict/ucdp_events_country_month_by_type_side.csv"
ACTUALS = "views/cm_actuals_2018_2024.csv"
GEO = "geo"
#: Columns of each table.
TABLES: Mapping[str, tuple[str, ...]] = {
    "countries": ("country", "views_id", "name", "first", "last"),
    "deaths": ("country", "month", "deaths"),
    "events": ("country", "month", "deaths", "events"),
    "neighbours": ("country", "neighbour"),
}
STATE_BASED = 1
#: Releases of UCDP events that are used, by what they cover; where two overlap the first in this order counts.
RELEASES = ("GED19.1-HDX-Iraq", "GED-Syria-652.1601.1911", "UCDP-Candidate-21.01.21.12", "UCDP-Candidate-22.0.2")
#: Names of countries in the events, where they differ from those of the record.
RENAMED = {
    "DR Congo (Zaire)": "Congo, DRC",
    "Myanmar (Burma)": "Myanmar",
    "Russia (Soviet Union)": "Russia",
    "Yemen (North Yemen)": "Yemen",
    "Serbia (Yugoslavia)": "Serbia",
    "Cambodia (Kampuchea)": "Cambodia",
    "Zimbabwe (Rhodesia)": "Zimbabwe",
    "Madagascar (Malagasy)": "Madagascar",
}
#: Largest share of a month's deaths that may belong to events spread over several months.
MOST_SPREAD = 0.1

Rows = list[tuple[object, ...]]


def conflict_tables(folder: Path) -> dict[str, Rows]:
    """The rows of every table of the record, by its name in `TABLES`.

    Raises
    ------
    OSError
        If a file cannot be read.
    ValueError
        If the two halves of a country's record differ, or months are missing within it.
    """
    record = pd.read_csv(folder / RECORD).dropna(subset=["ged_sb"])
    record = record.astype({"ged_sb": int}).sort_values(["iso3", "month_id"])
    countries = country_rows(record, pd.read_csv(folder / ACTUALS))
    known = {row[0] for row in countries}
    deaths = [r for r in record[["iso3", "month", "ged_sb"]].itertuples(index=False, name=None) if r[2] > 0]
    borders: Rows = [pair for pair in land_borders(read_countries(folder / GEO)) if known.issuperset(pair)]
    events = event_rows(pd.read_csv(folder / EVENTS), {str(row[2]): str(row[0]) for row in countries})
    return {"countries": countries, "deaths": deaths, "events": events, "neighbours": borders}


def country_rows(record: pd.DataFrame, actuals: pd.DataFrame) -> Rows:
    """One row for each country, with the VIEWS number whose actuals equal its record.

    Parameters
    ----------
    record
        Columns iso3, country, month_id, month, ged_sb, sorted by country and month.
    actuals
        Columns month_id, country_id, outcome, name.

    Raises
    ------
    ValueError
        If the record of a country differs from the actuals of its name, or months are missing within it.
    """
    numbers = {name: int(number) for name, number in zip(actuals["name"], actuals["country_id"], strict=True)}
    later = {n: g.set_index("month_id")["outcome"] for n, g in actuals.groupby("country_id")}
    rows: Rows = []
    for code, own in record.groupby("iso3"):
        name = str(own["country"].iloc[-1])
        number = numbers[name]
        mine = own.set_index("month_id")["ged_sb"]
        both = mine.index.intersection(later[number].index)
        if not len(both) or (mine[both] != later[number][both]).any():
            raise ValueError(f"{code}: its record differs from the actuals of {name} (VIEWS country {number})")
        months = int(own["month_id"].iloc[-1]) - int(own["month_id"].iloc[0]) + 1
        if months != len(own):
            raise ValueError(f"{code}: expected {months} months from the first to the last, found {len(own)}")
        rows.append((code, number, name, own["month"].iloc[0], own["month"].iloc[-1]))
    return rows


def event_rows(events: pd.DataFrame, codes: Mapping[str, str]) -> Rows:
    """Deaths and events of state-based conflict by country and month, all sides together, sorted.

    Deaths are those of `best_end`, which counts an event that spans months in its last month, as events are counted. A
    month is left out if events spread over several months account for more than `MOST_SPREAD` of its deaths: it holds a
    summary of a year.

    Parameters
    ----------
    events
        Columns dataset, country, month, type_of_violence, best_spread, best_end, events_end.
    codes
        Code of each country by its name in the record; others are left out.
    """
    table = events[(events["type_of_violence"] == STATE_BASED) & events["dataset"].isin(RELEASES)]
    table = table.assign(rank=table["dataset"].map(RELEASES.index), country=table["country"].replace(RENAMED))
    sums = table.groupby(["country", "month", "rank"])[["best_spread", "best_end", "events_end"]].sum().reset_index()
    sums = sums.sort_values("rank").drop_duplicates(["country", "month"])
    spread = abs(sums["best_end"] - sums["best_spread"])
    clean = sums[(sums["best_end"] > 0) & (spread <= MOST_SPREAD * sums["best_end"])]
    rows = [
        (codes[country], month, round(deaths), max(1, round(number)))
        for country, month, deaths, number in clean[["country", "month", "best_end", "events_end"]].itertuples(
            index=False
        )
        if country in codes
    ]
    return sorted(rows)
