"""Reads the reference tables and our selection tables, and keeps the two in step.

A reference row is known by its table and its spreadsheet row; every exception in our tables repeats
the place, number and date it was written for (`check`), so a reference that has moved on stops the
build instead of shifting every exception by one.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference row: its table, its spreadsheet row (the header is row 1) and its cells."""

    table: str
    row: int
    cells: Row

    def __getitem__(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    @property
    def low(self) -> str:
        """Low end of the number, as text."""
        return self["low"] or self["value"]

    @property
    def high(self) -> str:
        """High end of the number, as text."""
        return self["high"] or self.low

    @property
    def check(self) -> str:
        """What an exception must repeat to be applied to this row."""
        return f"{self['iso3'] or self['place'] or self['scope']} {self.low} {self['as_of']}".strip()


def rows(path: Path) -> list[Row]:
    """Rows of a CSV file with a header; a byte-order mark is ignored."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def selection(name: str) -> tuple[Row, ...]:
    """Rows of one of our own selection tables; read once, never changed."""
    return tuple(rows(HERE / f"{name}.csv"))


def reference(folder: Path, table: str) -> list[Reference]:
    """All rows of a table of gathered figures."""
    return [Reference(table, number, cells) for number, cells in enumerate(rows(folder / f"{table}.csv"), 2)]


def exceptions(references: list[Reference]) -> dict[tuple[str, int], Row]:
    """Changes to single rows, by (table, row); raises ValueError listing every row that has moved on."""
    return _checked(selection("exceptions"), references, "field")


def splits(references: list[Reference]) -> dict[tuple[str, int], Row]:
    """Numbers by role printed beside a total, by (table, row)."""
    return _checked(selection("splits"), references, "role")


def _checked(changes: Sequence[Row], references: list[Reference], key: str) -> dict[tuple[str, int], Row]:
    known = {(r.table, r.row): r.check for r in references}
    found: dict[tuple[str, int], Row] = {}
    moved = []
    for change in changes:
        where = (change["table"], int(change["row"]))
        if known.get(where) != change["check"]:
            moved.append(f"{where}: written for {change['check']!r}, found {known.get(where)!r}")
        found.setdefault(where, {})[change[key]] = change["value"]
    if moved:
        raise ValueError("the reference has changed under these exceptions:\n" + "\n".join(moved))
    return found


def write(path: Path, columns: Sequence[str], records: Sequence[Row]) -> None:
    """Write records as CSV with exactly these columns; an unknown column is an error."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
