"""A made-up case of eight origins with every kind of figure that a fit uses: `tiny`, enlarged, for `calibration.py`.

Each new origin copies the covariates of one of `tiny`: Dell and Elva those of Brom, Fara, Gorn and Hald those of Cern.
The numbers only determine which figures there are (where, when, from whom, how rounded); the study draws its own.
"""

from __future__ import annotations

import csv
from importlib.resources import as_file, files
from pathlib import Path

from afterfall.case import Case, open_case

LIKE = {"dell": "brom", "elva": "brom", "fara": "cern", "gorn": "cern", "hald": "cern"}
#: Travellers of each origin, as surveyed.
TRAVELLED = {"arda": 200, "brom": 130, "cern": 80, "dell": 60, "elva": 40, "fara": 300, "gorn": 25, "hald": 120}
#: Origins whose returnees are contested by a ministry; those with figures of the theatre and of third countries; those
#: with a bound on the killed; and one whose counts are rounded to tens.
CONTESTED, IN_THEATRE, THIRD, BOUNDED = ("arda", "dell", "cern"), ("brom", "gorn"), ("hald", "cern"), ("elva", "gorn")
ROUNDED = "fara"
OWN = ("travelled", "returned", "killed")


def eight_origins(folder: Path) -> Case:
    """Write the case into a folder and open it."""
    folder.mkdir(parents=True, exist_ok=True)
    with as_file(files("afterfall.case").joinpath("data/tiny")) as tiny:
        for file in tiny.iterdir():
            if file.suffix == ".csv":
                rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
                _write(folder / file.name, _enlarged(file.stem, rows))
            else:
                (folder / file.name).write_bytes(file.read_bytes())
    return open_case(folder)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _enlarged(name: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of one table."""
    if name == "places":
        return rows + [
            {**row, "place": new, "name": new.capitalize()}
            for new, old in LIKE.items()
            for row in rows
            if row["place"] == old and row["kind"] == "origin"
        ]
    if name == "covariates":
        return rows + [{**row, "place": new} for new, old in LIKE.items() for row in rows if row["place"] == old]
    if name == "figures":
        return _figures(rows)
    return rows


def _figures(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    kept = [row for row in rows if row["quantity"] not in OWN or row["place"] == "WLD"]
    for row in kept:
        if row["place"] == "WLD" and row["quantity"] in ("travelled", "arrivals"):
            row.update({k: str(round(float(row[k]) * 2.1)) for k in ("low", "value", "high")})
    survey = next(row for row in rows if row["figure"] == "arda-returned-2015")

    def figure(quantity: str, place: str, value: float, family: str = "survey", **other: str) -> dict[str, str]:
        number = dict.fromkeys(("low", "value", "high"), f"{value:g}")
        name = f"{place}-{quantity}-{family}".lower().replace("_", "-")
        return {**survey, "figure": name, "quantity": quantity, "place": place, "family": family, **number, **other}

    kept += [figure("travelled", place, number) for place, number in TRAVELLED.items()]
    kept += [figure("travelled", "brom", 100, "ministry", definition="fighters")]
    kept += [figure("travelled", "hald", 90, "ministry", bound="at_least")]
    kept += [figure("returned", place, number // 5 + 1) for place, number in TRAVELLED.items() if place != ROUNDED]
    kept += [figure("killed", place, number // 8 + 1) for place, number in TRAVELLED.items() if place != ROUNDED]
    kept += [figure("killed", ROUNDED, 40), figure("returned", ROUNDED, 60, "press", refers_to="2015-03")]
    kept += [figure("returned", place, 31, "ministry", refers_to="2014-12") for place in CONTESTED]
    kept += [figure("in_theatre", place, 21, "press", basis="stock") for place in IN_THEATRE]
    kept += [figure("third_country", place, 5, "press", basis="stock") for place in THIRD]
    kept += [figure("killed", place, 3, "press", bound="at_least") for place in BOUNDED]
    kept += [figure(f"{quantity}_share", "WLD", 0.2, "press") for quantity in ("returned", "killed")]
    return kept
