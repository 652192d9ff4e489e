"""Every file of the format is present, and there are no others: a misnamed file must not look like an absent one."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, name_problem
from afterfall.case.schema import BY_FILE, COMPANIONS, HEADER_FILE

FILES = (HEADER_FILE, *BY_FILE)


def check(draft: Draft) -> Iterator[Problem]:
    """Yield missing and unknown files."""
    for file in FILES:
        if file not in draft.files:
            yield Problem(file, None, None, "no such file", "a file (with only its header row if there are no records)")
    unknown = draft.files.difference(FILES, COMPANIONS)
    for file in sorted(unknown):
        missing = [f for f in FILES if f not in draft.files]
        yield name_problem(file, missing, "only the files of the format", file=file, row=None, column=None)
