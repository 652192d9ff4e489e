"""Published counts of women and of minors who travelled from an origin, as ratios to its men.

The latest running total of each role is read, whatever else is published. It is set against the total of the same
source and day, or else against the rough number of travellers of the origin. Its error is that of its grade. Women
count as other adults, which overstates these by the women who fought. Stocks in the theatre are not read: they mix
minors who travelled with children born there, and women left at another pace than men.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from afterfall.case import Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.figure_rules import FAMILY_ROLES, error_of

#: The largest share of a total that women and minors together are read as.
MOST_FAMILIES = 0.9


def role_counts(view: CaseView, origin: str) -> tuple[Figure, ...]:
    """The latest counts of women and of minors among those who travelled from an origin, in this order."""
    figures = [f for f in view.case.figures_of("travelled", place=origin) if f.basis == "cumulative" and not f.bound]
    by_role = [[f for f in figures if f.role == role] for role in FAMILY_ROLES]
    return tuple(max(found, key=lambda f: (f.refers_to.last_day, f.figure)) for found in by_role if found)


def role_ratios(view: CaseView, origin: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Log of women and of minors for each man among those who travelled, and their errors; infinite without a count."""
    counts = {f.role: f for f in role_counts(view, origin)}
    shares = {role: _share(view, counts[role]) for role in counts}
    men = max(1.0 - sum(shares.values()), 1.0 - MOST_FAMILIES)
    logs = tuple(math.log(shares[role] / men) if role in shares else 0.0 for role in FAMILY_ROLES)
    errors = tuple(error_of(counts[role]) if role in counts else math.inf for role in FAMILY_ROLES)
    return _pair(logs), _pair(errors)


def _pair(values: Sequence[float]) -> tuple[float, float]:
    women, minors = values
    return women, minors


def _share(view: CaseView, figure: Figure) -> float:
    """Share of a role in the total of its source and day, or in the rough number of travellers."""
    same = [
        f.value
        for f in view.case.figures_of(figure.quantity, place=figure.place)
        if not f.role and f.basis == figure.basis and (f.source, f.refers_to) == (figure.source, figure.refers_to)
    ]
    people = max([*same, figure.value / MOST_FAMILIES]) if same else view.central_travelled(figure.place)
    return min(max(figure.value, 0.5) / people, MOST_FAMILIES)
