"""Each file has all its columns (except omissible ones), each once, and no others."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, name_problem
from afterfall.case.schema import BY_ATTRIBUTE


def check(draft: Draft) -> Iterator[Problem]:
    """Yield missing, unknown and repeated columns."""
    for attribute, found in draft.columns.items():
        table = BY_ATTRIBUTE[attribute]
        expected = [c.name for c in table.columns]
        missing = [name for name in expected if name not in found]
        for name in (c.name for c in table.columns if c.name in missing and not c.omissible):
            yield Problem(table.file, 1, name, "no such column", f"the columns {', '.join(expected)}")
        for name in dict.fromkeys(found):
            if name not in expected:
                yield name_problem(name, missing, "only the columns of the format", file=table.file, row=1, column=name)
            elif found.count(name) > 1:
                yield Problem(table.file, 1, name, f"the column {found.count(name)} times", "each column once")
