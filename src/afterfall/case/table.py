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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as text: its header row, and its other rows with their numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class TableReading:
    """What one file gave: its header row, the names in its first column, its records, and what is wrong.

    `columns` and `names` are None where the file, or the column of names, could not be read at all; `whole` says
    whether every row gave a record.
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
    except (UnicodeDecodeError, csv.Error) as error:
        problem = Problem(table.file, None, None, str(error), "a CSV file in UTF-8 with a header row")
        return TableReading(None, None, (), (problem,), whole=False)
    names: set[str] = set()
    found: list[Record] = []
    problems: list[Problem] = []
    for number, cells in sheet.rows:
        if len(cells) != len(sheet.columns):
            problems.append(
                Problem(table.file, number, None, f"{len(cells)} cells", f"{len(sheet.columns)}, as in the header row")
            )
        row = dict(zip(sheet.columns, cells, strict=False))
        names.add(row.get(table.name_column, "").strip())
        record, wrong = _record(row, table, number)
        problems += wrong
        if record is not None and len(cells) == len(sheet.columns):
            found.append(record)
    named = frozenset(names - {""}) if table.name_column in sheet.columns else None
    return TableReading(sheet.columns, named, tuple(found), tuple(problems), len(found) == len(sheet.rows))


def _sheet(content: bytes) -> Sheet:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    header = tuple(cell.strip() for cell in lines[0]) if lines else ()
    rows = tuple((number, tuple(cells)) for number, cells in enumerate(lines[1:], start=2) if any(cells))
    return Sheet(header, rows)


def _record(row: dict[str, str], table: Table, number: int) -> tuple[Record | None, list[Problem]]:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for column in table.columns:
        if column.name not in row:
            continue  # a missing column is one problem of the file, not one of every row
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
