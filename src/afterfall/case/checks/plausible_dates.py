"""Dates lie in the span that a case can speak of, and nothing was published after today.

A slip of the keyboard (2051 for 2015) would otherwise drop a row from every forecast without a word, or date a figure
to a century in which nobody travelled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations

from afterfall.case.dates import PartialDate
from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.records import Where
from afterfall.case.schema import HEADER_FILE, TABLES

#: Years before the mobilisation that facts of a case may go back, and years after its as-of date that they may reach.
BEFORE, AFTER = 50, 30
#: Columns of dates, and whether they may lie ahead of today (the planned end of a policy).
MAY_LIE_AHEAD = {"end": True}
DATES = ("published", "refers_to", "date", "start", "end", "founded", "ended", "became_on")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield dates outside the case's span, with the nearest sensible year."""
    if draft.header is None:
        return
    today = dt.datetime.now(dt.UTC).date()
    first = max(draft.header.mobilisation.year - BEFORE, 1)
    last = draft.header.as_of.year + AFTER
    if draft.header.as_of > today:
        expected = f"a date not after today, {today}"
        yield Problem(HEADER_FILE, None, "case.as_of", str(draft.header.as_of), expected)
    for table in TABLES:
        columns = [c.name for c in table.columns if c.name in DATES]
        for record in getattr(draft.tables, table.attribute):
            for column in columns:
                date = getattr(record, column)
                if date is not None:
                    latest = last if column in MAY_LIE_AHEAD else min(last, today.year)
                    yield from _outside(record.where, column, date, first, latest)


def _outside(where: Where | None, column: str, date: PartialDate, first: int, last: int) -> Iterator[Problem]:
    year = date.first_day.year
    if first <= year <= last:
        return
    near = nearest_year(year, first, last)
    hint = "" if near is None else f" (did you mean {near}{date.text[4:]}?)"
    yield at(where, column, str(date), f"a date from {first} to {last}{hint}")


def nearest_year(year: int, first: int, last: int) -> int | None:
    """The year of a span that two swapped digits, or one wrong digit, would make of another; the latest first.

    >>> nearest_year(2051, 1963, 2026)
    2015
    >>> nearest_year(1015, 1963, 2026)
    2015
    """
    digits = list(f"{year:04d}")
    swapped = []
    for i, j in combinations(range(4), 2):
        other = digits.copy()
        other[i], other[j] = other[j], other[i]
        swapped.append(int("".join(other)))
    wrong = [int("".join([*digits[:i], digit, *digits[i + 1 :]])) for i in range(4) for digit in "0123456789"]
    for candidates in (swapped, wrong):
        inside = [candidate for candidate in candidates if first <= candidate <= last]
        if inside:
            return max(inside)
    return None
