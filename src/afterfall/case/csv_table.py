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
#: First bytes of files that are no CSV, whatever their name says.
WORKBOOKS = {
    b"PK\x03\x04": "an Excel or LibreOffice workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
#: Rows that are read of one file.
MOST_ROWS = 200_000


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
    for signature, kind in WORKBOOKS.items():
        if content.startswith(signature):
            return _unreadable(table, None, kind, SAVE_AS_UTF_8)
    try:
        sheet = _sheet(content)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _unreadable(table, line, f"a byte {content[error.start]:#04x} that is not UTF-8", SAVE_AS_UTF_8)
    except csv.Error as error:
        return _unreadable(table, None, str(error), "a CSV file with a header row")
    cause = _cause(sheet, table)
    if cause is not None:
        return cause
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


def _cause(sheet: Sheet, table: Table) -> TableReading | None:
    """The one cause behind a file that would otherwise give a problem in every row."""
    causes = (_separator(sheet), _too_long(sheet), _title(sheet, table), _tags(sheet), _extra_cells(sheet))
    found = next((cause for cause in causes if cause is not None), None)
    return None if found is None else _unreadable(table, *found)


#: A row (None for the whole file), what was found, and what was expected.
Cause = tuple[int | None, str, str]


def _separator(sheet: Sheet) -> Cause | None:
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(sheet.columns) == 1 and sign in sheet.columns[0]:
            return 1, f"a header row with {name} between cells", "commas between cells"
    return None


def _too_long(sheet: Sheet) -> Cause | None:
    rows = len(sheet.rows)
    return (None, f"{rows:,} rows", f"at most {MOST_ROWS:,} rows") if rows > MOST_ROWS else None


def _title(sheet: Sheet, table: Table) -> Cause | None:
    """A title above the header row."""
    known = {column.name for column in table.columns}
    if known & set(sheet.columns):
        return None
    for number, cells in sheet.rows[:10]:
        if len(known & {cell.strip() for cell in cells}) >= min(3, len(known)):
            return 1, f"the header row in row {number}", "the header row first: delete the rows above it"
    return None


def _tags(sheet: Sheet) -> Cause | None:
    """A row of HXL hashtags, as humanitarian data sets have it below the header row."""
    if sheet.rows and all(cell.strip().startswith("#") or not cell.strip() for cell in sheet.rows[0][1]):
        return sheet.rows[0][0], "a row of HXL tags", "rows of data: delete the row of tags"
    return None


def _extra_cells(sheet: Sheet) -> Cause | None:
    """Empty columns at the right, with or without cells in the header row."""
    named = len(sheet.columns)
    while named and not sheet.columns[named - 1]:
        named -= 1
    widest = max((len(cells) for _, cells in sheet.rows), default=named)
    spare = max(widest, len(sheet.columns)) - named
    every = all(len(cells) > named for _, cells in sheet.rows)
    if spare and every and not any(cell.strip() for _, cells in sheet.rows for cell in cells[named:]):
        columns = "an empty column" if spare == 1 else f"{spare} empty columns"
        return 1, f"{columns} after {sheet.columns[named - 1]!r}", "no cells after it: delete what is empty"
    return None


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
