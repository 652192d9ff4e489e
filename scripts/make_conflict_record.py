"""Writes the record of deaths in conflict that `afterfall.conflict` ships, from a folder of reference data.

    python scripts/make_conflict_record.py --reference DIR [--out FOLDER]

Reads `conflict/views_country_month_sb_1990_2023_combined.csv.gz` (UCDP deaths by country and month as the VIEWS project
serves them: its input features to 2017, its actuals from 2018), `conflict/ucdp_events_country_month_by_type_side.csv`
(events of UCDP, partial), `views/cm_actuals_2018_2024.csv` (the country numbers of VIEWS) and the polygons of Natural
Earth in `geo`. Writes, in FOLDER:

    countries.csv    code, VIEWS number, name, first and last month of its record
    deaths.csv       country, month, deaths; months without deaths are left out
    events.csv       country, month, deaths, events where events were counted too; yearly summaries are left out
    neighbours.csv   pairs of countries with a common land border

The two halves of the record are checked against each other: a country's number is where its actuals equal its record
month by month. Running it twice gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from conflict_record.borders import borders

OUT = Path(__file__).parent.parent / "src/afterfall/conflict/data"
STATE_BASED = 1
#: Releases of UCDP events that the record takes, by what they cover; the earlier names win where two overlap.
RELEASES = ("GED19.1-HDX-Iraq", "GED-Syria-652.1601.1911", "UCDP-Candidate-21.01.21.12", "UCDP-Candidate-22.0.2")
#: Names of countries as the events have them, where they differ from those of the record.
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


def main() -> None:
    """Build the four files and say how many rows each holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reference", type=Path, required=True, help="folder of reference data")
    parser.add_argument("--out", type=Path, default=OUT, help="where the files go (default: the package)")
    asked = parser.parse_args()
    record = pd.read_csv(asked.reference / "conflict/views_country_month_sb_1990_2023_combined.csv.gz")
    record = record.dropna(subset=["ged_sb"]).astype({"ged_sb": int}).sort_values(["iso3", "month_id"])
    countries = _countries(record, pd.read_csv(asked.reference / "views/cm_actuals_2018_2024.csv"))
    known = {row[0] for row in countries}
    deaths = [r for r in record[["iso3", "month", "ged_sb"]].itertuples(index=False, name=None) if r[2] > 0]
    pairs = [p for p in borders(asked.reference / "geo") if set(p) <= known]
    events = _events(pd.read_csv(asked.reference / "conflict/ucdp_events_country_month_by_type_side.csv"), countries)
    asked.out.mkdir(parents=True, exist_ok=True)
    _write(asked.out / "countries.csv", ("country", "views_id", "name", "first", "last"), countries)
    _write(asked.out / "deaths.csv", ("country", "month", "deaths"), deaths)
    _write(asked.out / "events.csv", ("country", "month", "deaths", "events"), events)
    _write(asked.out / "neighbours.csv", ("country", "neighbour"), pairs)


def _countries(record: pd.DataFrame, actuals: pd.DataFrame) -> list[tuple[object, ...]]:
    """A row a country. Its VIEWS number is the one whose actuals equal its record."""
    numbers = {name: int(number) for name, number in zip(actuals["name"], actuals["country_id"], strict=True)}
    later = {n: g.set_index("month_id")["outcome"] for n, g in actuals.groupby("country_id")}
    rows: list[tuple[object, ...]] = []
    for code, own in record.groupby("iso3"):
        name = str(own["country"].iloc[-1])
        number = numbers[name]
        mine = own.set_index("month_id")["ged_sb"]
        both = mine.index.intersection(later[number].index)
        if not len(both) or (mine[both] != later[number][both]).any():
            raise ValueError(f"{code}: its record differs from the actuals of {name} (country {number})")
        if int(own["month_id"].iloc[-1]) - int(own["month_id"].iloc[0]) + 1 != len(own):
            raise ValueError(f"{code}: months are missing within its record")
        rows.append((code, number, name, own["month"].iloc[0], own["month"].iloc[-1]))
    return rows


def _events(table: pd.DataFrame, countries: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Deaths and events by country and month of state-based conflict, both sides of the split together.

    Deaths are those of `best_end`, which leave an event that spans months in its last one, as the events do; a month
    with a summary of a year (events that would be spread over months, more than a tenth of its deaths) is left out.
    """
    codes = {str(row[2]): row[0] for row in countries}
    table = table[(table["type_of_violence"] == STATE_BASED) & table["dataset"].isin(RELEASES)]
    table = table.assign(rank=table["dataset"].map(RELEASES.index), country=table["country"].replace(RENAMED))
    sums = table.groupby(["country", "month", "rank"])[["best_spread", "best_end", "events_end"]].sum().reset_index()
    sums = sums.sort_values("rank").drop_duplicates(["country", "month"])
    clean = sums[(sums["best_end"] > 0) & (abs(sums["best_end"] - sums["best_spread"]) <= 0.1 * sums["best_end"])]
    rows = [
        (codes[c], month, round(deaths), max(1, round(events)))
        for c, month, deaths, events in clean[["country", "month", "best_end", "events_end"]].itertuples(index=False)
        if c in codes
    ]
    return sorted(rows)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    kept = list(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(kept)
    print(f"{len(kept):6d} rows in {path.name}")


if __name__ == "__main__":
    main()
