"""Counts of people held, less those whom their origin has taken home since, where custody events are recorded.

People repatriated after a count are no longer held. The count is lowered by their share in it, and half of the log of
that is added to its error:

- those taken home are counted by running totals (read between two of them on a straight line), or operation by
  operation, whichever says more; of everyone, or of each role added up, whichever says more;
- a count of women or of minors is lowered by those of the role, where they were counted, else by the part of all taken
  home that the role usually has among those held (of all counts of the case that give women and minors together). So is
  one of adults, by its women. Counts of men stay: few men were taken home;
- a count of everyone is lowered by all, against the largest count of everyone within half a year of it.

At least `LEAST_LEFT` of a count is left. A repatriated total is a lower bound of the returned. Counts of the returned
from before people were repatriated gain those taken home since, and are read as of the as-of date (`with_repatriated`).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

from afterfall.case import Figure, PartialDate
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.custody_events import has_events

#: The least share of a count that is still held after repatriations.
LEAST_LEFT = 0.05
#: Months within which two counts are of one time.
SAME_TIME = 6
HELD = ("detained", "camp_population")
FAMILY_DEFINITION = "women_and_children"


def log_left(view: CaseView, figure: Figure) -> float:
    """Log of the share of a count that is left after repatriations."""
    return math.log(left_after_repatriations(view, figure))


def left_after_repatriations(view: CaseView, figure: Figure) -> float:
    """Share of those whom a count is of who were not repatriated since; one for counts of men."""
    if not has_events(view) or figure.role in ("man", "fighter") or figure.value <= 0.0:
        return 1.0
    whole = figure.value
    if not figure.role:
        whole = max((whole, *(f.value for f in _same_time(view, figure) if not f.role)))
    return max(1.0 - taken_home(view, figure) / whole, LEAST_LEFT)


def taken_home(view: CaseView, figure: Figure) -> float:
    """People of the role of a count repatriated since."""
    role = "woman" if figure.role == "adult" else figure.role
    if not role:
        return repatriated_since(view, figure)
    if _counted_since(view, figure, role):
        return repatriated_since(view, figure, role)
    return repatriated_since(view, figure) * part_of_role(view, role)


def _counted_since(view: CaseView, figure: Figure, role: str) -> bool:
    """Whether counts say how many of a role were repatriated after a count: operations, or totals around it.

    None is an answer too. A later total below an earlier one contradicts it, and says nothing.
    """
    rows = [f for f in view.case.figures_of("repatriated", place=figure.place) if f.role == role]
    later = [f for f in rows if f.refers_to.last_day > figure.refers_to.last_day]
    before = [f.value for f in rows if f.basis == "cumulative" and f not in later]
    so_far = max(before, default=math.inf)
    return any(f.basis == "operation" or (f.basis == "cumulative" and f.value >= so_far) for f in later)


def _same_time(view: CaseView, figure: Figure) -> list[Figure]:
    month = view.month_of(figure.refers_to.last_day)
    rows = (f for q in HELD for f in view.case.figures_of(q, place=figure.place))
    return [f for f in rows if abs(view.month_of(f.refers_to.last_day) - month) <= SAME_TIME]


def part_of_role(view: CaseView, role: str) -> float:
    """Part of women, or of minors, among both, in all counts of people held that give the two for one day."""
    people = {"woman": 0.0, "minor": 0.0}
    by_count: dict[tuple[str, ...], dict[str, float]] = {}
    for figure in (f for q in HELD for f in view.case.figures_of(q)):
        if figure.role in people:
            key = (figure.quantity, figure.place, figure.definition, figure.report_family, figure.refers_to.text)
            by_count.setdefault(key, {})[figure.role] = figure.value
    for both in by_count.values():
        if len(both) == len(people):
            people = {one: people[one] + both[one] for one in people}
    whole = sum(people.values())
    return people[role] / whole if whole > 0.0 else 0.5


def repatriated_since(view: CaseView, figure: Figure, role: str | None = None) -> float:
    """People of an origin, of one role or of all, repatriated after the day of a count."""
    rows = view.case.figures_of("repatriated", place=figure.place)
    day = figure.refers_to.last_day
    return repatriated_after(rows, day) if role is None else _since([f for f in rows if f.role == role], day)


def repatriated_after(rows: Sequence[Figure], day: dt.date) -> float:
    """People repatriated after a day: by counts of everyone, or of each role added up, whichever says more."""
    since = {role: _since([f for f in rows if f.role == role], day) for role in {f.role for f in rows}}
    return max(since.pop("", 0.0), sum(since.values()))


def _since(rows: Sequence[Figure], day: dt.date) -> float:
    """People repatriated after a day by counts of one role: the growth of running totals, or the operations."""
    operations: dict[str, float] = {}
    for f in rows:
        if f.basis == "operation" and f.refers_to.last_day > day:
            month = f.refers_to.text[:7]
            operations[month] = max(operations.get(month, 0.0), f.value)
    return max(_growth([f for f in rows if f.basis == "cumulative"], day), sum(operations.values()))


def _growth(totals: Sequence[Figure], day: dt.date) -> float:
    """Growth of running totals after a day; zero where none is of the day or before."""
    before = [f for f in totals if f.refers_to.last_day <= day]
    after = [f for f in totals if f.refers_to.last_day > day]
    if not before or not after:
        return 0.0
    start = max(before, key=lambda f: (f.value, f.refers_to.last_day))
    following = sorted((f for f in after if f.value >= start.value), key=lambda f: f.refers_to.last_day)
    if not following:
        return 0.0
    span = (following[0].refers_to.last_day - start.refers_to.last_day).days
    passed = (day - start.refers_to.last_day).days / span
    by_then = start.value + (following[0].value - start.value) * passed
    return max(f.value for f in after) - by_then


def repatriated_bound(view: CaseView, origin: str) -> Figure | None:
    """The largest running total of an origin's repatriated, as a lower bound of those who returned.

    A total of one role is one of everyone too.
    """
    if not has_events(view):
        return None
    rows = [f for f in view.case.figures_of("repatriated", place=origin) if f.basis == "cumulative"]
    rows = [f for f in rows if f.counts_people or f.definition == FAMILY_DEFINITION]
    largest = max(rows, key=lambda f: (f.value, f.refers_to.last_day, f.figure), default=None)
    return None if largest is None else replace(largest, quantity="returned", role="", bound="at_least", definition="")


def with_repatriated(view: CaseView, figures: Sequence[Figure]) -> list[Figure]:
    """Counts of the returned of one origin with those repatriated since, as of the as-of date.

    The history knows no operation of any one country, so that the growth it expects after a count leaves them out.
    Where nobody was repatriated after any of the counts, they stay as they are. Bounds stay too.
    """
    since = [repatriated_since(view, f) if has_events(view) and not f.bound else 0.0 for f in figures]
    if not any(since):
        return list(figures)
    today = PartialDate(view.case.as_of.isoformat())
    return [
        f if f.bound else replace(f, value=f.value + n, low=f.low + n, high=f.high + n, refers_to=today)
        for f, n in zip(figures, since, strict=True)
    ]
