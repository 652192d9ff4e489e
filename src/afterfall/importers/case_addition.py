"""Adds imported rows to a case of one's own: nothing there changes, and the case is checked before it is written.

Rows are appended to the files. A row that the case has already, cell by cell, is not written twice, so that an import
can be repeated. A row of the same name with other cells is a problem: a revised number is another vintage, not a
correction.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from afterfall.case import CaseError, read_case
from afterfall.case.problems import Problem
from afterfall.case.schema import BY_ATTRIBUTE, Attribute, Table
from afterfall.importers.case_tables import Row, case_columns, read_rows
from afterfall.importers.imported import ImportedData, ImportProblems
from afterfall.run.atomic_files import write_whole

#: Order in which files are written: what others refer to comes first, so that a case is whole after each of them.
ORDER: tuple[Attribute, ...] = ("sources", "figures", "covariates")


@dataclass(frozen=True, slots=True)
class Addition:
    """How many rows were added to a file of a case, and how many it had already."""

    file: str
    added: int
    already: int


def add_to_case(found: ImportedData, folder: Path) -> tuple[Addition, ...]:
    """Add imported rows to the files of a case.

    Raises
    ------
    ImportProblems
        If a row of the same name has other cells, or the case with the rows has a problem; nothing is written then.
    OSError
        If the case cannot be read or written.
    """
    contents: dict[str, bytes] = {}
    additions, problems = [], []
    for attribute in ORDER:
        if attribute not in found.tables:
            continue
        table, path = BY_ATTRIBUTE[attribute], folder / BY_ATTRIBUTE[attribute].file
        new, wrong = _new_rows(found.tables[attribute], read_rows(path), table, found)
        problems += wrong
        additions.append(Addition(table.file, len(new), len(found.tables[attribute]) - len(new)))
        if new:
            contents[table.file] = _appended(path, new)
    if problems:
        raise ImportProblems(found.path.name, problems)
    _check(found, folder, contents)
    for file, content in contents.items():
        write_whole(folder / file, content)
    return tuple(additions)


def _new_rows(
    rows: Sequence[Row], there: Sequence[Row], table: Table, found: ImportedData
) -> tuple[list[Row], list[Problem]]:
    """Rows that the file does not have yet, and a problem for each that it has with other cells."""
    known = {tuple(row.get(column, "") for column in table.key): row for row in there}
    new, problems = [], []
    for row in rows:
        name = tuple(row.get(column, "") for column in table.key)
        if name not in known:
            new.append(row)
            continue
        differ = [c for c in case_columns(table.attribute) if (known[name].get(c) or "") != row.get(c, "")]
        if differ:
            cells = ", ".join(f"{c} {known[name].get(c, '')!r} (here {row.get(c, '')!r})" for c in differ)
            expected = f"the same row, or another vintage (found in {found.path.name})"
            problems.append(Problem(table.file, None, " + ".join(name), cells, expected))
    return new, problems


def _appended(path: Path, rows: Sequence[Row]) -> bytes:
    """The content of a file with rows at its end, in the columns that its header has."""
    content = path.read_bytes()
    with path.open(encoding="utf-8-sig", newline="") as handle:
        header = [cell.strip() for cell in next(csv.reader(handle))]
    text = io.StringIO(newline="")
    ending = "\r\n" if b"\r\n" in content else "\n"
    writer = csv.DictWriter(text, header, restval="", extrasaction="ignore", lineterminator=ending)
    writer.writerows(rows)
    gap = b"" if content.endswith(b"\n") else ending.encode()
    return content + gap + text.getvalue().encode()


def _check(found: ImportedData, folder: Path, contents: dict[str, bytes]) -> None:
    """Read a copy of the case with the new files, and report what is wrong with it."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / folder.name
        shutil.copytree(folder, copy)
        for file, content in contents.items():
            (copy / file).write_bytes(content)
        try:
            read_case(copy)
        except CaseError as wrong:
            raise ImportProblems(f"{found.path.name} into {folder}", wrong.problems) from wrong
