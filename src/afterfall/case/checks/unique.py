"""Keys are unique: no key occurs twice in a file, and no id twice in the hindsight ledger."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem
from afterfall.case.schema import HEADER_FILE, TABLES


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the second and later rows of each key."""
    for table in TABLES:
        first: dict[tuple[str, ...], int] = {}
        for record in getattr(draft.tables, table.attribute):
            key = tuple(str(getattr(record, column)) for column in table.key)
            row = record.where.row
            if key in first:
                found = f"{', '.join(repr(k) for k in key)} again, as in row {first[key]}"
                yield Problem(table.file, row, " + ".join(table.key), found, "a key of one row")
            first.setdefault(key, row)
    ledger = [entry.id for entry in draft.header.hindsight] if draft.header else []
    for name in sorted({name for name in ledger if ledger.count(name) > 1}):
        yield Problem(HEADER_FILE, None, "hindsight.id", f"{name!r} again", "an id of one entry")
