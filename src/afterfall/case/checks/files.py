"""Every file of the format is present (but for optional ones), and there are no others.

A misnamed file must not look like an absent one.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, name_problem
from afterfall.case.schema import BY_FILE, COMPANIONS, HEADER_FILE, TABLES

FILES = (HEADER_FILE, *BY_FILE)
OPTIONAL = frozenset(table.file for table in TABLES if table.optional)


def check(draft: Draft) -> Iterator[Problem]:
    """Yield missing and unknown files."""
    for file in FILES:
        if file not in draft.files and file not in OPTIONAL:
            yield Problem(file, None, None, "no such file", "a file (with only its header row if there are no records)")
    unknown = draft.files.difference(FILES, COMPANIONS)
    for file in sorted(unknown):
        missing = [f for f in FILES if f not in draft.files]
        yield name_problem(file, missing, "only the files of the format", file=file, row=None, column=None)
