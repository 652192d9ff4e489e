"""Recruitment: who arrives, by month, and whom they join.

One arrival curve is shared by all origins, ``a[t]`` fighters a month for the whole world. Between the largest published
running totals of successive years arrivals are even; after the last total that grew, the published monthly rates hold,
each until the next one; after the as-of date the last rate fades::

    inflow[o, fighter, t] = share[o] * a[t] * exp(-fade * max(0, t))
    inflow[o, r, t]       = the same * exp(role[r])        r in {other adult, minor}: so many to a fighter

Those on the way in (`arriving`) split at once between the core (as movers, who do not mean to stay, or as stayers), each
rival, and no organisation: many of those counted joined the core, not all.

Assumptions: an origin's share in new arrivals equals its share in past ones. Tenure in the ranks is a mixture of movers
and stayers because early returns are front-loaded in every country with dated returns; the mixture is a prior here and
learned by `fit`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from afterfall.model.scene import Scene
from afterfall.model.vocabulary import (
    Choice,
    Cohort,
    Inflow,
    OnPath,
    Parameter,
    Part,
    Rate,
    SeriesPath,
    State,
    Term,
    Times,
    Transition,
)

ARRIVING = "arriving"
UNAFFILIATED = "unaffiliated"
MOVER, STAYER = "ranks_mover", "ranks_stayer"
RANKS = (MOVER, STAYER)


def rival_state(rival: str) -> str:
    """Name of the state of belonging to a rival of the theatre."""
    return f"rival_{rival}"


def recruitment(scene: Scene) -> Part:
    """States of arrival and of the ranks, the inflow, and the split by organisation."""
    states = (
        State(ARRIVING, "on the way into the theatre", "in_transit", "arriving"),
        State(UNAFFILIATED, "in the theatre with no organisation", "unaffiliated"),
        State(MOVER, "in the ranks, not meaning to stay", "in_ranks"),
        State(STAYER, "in the ranks, meaning to stay", "in_ranks"),
    )
    joining = Choice("joining", Rate("joining", (Term("joining.speed"),)))
    ways: dict[str, tuple[Term, ...]] = {STAYER: (), MOVER: (Term("joining.mover"),)}
    ways[UNAFFILIATED] = (Term("joining.none"),)
    ways |= {rival_state(r): (Term("joining.rival"), Term(None, "rivals_share_one_weight")) for r in scene.rivals}
    transitions = tuple(
        Transition(ARRIVING, dest, Rate(f"joining.{dest}", terms), "recruitment", "joins", joining)
        for dest, terms in ways.items()
    )
    terms = (
        Term(None, "log_share_of_arrivals"),
        Term("role.adult", "role:adult"),
        Term("role.minor", "role:minor"),
        Times("arrivals"),
        OnPath("recruitment.fade", "months_after"),
    )
    inflow = Inflow(ARRIVING, Rate("arrivals", terms), "recruitment", "arrives from the origin", ("travelled",))
    paths = (
        SeriesPath("arrivals", "fighters a month arriving from all origins", ArrivalCurve.of(scene).at),
        SeriesPath("months_after", "minus the months since the as-of date", lambda month: -float(max(0, month))),
    )
    return Part(states, transitions, (inflow,), _parameters(), _features(scene), paths)


@dataclass(frozen=True, slots=True)
class ArrivalCurve:
    """Fighters a month by month, as steps: `months` are the first months of each step, `rates` people a month."""

    months: tuple[int, ...]
    rates: tuple[float, ...]

    @classmethod
    def of(cls, scene: Scene) -> ArrivalCurve:
        """The curve that the case's world figures draw."""
        steps, last = _steps_from_totals(scene)
        rates = [f for f in scene.case.figures_of("arrivals", place="WLD") if not f.bound]
        published = sorted((scene.month_of(f.refers_to.last_day), f.value) for f in rates)
        before = [rate for month, rate in published if month <= last]
        after = [(month, rate) for month, rate in published if month > last]
        if before:
            after.insert(0, (last, before[-1]))
        steps += after
        return cls(tuple(m for m, _ in steps), tuple(r for _, r in steps))

    def at(self, month: int) -> float:
        """People a month in a month."""
        step = bisect_right(self.months, month) - 1
        return self.rates[step] if step >= 0 else 0.0


def _steps_from_totals(scene: Scene) -> tuple[list[tuple[int, float]], int]:
    """Even arrivals between the growing totals of successive years, and the month of the last of them.

    One total a year, because reports of one season differ by definition more than by what came between them.
    """
    yearly: dict[int, tuple[float, int]] = {}
    for figure in scene.travelled_figures("WLD"):
        if figure.bound != "at_most":
            day = figure.refers_to.last_day
            candidate = (figure.value, scene.month_of(day))
            yearly[day.year] = max(yearly.get(day.year, (0.0, 0)), candidate, key=lambda c: (c[0], -c[1]))
    steps: list[tuple[int, float]] = []
    month, total = -scene.history_months, 0.0
    for _, (value, next_month) in sorted(yearly.items()):
        if value > total and next_month > month:
            steps.append((month, (value - total) / (next_month - month)))
            month, total = next_month, value
    return steps, month


def _features(scene: Scene) -> dict[str, Callable[[Cohort], float]]:
    weights = {o: scene.central_travelled(o) for o in scene.origins}
    by_region: dict[str, float] = {}
    for origin, weight in weights.items():
        by_region[scene.region_of[origin]] = by_region.get(scene.region_of[origin], 0.0) + weight
    shares = {**by_region, **weights}
    total = sum(weights.values())
    return {
        "log_share_of_arrivals": lambda cohort: math.log(shares[cohort.origin] / total),
        "rivals_share_one_weight": lambda cohort: -math.log(len(scene.rivals)) if scene.rivals else 0.0,
    }


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("joining.speed", "hazard of being placed on arrival", "a month", "log", 1.0, 4.0),
        Parameter("joining.mover", "movers for each stayer among those who join the core", "ratio", "log", 0.25, 4.0),
        Parameter("joining.none", "arrivals with no organisation for each stayer of the core", "ratio", "log", 0.05, 1.0),
        Parameter("joining.rival", "arrivals to all rivals for each stayer of the core", "ratio", "log", 0.1, 1.5),
        Parameter("role.adult", "other adults for each fighter", "ratio", "log", 0.03, 0.4),
        Parameter("role.minor", "minors for each fighter", "ratio", "log", 0.03, 0.5),
        Parameter("recruitment.fade", "decline of arrivals after the as-of date", "a month", "positive", 0.01, 0.3),
    )
