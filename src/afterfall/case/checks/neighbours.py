"""No holding is its own neighbour."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at


def check(draft: Draft) -> Iterator[Problem]:
    """Yield holdings listed as near themselves."""
    for pair in draft.tables.neighbours:
        if pair.holding == pair.neighbour:
            yield at(pair.where, "neighbour", repr(pair.neighbour), "another holding")
