"""Case folders with planted changes: cells replaced, rows dropped, repeated or swapped, columns set to one value.

Values are of the kind that people type: slips of the year, thousands, zeros, very large numbers, names from other rows.
A good part of the folders still passes the checks.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

from hypothesis import strategies as st

Rows = list[list[str]]
NUMBERS = (
    "0",
    "1",
    "0.5",
    "2",
    "7",
    "100",
    "1000",
    "1e6",
    "1e9",
    "-1",
    "1e300",
    "1450",
    "1.45",
    "0.001",
    "3.5",
    "nan",
    "",
)
DATES = ("2012", "2013-01", "2014", "2014-06-30", "2015-06-30", "2015-07", "2016", "2010", "2051", "1999-12-31", "")
NUMERIC = frozenset({"low", "value", "high", "population", "km", "lat", "lon", "population_year"})
DATED = frozenset({"published", "refers_to", "date", "start", "end", "founded", "ended"})
RANGE = ("low", "value", "high")


@dataclass(frozen=True)
class Change:
    """One planted change; `row` and `column` are taken modulo the size of the file."""

    file: str
    kind: Literal["cell", "range", "column", "drop", "repeat", "swap"]
    row: int
    column: int
    other: int
    number: str
    date: str


def tables(case: str, keep_origins: int | None = None) -> dict[str, Rows]:
    """The CSV files of a bundled case; with `keep_origins`, only the figures of the first few origins and the world."""
    folder = resources.files("afterfall.case").joinpath("data", case)
    files = [item for item in folder.iterdir() if item.name.endswith(".csv")]
    found = {item.name: list(csv.reader(io.StringIO(item.read_text(encoding="utf-8-sig")))) for item in files}
    if keep_origins is not None:
        head, *rows = found["figures.csv"]
        place = head.index("place")
        kept = {"WLD", *sorted({row[place] for row in rows} - {"WLD"})[:keep_origins]}
        found["figures.csv"] = [head, *(row for row in rows if row[place] in kept)]
    return found


def changes(files: list[str]) -> st.SearchStrategy[list[Change]]:
    """One to four changes."""
    size = st.integers(0, 10_000)
    one = st.builds(
        Change,
        file=st.sampled_from(files),
        kind=st.sampled_from(("cell", "cell", "cell", "range", "column", "drop", "repeat", "swap")),
        row=size,
        column=size,
        other=size,
        number=st.sampled_from(NUMBERS),
        date=st.sampled_from(DATES),
    )
    return st.lists(one, min_size=1, max_size=4)


def changed(whole: dict[str, Rows], planted: list[Change]) -> dict[str, Rows]:
    """The tables after the changes; the given ones stay as they are."""
    found = {name: [row.copy() for row in rows] for name, rows in whole.items()}
    for change in planted:
        rows = found[change.file]
        if len(rows) > 1:
            _plant(rows, change)
    return found


def _plant(rows: Rows, change: Change) -> None:
    i, j = 1 + change.row % (len(rows) - 1), change.column % len(rows[0])
    other = 1 + change.other % (len(rows) - 1)
    name = rows[0][j]
    value = change.number if name in NUMERIC else change.date if name in DATED else rows[other][j]
    match change.kind:
        case "drop":
            del rows[i]
        case "repeat":
            rows.append([rows[i][0] + "-again", *rows[i][1:]] if change.other % 3 else rows[i].copy())
        case "swap":
            rows[i][j], rows[other][j] = rows[other][j], rows[i][j]
        case "column":
            for row in rows[1:]:
                row[j] = value
        case "range" if set(RANGE) <= set(rows[0]):
            for column in RANGE:
                rows[i][rows[0].index(column)] = change.number
        case _:
            rows[i][j] = value


def write(case: str, found: dict[str, Rows], folder: Path) -> Path:
    """Write a case folder: the header of a bundled case, and tables."""
    header = resources.files("afterfall.case").joinpath("data", case, "case.toml")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.toml").write_bytes(header.read_bytes())
    for name, rows in found.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
    return folder
