"""No row is public before what it refers to, and no holding before its first capture.

The as-of cut drops what was published later. A figure about a place that the case lists only from a later date would be
dropped with the place. A holding listed before its capture would look as if it had always been held. Both are refused
here, so that nothing is dropped or misread silently. Covariates are exempt, since they are vintages of their own. So
are the countries of organisations, holdings and policies, which are known at any date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.schema import BY_ATTRIBUTE, Attribute

#: Columns of dated rows that refer to a dated row.
NAMING: tuple[tuple[Attribute, str], ...] = (
    ("holdings", "organisation"),
    ("holding_events", "holding"),
    ("campaigns", "holding"),
    ("custody_events", "from_custodian"),
    ("custody_events", "to_custodian"),
    ("figures", "place"),
    ("figures", "organisation"),
)


def check(draft: Draft) -> Iterator[Problem]:
    """Yield rows that are public before what they refer to."""
    for attribute, column in NAMING:
        yield from _early(draft, attribute, column)
    yield from _before_capture(draft)


def _first_public(draft: Draft, attribute: Attribute) -> dict[str, dt.date]:
    """Day from which each name in a table is public."""
    table = BY_ATTRIBUTE[attribute]
    days: dict[str, dt.date] = {}
    for record in getattr(draft.tables, attribute):
        name, day = getattr(record, table.name_column), record.published.last_day
        days[name] = min(day, days.get(name, day))
    return days


def _early(draft: Draft, attribute: Attribute, column: str) -> Iterator[Problem]:
    refers = next(c.refers for c in BY_ATTRIBUTE[attribute].columns if c.name == column)
    assert refers is not None, "a column that names a row refers to a table"
    public = _first_public(draft, refers)
    for record in getattr(draft.tables, attribute):
        name = getattr(record, column)
        if name in public and record.published.last_day < public[name]:
            found = f"{record.published}, before {column} {name!r} is public on {public[name]}"
            yield at(record.where, "published", found, f"a date from {public[name]}")


def _before_capture(draft: Draft) -> Iterator[Problem]:
    first: dict[str, dt.date] = {}
    for event in draft.tables.holding_events:
        if event.event == "captured":
            day = max(event.date.last_day, event.published.last_day)
            first[event.holding] = min(day, first.get(event.holding, day))
    for holding in draft.tables.holdings:
        if holding.holding in first and holding.published.last_day < first[holding.holding]:
            day = first[holding.holding]
            yield at(
                holding.where,
                "published",
                f"{holding.published}, before its capture is public on {day}",
                f"a date from {day}",
            )
