"""Reads one CSV file of a case into records, row by row, and lists every cell that it cannot read."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from afterfall.case.cells import Refusal, Value, parse
from afterfall.case.problems import Problem
from afterfall.case.records import Record, Where
from afterfall.case.schema import Table

SAVE_AS_UTF_8 = "a CSV file in UTF-8 (a spreadsheet may offer it as 'CSV UTF-8')"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as text: its header row, and its other rows with their row numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class TableReading:
    """The result of reading one file: its header row, the names in its first column, its records and its problems.

    `columns` and `names` are None where the file, or the column of names, could not be read. `whole` says whether
    every row gave a record.
    """

    columns: tuple[str, ...] | None
    names: frozenset[str] | None
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    whole: bool


def read_table(content: bytes, table: Table) -> TableReading:
    """Records of a file. A row with an unreadable cell gives no record; its name still counts as known."""
    try:
        sheet = _sheet(content)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _unreadable(table, line, f"a byte {content[error.start]:#04x} that is not UTF-8", SAVE_AS_UTF_8)
    except csv.Error as error:
        return _unreadable(table, None, str(error), "a CSV file with a header row")
    if len(sheet.columns) == 1 and ";" in sheet.columns[0]:
        return _unreadable(table, 1, "a header row with semicolons", "commas between cells")
    names: set[str] = set()
    found: list[Record] = []
    problems: list[Problem] = []
    for number, cells in sheet.rows:
        if len(cells) != len(sheet.columns):
            expected = f"{len(sheet.columns)}, as in the header row (put text with a comma in double quotes)"
            problems.append(Problem(table.file, number, None, f"{len(cells)} cells", expected))
        row = dict(zip(sheet.columns, cells, strict=False))
        names.add(row.get(table.name_column, "").strip())
        if len(cells) != len(sheet.columns):
            continue  # its cells may be in the wrong columns, where they mean nothing
        record, wrong = _record(row, table, number)
        problems += wrong
        if record is not None:
            found.append(record)
    named = frozenset(names - {""}) if table.name_column in sheet.columns else None
    return TableReading(sheet.columns, named, tuple(found), tuple(problems), len(found) == len(sheet.rows))


def _unreadable(table: Table, row: int | None, found: str, expected: str) -> TableReading:
    return TableReading(None, None, (), (Problem(table.file, row, None, found, expected),), whole=False)


def _sheet(content: bytes) -> Sheet:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    header = tuple(cell.strip() for cell in lines[0]) if lines else ()
    rows = tuple((number, tuple(cells)) for number, cells in enumerate(lines[1:], start=2) if any(cells))
    return Sheet(header, rows)


def _record(row: dict[str, str], table: Table, number: int) -> tuple[Record | None, list[Problem]]:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for column in table.columns:
        if column.name not in row and column.omissible:
            values[column.name] = None
            continue
        if column.name not in row:
            continue  # a missing column is one problem of the file, not one per row
        value = parse(row[column.name], column)
        if isinstance(value, Refusal):
            shown = repr(row[column.name]) if row[column.name].strip() else "an empty cell"
            problems.append(Problem(table.file, number, column.name, shown, value.expected, value.nearest))
        else:
            values[column.name] = value
    if len(values) < len(table.columns):
        return None, problems
    arguments: dict[str, Any] = values
    return table.record(**arguments, where=Where(table.file, number)), problems
