"""A file of figures as a sheet of text, whatever signs a spreadsheet put between cells and however it coded letters.

Read are commas, semicolons, tabs or bars between cells, UTF-8 with or without a mark at its start, and UTF-16 with one.
The header row decides on the sign between cells. A file in another coding is refused with the line of the first byte
that cannot be read: letters of several codings share their bytes, so that a name would be guessed.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from afterfall.case.problems import Problem
from afterfall.case.table_reading import MOST_ROWS, SAVE_AS_UTF_8, WORKBOOKS

#: Signs between cells, with their names.
BETWEEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class LooseSheet:
    """A file as text.

    Attributes
    ----------
    file
        Its name.
    columns
        The header row.
    rows
        The other rows that are not empty, each with its number in a spreadsheet.
    notes
        What was read in another form than that of a case.
    problems
        Why it cannot be read, or rows of another length; `columns` and `rows` are then those that could be read.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_loose(content: bytes, file: str) -> LooseSheet:
    """The sheet in the bytes of a file of this name."""
    text, notes, problem = _decoded(content, file)
    if problem is not None:
        return LooseSheet(file, (), (), (), (problem,))
    first = next((line for line in text.splitlines() if line.strip()), "")
    sign = max(BETWEEN, key=lambda one: (first.count(one), one == ","))
    if sign != ",":
        notes.append(f"read with {BETWEEN[sign]} between cells")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))
    except csv.Error as error:
        expected = "a CSV file with a header row"
        return LooseSheet(file, (), (), (), (Problem(file, None, None, str(error), expected),))
    return _sheet(lines, file, notes)


def _sheet(lines: list[list[str]], file: str, notes: list[str]) -> LooseSheet:
    """The header row and the others, without empty columns at the right."""
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(lines, start=1) if any(cells)]
    filled = [(number, cells) for number, cells in filled if any(cells)]
    if len(filled) < 2:
        found = "an empty file" if not filled else "no row below the header row"
        return LooseSheet(file, (), (), (), (Problem(file, None, None, found, "a header row and rows of figures"),))
    if len(filled) > MOST_ROWS:
        found = f"{len(filled):,} rows"
        return LooseSheet(file, (), (), (), (Problem(file, None, None, found, f"at most {MOST_ROWS:,} rows"),))
    header, rows = filled[0][1], filled[1:]
    while header and not header[-1]:
        header.pop()
    problems = []
    kept = []
    for number, cells in rows:
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        if len(cells) != len(header):
            expected = f"{len(header)}, as in the header row (put text with the sign between cells in double quotes)"
            problems.append(Problem(file, number, None, f"{len(cells)} cells", expected))
        else:
            kept.append((number, tuple(cells)))
    return LooseSheet(file, tuple(header), tuple(kept), tuple(notes), tuple(problems))


def _decoded(content: bytes, file: str) -> tuple[str, list[str], Problem | None]:
    """The text of a file, what is to be noted, and why it cannot be read."""
    coding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    kind = next((kind for signature, kind in WORKBOOKS.items() if content.startswith(signature)), "")
    if kind and coding != "utf-16":
        return "", [], Problem(file, None, None, kind, SAVE_AS_UTF_8)
    try:
        text = content.decode(coding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"a byte {content[error.start]:#04x} that is not {coding.removesuffix('-sig').upper()}"
        return "", [], Problem(file, line, None, found, SAVE_AS_UTF_8)
    marks = {"utf-8-sig": ["read past the mark at the start of the file (BOM)"], "utf-16": ["read as UTF-16"]}
    return text, list(marks.get(coding, [])), None
