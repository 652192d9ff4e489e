"""Dates are in order: nothing is published before it can have happened, and nothing ends before it starts.

Partial dates are read generously: a figure for "2016" that was published in July 2016 is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.dates import PartialDate
from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.records import Covariate, Figure, Prior, Where
from afterfall.case.schema import HEADER_FILE


def check(draft: Draft) -> Iterator[Problem]:
    """Yield pairs of dates in the wrong order."""
    tables = draft.tables
    described: tuple[Figure | Covariate | Prior, ...] = (*tables.figures, *tables.covariates, *tables.priors)
    for record in described:
        yield from _in_order(record.where, "refers_to", record.refers_to, "published", record.published)
    for event in tables.holding_events:
        yield from _in_order(event.where, "date", event.date, "published", event.published)
    for moved in tables.custody_events:
        yield from _in_order(moved.where, "date", moved.date, "published", moved.published)
    for organisation in tables.organisations:
        yield from _in_order(organisation.where, "founded", organisation.founded, "ended", organisation.ended)
        yield from _in_order(organisation.where, "founded", organisation.founded, "became_on", organisation.became_on)
        if bool(organisation.became) != (organisation.became_on is not None):
            found = repr(organisation.became or str(organisation.became_on))
            yield at(organisation.where, "became_on", found, "became and became_on, or neither")
    for campaign in tables.campaigns:
        yield from _in_order(campaign.where, "start", campaign.start, "end", campaign.end)
    for policy in tables.policies:
        yield from _in_order(policy.where, "start", policy.start, "end", policy.end)
    if draft.header is not None and draft.header.mobilisation >= draft.header.as_of:
        found = f"{draft.header.mobilisation}, not before as_of {draft.header.as_of}"
        yield Problem(HEADER_FILE, None, "case.mobilisation", found, "a date before as_of")


def _in_order(
    where: Where | None, first: str, start: PartialDate | None, second: str, end: PartialDate | None
) -> Iterator[Problem]:
    if start is not None and end is not None and start.first_day > end.last_day:
        yield at(where, first, f"{start}, after {second} {end}", f"a date not after {second}")
