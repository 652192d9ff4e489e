"""Tables of gathered figures, changes to single rows of them, and the files that a build needs.

A row of a reference table is known by its table and its spreadsheet row. A change to it repeats the place, number and
date it was written for (`Reference.check`), so a table that has moved on stops the build instead of shifting every
change by one row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from afterfall.importers.case_tables import Row, read_rows


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference row: its table, its spreadsheet row (the header is row 1) and its cells."""

    table: str
    row: int
    cells: Row

    def __getitem__(self, column: str) -> str:
        """A cell without surrounding blanks; empty if there is no such column."""
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
        """What a change must repeat to be applied to this row: place, number and date."""
        return f"{self['iso3'] or self['place'] or self['scope']} {self.low} {self['as_of']}".strip()


def read_reference(folder: Path, table: str) -> list[Reference]:
    """All rows of a table of gathered figures, ``TABLE.csv`` in the folder."""
    return [Reference(table, number, cells) for number, cells in enumerate(read_rows(folder / f"{table}.csv"), 2)]


def changes_by_row(
    changes: Iterable[Row], references: Iterable[Reference], column: str
) -> dict[tuple[str, int], dict[str, str]]:
    """Changes to single rows, by (table, row) and by the value of a column.

    Parameters
    ----------
    changes
        Rows with the columns ``table``, ``row``, ``check``, ``value`` and `column`.
    references
        The rows that may be changed.
    column
        What a change is known by within its row, such as the field it changes.

    Raises
    ------
    ValueError
        If a row is no longer the one that its change was written for; all such rows are listed.
    """
    known = {(r.table, r.row): r.check for r in references}
    found: dict[tuple[str, int], dict[str, str]] = {}
    moved = []
    for change in changes:
        where = (change["table"], int(change["row"]))
        if known.get(where) != change["check"]:
            moved.append(f"{where}: written for {change['check']!r}, found {known.get(where)!r}")
        found.setdefault(where, {})[change[column]] = change["value"]
    if moved:
        raise ValueError("the reference tables have changed under these changes:\n" + "\n".join(moved))
    return found


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a build reads: its path in the folder of reference data, SHA-256, what needs it, and its origin."""

    file: str
    sha256: str
    needed_by: tuple[str, ...]
    origin: str


def read_source_files(path: Path) -> tuple[SourceFile, ...]:
    """The list of source files: a CSV file with the columns file, sha256, needed_by (separated by blanks), origin."""
    return tuple(
        SourceFile(row["file"], row["sha256"], tuple(row["needed_by"].split()), row["origin"])
        for row in read_rows(path)
    )


def missing_sources(folder: Path | None, files: Sequence[SourceFile]) -> list[str]:
    """One message for each file that is absent from the folder, or differs from its checksum; empty if all are there.

    Parameters
    ----------
    folder
        Folder of reference data; None counts as an empty one.
    files
        The files needed.
    """
    return [message for file in files for message in _problem(folder, file)]


def _problem(folder: Path | None, file: SourceFile) -> list[str]:
    path = None if folder is None else folder / file.file
    if path is None or not path.is_file():
        return [f"{file.file}: not found; expected SHA-256 {file.sha256}; origin: {file.origin}"]
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != file.sha256:
        return [f"{file.file}: found SHA-256 {found}; expected {file.sha256}; origin: {file.origin}"]
    return []
