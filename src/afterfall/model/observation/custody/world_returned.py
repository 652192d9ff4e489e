"""Counts of the returned of all origins together, carried to the as-of date.

Those who have returned are those counted, over the part of them that counts report (`REPORTED`, the middle of the prior
of `reporting.returned`), and those whom origins have repatriated since, by their own numbers. How many came back by
themselves after the last count is not known: the error grows with its age. A published maximum is an upper bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from afterfall.case import WORLD, Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.custody.taken_home import repatriated_since
from afterfall.model.observation.measurement_error import latest_of_families, reading

#: The part of the returned that counts report, its error as a log, and the error that months without a count add.
REPORTED, REPORTED_SD, DRIFT = 0.8, 0.15, 0.03
#: Stages of those who have returned.
HOME_STAGES = ("home", "prison")


class ReturnedOfWorld(NamedTuple):
    """Values of the returned at the as-of date: logs, errors, weights, and whether they are a bound (-1: at most)."""

    log: tuple[float, ...]
    sd: tuple[float, ...]
    weight: tuple[float, ...]
    bound: int


def returned_of_world(view: CaseView) -> Iterator[ReturnedOfWorld]:
    """The values, and the bound, that the latest count of each report family gives."""
    rows = [f for f in view.case.figures_of("returned", place=WORLD) if f.is_running_total and f.bound != "at_least"]
    for bound, word in ((0, ""), (-1, "at_most")):
        found = latest_of_families(view, [f for f in rows if f.bound == word])
        if found:
            sd = [_error(view, f) for f in found]
            worth = [1.0 / one**2 for one in sd]
            log = tuple(math.log(math.exp(reading(f).log) / REPORTED + _taken_since(view, f)) for f in found)
            yield ReturnedOfWorld(log, tuple(sd), tuple(w / sum(worth) for w in worth), bound)


def _error(view: CaseView, figure: Figure) -> float:
    age = max(-view.month_of(figure.refers_to.last_day), 0)
    return math.hypot(reading(figure).sd, REPORTED_SD, DRIFT * math.sqrt(age))


def _taken_since(view: CaseView, figure: Figure) -> float:
    """People whom all origins have repatriated since a count of the world."""
    return sum(repatriated_since(view, replace(figure, place=origin)) for origin in view.named)
