"""Variance-based sensitivity: which assumptions the outcome of an option rests on, by SALib (Herman and Usher 2017).

From a Sobol design: first-order and total indices with intervals from resampling (Saltelli and others 2010,
doi:10.1016/j.cpc.2009.09.018). From a Latin hypercube: first-order indices by random balance designs with bias
correction and intervals from resampling (`SALib.analyze.rbd_fast`: Tarantola and others 2006,
doi:10.1016/j.ress.2005.06.003; Tissot and Prieur 2012, doi:10.1016/j.ress.2012.06.010). An index is a share of the
variance over scenarios: first-order, what an assumption accounts for alone; total, with all its interactions. What the
first-order indices leave is interaction.

Resamples of random balance designs have half of the points, as SALib takes them; their spread is divided by the root of
two. With 250 points the interval is then that of designs drawn afresh; with 64 it is up to twice as wide.

The target is the judged difference of an option from the first one; of the first option, its judged outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from afterfall.engine.program import Floats
from afterfall.exploration.explore_libraries import quiet
from afterfall.exploration.explored import Exploration
from afterfall.policy.endpoints import Endpoint

#: Level of the intervals, and resamples behind them.
LEVEL, RESAMPLES = 0.9, 100
#: Fewest scenarios of a hypercube for random balance designs, whose 10 harmonics need more than twice as many.
FEWEST_SCENARIOS = 64
SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How much of the variance of an option's outcome an assumption accounts for.

    Attributes
    ----------
    option, assumption
        Names.
    first, first_error
        First-order index, and half the width of its 90 % interval.
    total, total_error
        The same of the total index; None without a Sobol design.
    """

    option: str
    assumption: str
    first: float
    first_error: float
    total: float | None
    total_error: float | None

    @property
    def share(self) -> float:
        """The index by which assumptions are ranked: the total where there is one."""
        return self.first if self.total is None else self.total


def sensitivities(found: Exploration, outcome: Endpoint) -> tuple[Sensitivity, ...]:
    """Indices of every option and each assumption that it depends on, the largest of each option first.

    Options whose outcome does not vary over scenarios have none, and neither has a hypercube of too few scenarios.
    """
    if found.request.design == "lhs" and found.scenarios < FEWEST_SCENARIOS:
        return ()
    values, indices = found.outcome_values(outcome), list[Sensitivity]()
    for i, option in enumerate(found.options):
        target = values[:, i] - values[:, 0] if i else values[:, 0]
        if np.ptp(target) > 1e-9:
            own = {found.assumptions[k].name for k in found.varied[i]}
            some = [one for one in _of(found, option, target) if one.assumption in own]
            indices += sorted(some, key=lambda one: -one.share)
    return tuple(indices)


def _of(found: Exploration, option: str, target: Floats) -> list[Sensitivity]:
    """Indices of all assumptions on one target."""
    names = [a.name for a in found.assumptions]
    points = np.stack([a.even(found.values[:, i]) for i, a in enumerate(found.assumptions)], axis=1)
    problem = {
        "num_vars": len(names),
        "names": names,
        "bounds": [[float(a.even(np.array(end))) for end in (a.low, a.high)] for a in found.assumptions],
    }
    asked: dict[str, Any] = {"num_resamples": RESAMPLES, "conf_level": LEVEL, "seed": found.plan.seed % SEEDS}
    with quiet(), np.errstate(all="ignore"):
        from SALib.analyze import rbd_fast, sobol

        if found.request.design == "sobol":
            got = sobol.analyze(problem, target, calc_second_order=False, **asked)
            columns = [got[key] for key in ("S1", "S1_conf", "ST", "ST_conf")]
        else:
            got = rbd_fast.analyze(problem, points, target, **asked)
            # each of its resamples is of half of the points, so that its variance is twice that of the estimate
            half_width = np.asarray(got["S1_conf"]) / np.sqrt(2.0)
            columns = [got["S1"], half_width, [None] * len(names), [None] * len(names)]
    return [
        Sensitivity(option, name, float(s1), float(e1), None if st is None else float(st), _number(et))
        for name, s1, e1, st, et in zip(names, *columns, strict=True)
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
