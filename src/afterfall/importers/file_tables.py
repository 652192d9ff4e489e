"""Opens a file of a public data set as a table of texts: CSV, TSV, JSON of an API, or Parquet.

Rows are read when they are asked for, and only the columns asked for, since a file of events has hundreds of thousands.
Row numbers are those of a spreadsheet (the header is row 1); of JSON and Parquet, those of the record (the first is 1).
A row of HXL tags below the header is kept apart (https://hxlstandard.org/standard/1-1final/).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from afterfall.case.problems import Problem
from afterfall.case.table_reading import SAVE_AS_UTF_8, WORKBOOKS

#: Rows in which the header of a file is looked for: some sites put a title and notes above it.
HEADER_WITHIN = 25
#: Keys under which the records of an API's answer stand: UCDP, UNHCR, ACLED.
RECORDS = ("Result", "items", "data")
PARQUET = b"PAR1"

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileTable:
    """A file as a table.

    Attributes
    ----------
    file
        Its name.
    columns
        Names in its header row.
    tags
        HXL tag of each column; empty where the file has no row of tags.
    below
        Number of the row after which its rows begin, and how they are read.
    """

    file: str
    columns: tuple[str, ...]
    tags: tuple[str, ...] = ()
    below: Callable[[], Iterator[tuple[int, Sequence[str]]]] = field(default=lambda: iter(()), repr=False)

    def rows(self, wanted: Iterable[str] | None = None) -> Iterator[tuple[int, dict[str, str]]]:
        """Numbers and cells of the rows that are not empty, of the columns wanted; blanks around a cell are removed."""
        names = set(self.columns if wanted is None else wanted)
        at = {name: i for i, name in enumerate(self.columns) if name in names}
        for number, cells in self.below():
            if any(cells):
                yield number, {name: cells[i].strip() if i < len(cells) else "" for name, i in at.items()}


class UnreadableFile(ValueError):
    """A file that is no table of any form that is read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def open_file_table(
    path: Path, is_header: Callable[[Sequence[str]], bool], without_header: Sequence[str] = ()
) -> FileTable:
    """Open a file as a table.

    Parameters
    ----------
    path
        The file: JSON by its first sign, Parquet and workbooks by their first bytes, else CSV, or TSV by its header.
    is_header
        Whether a row is the header; the first of `HEADER_WITHIN` rows of which this is so. Without one the first row is
        the header, so that its columns can be reported.
    without_header
        Columns of a file that has no header, and rows of so many cells that begin with a number.

    Raises
    ------
    OSError
        If the file cannot be read.
    UnreadableFile
        If it is a workbook, not UTF-8, not well-formed, or empty.
    """
    with path.open("rb") as handle:
        start = handle.read(64)
    for signature, kind in WORKBOOKS.items():
        if start.startswith(signature):
            raise _unreadable(path, None, kind, f"{SAVE_AS_UTF_8}: one sheet, saved as CSV")
    if start.startswith(PARQUET):
        return _parquet(path)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _json(path)
    return _separated(path, is_header, without_header)


def _unreadable(path: Path, row: int | None, found: str, expected: str) -> UnreadableFile:
    return UnreadableFile(Problem(path.name, row, None, found, expected))


def _separated(path: Path, is_header: Callable[[Sequence[str]], bool], without_header: Sequence[str]) -> FileTable:
    separator = _separator(path)
    head: list[Sequence[str]] = []
    for _, cells in zip(range(HEADER_WITHIN), _lines(path, separator), strict=False):
        head.append([cell.strip() for cell in cells])
    if not any(any(cells) for cells in head):
        raise _unreadable(path, None, "no rows", "a table with a header row")
    at = next((i for i, cells in enumerate(head) if is_header(cells)), None)
    if at is None and without_header and len(head[0]) == len(without_header) and head[0][0].isdecimal():
        return FileTable(path.name, tuple(without_header), (), lambda: enumerate(_lines(path, separator), 1))
    at = at or 0
    tags = tuple(head[at + 1]) if at + 1 < len(head) and are_tags(head[at + 1]) else ()
    first = at + 1 + bool(tags)

    def below() -> Iterator[tuple[int, Sequence[str]]]:
        return ((n, cells) for n, cells in enumerate(_lines(path, separator), 1) if n > first)

    return FileTable(path.name, tuple(head[at]), tags, below)


def are_tags(cells: Sequence[str]) -> bool:
    """Whether a row is one of HXL tags: every cell that is not empty begins with a number sign.

    >>> are_tags(["#country+code", "", "#date+year"]), are_tags(["SYR", "#1"])
    (True, False)
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 1 and all(cell.startswith("#") for cell in filled)


def _separator(path: Path) -> str:
    """Tabs where the first line has some outside of quotes; else semicolons if it has no comma; else commas."""
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        line = handle.readline()
    return "\t" if "\t" in line else ";" if ";" in line and "," not in line else ","


def _lines(path: Path, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(1_000_000)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, delimiter=separator, strict=True)
        try:
            yield from reader
        except UnicodeDecodeError as error:
            found = f"a byte {error.object[error.start]:#04x} that is not UTF-8"
            raise _unreadable(path, reader.line_num + 1, found, SAVE_AS_UTF_8) from error
        except csv.Error as error:
            raise _unreadable(path, reader.line_num, str(error), "a CSV file with a header row") from error


def _json(path: Path) -> FileTable:
    """Records of an API's answer: one page, or a list of pages or records. A page of several is refused by itself."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise _unreadable(path, None, f"JSON that cannot be read ({error})", "the whole answer of the API") from error
    pages = content if isinstance(content, list) else [content]
    if not all(isinstance(page, dict) for page in pages):
        raise _unreadable(path, None, "JSON of another form", "an object, or a list of objects")
    found = [record for page in pages for record in _records(page)]
    expected = max((_pages(page) for page in pages), default=1)
    if expected > len(pages) and any(key in pages[0] for key in RECORDS):
        hint = f"all {expected:,} pages in one list: [page, page, ...]"
        raise _unreadable(path, None, f"{len(pages):,} of {expected:,} pages of the answer", hint)
    if not found:
        raise _unreadable(path, None, "JSON without records", f"records under one of the keys {', '.join(RECORDS)}")
    columns = tuple(dict.fromkeys(name for record in found for name in record))
    return FileTable(path.name, columns, (), lambda: ((n, _texts(r, columns)) for n, r in enumerate(found, 1)))


def _records(page: dict[str, Any]) -> list[dict[str, Any]]:
    for key in RECORDS:
        if isinstance(page.get(key), list):
            return [record for record in page[key] if isinstance(record, dict)]
    return [page] if "id" in page or "event_id_cnty" in page or "coo_iso" in page else []


def _pages(page: dict[str, Any]) -> int:
    """How many pages an answer says that it has (UCDP: TotalPages; UNHCR: maxPages)."""
    found = page.get("TotalPages", page.get("maxPages", 1))
    return found if isinstance(found, int) else 1


def _parquet(path: Path) -> FileTable:
    import pandas as pd

    try:
        table = pd.read_parquet(path)
    except (ValueError, TypeError) as error:
        raise _unreadable(path, None, str(error), "a whole Parquet file") from error
    if any(table.index.names):
        table = table.reset_index()
    columns = tuple(map(str, table.columns))
    records = table.to_numpy(object)
    return FileTable(path.name, columns, (), lambda: ((n, list(map(_text, r))) for n, r in enumerate(records, 1)))


def _texts(record: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    return [_text(record.get(name)) for name in columns]


def _text(value: Any) -> str:
    """A value as a cell of a CSV file has it: nothing for what is missing, whole numbers without a fraction."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
