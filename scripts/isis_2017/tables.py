"""Our selection tables of `isis-2017`, and the changes they make to single rows of the reference tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from afterfall.importers.case_tables import Row, read_rows
from afterfall.importers.reference_tables import Reference, changes_by_row

HERE = Path(__file__).parent


@cache
def selection(name: str) -> tuple[Row, ...]:
    """Rows of one of our selection tables; read once, never changed."""
    return tuple(read_rows(HERE / f"{name}.csv"))


def exceptions(references: Sequence[Reference]) -> dict[tuple[str, int], Row]:
    """Changes to single rows by (table, row): field and new value; ValueError if a row has moved on."""
    return changes_by_row(selection("exceptions"), references, "field")


def splits(references: Sequence[Reference]) -> dict[tuple[str, int], Row]:
    """Numbers by role that are printed with a total, by (table, row); ValueError if a row has moved on."""
    return changes_by_row(selection("splits"), references, "role")
