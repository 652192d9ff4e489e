"""Every holding has a population: the share of territory that is lost with it is weighed by people."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at


def check(draft: Draft) -> Iterator[Problem]:
    """Yield holdings of the core without a population."""
    if draft.header is None:
        return
    for holding in draft.tables.holdings:
        if holding.population is None and holding.organisation == draft.header.core:
            yield at(holding.where, "population", "an empty cell", "the number of people who live there, an estimate")
