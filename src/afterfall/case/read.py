"""Reads a folder into a case: every file, then every check, and one report of all problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from afterfall.case.case import Case, CaseTables
from afterfall.case.checks import run_checks
from afterfall.case.draft import Draft
from afterfall.case.folder import read_folder
from afterfall.case.header import read_header
from afterfall.case.problems import CaseError, Problem
from afterfall.case.schema import BY_FILE, HEADER_FILE, TABLES, Attribute
from afterfall.case.table_reading import TableReading, read_table


def read_case(folder: Traversable | str, *, instead: Mapping[str, bytes] | None = None) -> Case:
    """Read and check a whole case folder, without dropping anything.

    Parameters
    ----------
    folder
        Path of the folder (a `Path`, text, or a folder of package resources).
    instead
        Contents that are read instead of those of files of these names, such as what is about to be written.

    Returns
    -------
    Case
        The case as written, including everything published after its as-of date. Use `cut` before forecasting.

    Raises
    ------
    CaseError
        If anything is wrong with the folder; the message lists every problem with file, row and column.
    """
    root = Path(folder) if isinstance(folder, str) else folder
    draft, problems = _draft(root, instead or {})
    problems += run_checks(draft)
    if problems or draft.header is None:
        raise CaseError(str(root), sorted(problems, key=_position))
    return _case(draft)


def _draft(root: Traversable, instead: Mapping[str, bytes]) -> tuple[Draft, list[Problem]]:
    if not root.is_dir():
        raise CaseError(str(root), [Problem(str(root), None, None, "no folder", "the folder of a case")])
    folder = read_folder(root, frozenset({HEADER_FILE, *BY_FILE}))
    problems = list(folder.problems)
    contents = {**folder.contents, **instead}
    header = None
    if HEADER_FILE in contents:
        header, faults = read_header(contents[HEADER_FILE])
        problems += faults
    readings: dict[Attribute, TableReading] = {}
    for table in TABLES:
        if table.file in contents:
            readings[table.attribute] = read_table(contents[table.file], table)
            problems += readings[table.attribute].problems
    draft = Draft(
        files=folder.names.union(instead),
        strays=folder.strays,
        columns={a: r.columns for a, r in readings.items() if r.columns is not None},
        names={a: r.names for a, r in readings.items() if r.names is not None},
        whole=frozenset(a for a, r in readings.items() if r.whole),
        header=header,
        tables=_tables(readings),
    )
    return draft, problems


def _tables(readings: dict[Attribute, TableReading]) -> CaseTables:
    records: dict[str, Any] = {attribute: reading.records for attribute, reading in readings.items()}
    return CaseTables(**records)


def _case(draft: Draft) -> Case:
    assert draft.header is not None, "a case without problems has a header"
    parts: dict[str, Any] = {f.name: getattr(p, f.name) for p in (draft.header, draft.tables) for f in fields(p)}
    return Case(**parts, strays=draft.strays)


def _position(problem: Problem) -> tuple[int, str, int, str]:
    """Problems in the order of the files, then of rows."""
    order = [HEADER_FILE, *BY_FILE]
    index = order.index(problem.file) if problem.file in order else -1
    return index, problem.file, problem.row or 0, problem.column or ""
