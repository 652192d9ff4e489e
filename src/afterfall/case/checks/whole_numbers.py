"""Counts are whole numbers: people, attacks and deaths do not come in fractions.

The column `value` may be the midpoint of `low` and `high`, as "20 to 25" gives 22.5. In a count such as 1.450 the point
is most often a thousands separator of another language: read as a decimal point it makes 1,450 people one and a half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.records import Figure
from afterfall.case.schema import MEASURES, SHARES

LOOKS_GROUPED = re.compile(r"\d{1,3}\.\d{1,3}")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield counts that are no whole numbers."""
    for figure in draft.tables.figures:
        if figure.quantity in SHARES | MEASURES or figure.basis == "share":
            continue
        for column in ("low", "value", "high"):
            number = getattr(figure, column)
            if number != int(number) and not (column == "value" and _is_midpoint(figure)):
                yield at(figure.where, column, f"{number:g}", _expected(number))


def _is_midpoint(figure: Figure) -> bool:
    return figure.low < figure.high and 2.0 * figure.value == figure.low + figure.high


def _expected(number: float) -> str:
    whole = f"{number:g}"
    if LOOKS_GROUPED.fullmatch(whole):
        return f"a whole number ({round(number * 1000)} if the point separates thousands)"
    return "a whole number"
