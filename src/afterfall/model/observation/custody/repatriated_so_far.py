"""How many an origin has repatriated by the as-of date: the published number, where custody events are recorded.

The history knows no operation of any one country, so its count of the repatriated is a guess. Governments publish
theirs. An origin with such a number starts from it. So many are at home at least (`families_home`); those deported and
those who came back by themselves share the rest of the returned. Origins without one keep the guess.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from afterfall.case import Figure
from afterfall.engine.program import Longs
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.custody_events import has_events
from afterfall.model.observation.custody.families_home import OF_EVERYONE, OF_FAMILIES
from afterfall.model.observation.custody.taken_home import FAMILY_DEFINITION, repatriated_after

#: Counters of the returned, and of its three parts.
RETURNED, REPATRIATED, DEPORTED, ALONE = "returned", "repatriated", "deported", "self_returned"


def repatriated_so_far(view: CaseView) -> Longs:
    """Published number of the repatriated by origin ``[O]``: the largest total, or all operations; -1 without one."""
    published = (_rows(view, origin) for origin in view.origins)
    return np.array([_number(view, rows) if rows else -1 for rows in published], dtype=np.int64)


def least_at_home(view: CaseView) -> Longs:
    """Published number of the repatriated by origin ``[O, 2]``: of everyone, and of women and minors; 0 without one."""
    out = np.zeros((len(view.origins), 2), dtype=np.int64)
    for o, origin in enumerate(view.origins):
        rows = _rows(view, origin)
        families = [f for f in rows if f.role in ("woman", "minor") or f.definition == FAMILY_DEFINITION]
        out[o, OF_EVERYONE], out[o, OF_FAMILIES] = _number(view, rows), _number(view, families)
    return out


def _rows(view: CaseView, origin: str) -> Sequence[Figure]:
    """Counts of an origin's repatriated, where they are read."""
    return view.case.figures_of("repatriated", place=origin) if has_events(view) and origin in view.named else ()


def _number(view: CaseView, rows: Sequence[Figure]) -> int:
    """The largest total of these counts, or all of their operations."""
    totals: dict[str, float] = {}
    for f in rows:
        if f.basis == "cumulative":
            totals[f.role] = max(totals.get(f.role, 0.0), f.value)
    since = repatriated_after(rows, view.case.mobilisation)
    return round(max(totals.pop("", 0.0), sum(totals.values()), since))


def count_repatriated(published: Longs, position: dict[str, int], counters: Longs) -> None:
    """Write published numbers into the counters of one start ``[Q, O]``, in place; `position` is that of each."""
    for o in np.flatnonzero(published >= 0):
        returned = counters[position[RETURNED], o]
        back = min(published[o], returned)
        deported = min(counters[position[DEPORTED], o], returned - back)
        counters[position[REPATRIATED], o], counters[position[DEPORTED], o] = back, deported
        counters[position[ALONE], o] = returned - back - deported
