"""Figures are ranges around their value, and shares are at most 1."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.schema import SHARES


def check(draft: Draft) -> Iterator[Problem]:
    """Yield figures whose numbers are out of order or out of range."""
    for figure in draft.tables.figures:
        if not figure.low <= figure.value <= figure.high:
            found = f"{figure.low:g}, {figure.value:g}, {figure.high:g}"
            yield at(figure.where, "value", found, "low <= value <= high")
        if (figure.quantity in SHARES or figure.basis == "share") and figure.high > 1:
            yield at(figure.where, "high", f"{figure.high:g}", "a share, at most 1 (0.3 for 30 %)")
