"""How many an origin has repatriated by the as-of date: the published number, where custody events are recorded.

The history knows no operation of any one country, so its count of the repatriated is a guess. Governments publish
theirs. An origin with such a number starts from it, at most from all who returned; those deported and those who came
back by themselves share the rest of the returned. Origins without one keep the guess.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from afterfall.case import Figure, PartialDate
from afterfall.engine.program import Longs
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.custody_events import has_events
from afterfall.model.observation.custody.taken_home import repatriated_since

#: Counters of the returned, and of its three parts.
RETURNED, REPATRIATED, DEPORTED, ALONE = "returned", "repatriated", "deported", "self_returned"


def repatriated_so_far(view: CaseView) -> Longs:
    """Published number of the repatriated by origin ``[O]``: the largest total, or all operations; -1 without one."""
    out = np.full(len(view.origins), -1, dtype=np.int64)
    for o, origin in enumerate(view.origins):
        rows = view.case.figures_of("repatriated", place=origin) if has_events(view) and origin in view.named else ()
        if rows:
            first = min(rows, key=lambda f: f.refers_to.last_day)
            totals: dict[str, float] = {}
            for f in rows:
                if f.basis == "cumulative":
                    totals[f.role] = max(totals.get(f.role, 0.0), f.value)
            since = repatriated_since(view, _before(view, first))
            out[o] = round(max(totals.pop("", 0.0), sum(totals.values()), since))
    return out


def _before(view: CaseView, first: Figure) -> Figure:
    """A figure of the start of the mobilisation: all operations were after it."""
    return replace(first, refers_to=PartialDate(view.case.mobilisation.isoformat()))


def count_repatriated(published: Longs, position: dict[str, int], counters: Longs) -> None:
    """Write published numbers into the counters of one start ``[Q, O]``, in place; `position` is that of each."""
    for o in np.flatnonzero(published >= 0):
        returned = counters[position[RETURNED], o]
        back = min(published[o], returned)
        deported = min(counters[position[DEPORTED], o], returned - back)
        counters[position[REPATRIATED], o], counters[position[DEPORTED], o] = back, deported
        counters[position[ALONE], o] = returned - back - deported
