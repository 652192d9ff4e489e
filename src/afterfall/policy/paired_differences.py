"""Paired differences: the same simulation under two policies, with common random numbers.

For trajectory k the difference is ``B[k] - A[k]``. Both runs use the same parameters and the same keyed uniforms, so
most random variation cancels; how much is the *achieved correlation* of A and B over trajectories. Capacity limits,
mergers and very rare events couple less well.

**Killing is never a benefit.** People who are killed leave every stock, so every number that is better when small falls
under a policy that kills more, and the children of the dead are not born. With g the difference of an endpoint that is
better when it is less, and d the difference in deaths less that in births of the same people, what is judged is::

    j = min(0, g + max(0, d))   where g < 0      a fall counts only beyond the additional deaths and missing births
    j = max(0, g + min(0, d))   where g > 0      a rise counts only beyond the lives spared and additional births

and the same with both signs reversed where more is better. Swapping A and B reverses the judgement exactly. The
differences themselves are reported unchanged.

The probability that B is better is the share of trajectories in which it is, ties excluded from it. It is kept at least
``1 / (n + 1)`` away from 0 and 1, since n simulations cannot show more.

**A verdict needs simulations enough.** B is called better or worse only where the two sides differ in `PAIRS`
simulations or more, and where the mean of what is judged is more than `CERTAIN` standard errors from zero and at least
as large as what matters. It is called alike where that mean, with as many standard errors, is smaller than what
matters. Everything else is ``unsure``: too few simulations to say. Two standard errors would not do: of some forty
outcomes that are judged at once, several would pass by chance. A standard error is taken as at least ``1 / n``, one
person in one simulation, since a change that no simulation shows may still be in the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from afterfall.policy.endpoints import Direction
from afterfall.run.quantile_levels import low_median_high

Floats = npt.NDArray[np.float64]
Verdict = Literal["better", "worse", "changed", "alike", "unsure"]
#: Simulations in which both sides must differ for a verdict, and standard errors by which their mean must.
PAIRS, CERTAIN = 20, 3.0


@dataclass(frozen=True, slots=True)
class Difference:
    """B minus A of one endpoint, in the unit of the endpoint.

    Attributes
    ----------
    mean, median, low90, high90
        Of the difference.
    mean_a, mean_b
        Means under A and under B.
    prob_better
        Share of simulations in which B is strictly better net of deaths and births; None if no direction is better.
    prob_same
        Share of simulations in which A and B are equal.
    direction
        Which direction is better.
    correlation
        Pearson correlation of A and B over simulations; None if one does not vary.
    judged
        Mean of the difference net of deaths and births (see the module docstring).
    error
        Standard error of `judged` over simulations, at least one person in one of them.
    pairs
        Simulations in which what is judged differs.
    """

    mean: float
    median: float
    low90: float
    high90: float
    mean_a: float
    mean_b: float
    prob_better: float | None
    prob_same: float
    direction: Direction
    correlation: float | None
    judged: float
    error: float
    pairs: int

    def verdict(self, least: float) -> Verdict:
        """What the simulations say of B where a change by `least` matters (see the module docstring).

        ``changed`` is what stands for better or worse where neither direction is better.
        """
        size = abs(self.judged)
        if self.pairs >= PAIRS and size > CERTAIN * self.error:
            if size < least:
                return "alike"
            if self.direction == "neither":
                return "changed"
            return "better" if (self.judged < 0) == (self.direction == "less") else "worse"
        return "alike" if size + CERTAIN * self.error < least else "unsure"


def difference(a: Floats, b: Floats, direction: Direction, dead: Floats | None = None) -> Difference:
    """The paired difference of two arrays ``(n,)``, one row for each trajectory.

    Parameters
    ----------
    a, b
        The endpoint under A and under B.
    direction
        Which direction is better.
    dead
        Deaths less births of the same people, B minus A ``(n,)``; None for what they cannot change, such as a cost.

    Raises
    ------
    ValueError
        If the arrays differ in length, or are empty.
    """
    if a.shape != b.shape or a.size == 0:
        raise ValueError(f"expected two arrays of one length, at least 1; found {a.shape} and {b.shape}")
    gap = np.asarray(b, dtype=float) - np.asarray(a, dtype=float)
    counted = gap if dead is None else net_of_deaths(gap, dead, direction)
    low, median, high = low_median_high(gap)
    return Difference(
        mean=float(gap.mean()),
        median=median,
        low90=low,
        high90=high,
        mean_a=float(np.mean(a)),
        mean_b=float(np.mean(b)),
        prob_better=0.0 if direction != "neither" and not gap.any() else prob_better(counted, direction),
        prob_same=float(np.mean(gap == 0)),
        direction=direction,
        correlation=correlation(a, b),
        judged=float(counted.mean()),
        error=max(float(counted.std()) / np.sqrt(gap.size), 1.0 / gap.size),
        pairs=int((counted != 0).sum()),
    )


def net_of_deaths(gap: Floats, dead: Floats, direction: Direction) -> Floats:
    """A difference ``(n,)`` net of one in deaths less births ``(n,)``, as in the module docstring."""
    if direction == "neither":
        return gap
    worse = gap if direction == "less" else -gap
    fall, rise = np.minimum(0.0, worse + np.maximum(0.0, dead)), np.maximum(0.0, worse + np.minimum(0.0, dead))
    counted = np.where(worse < 0, fall, np.where(worse > 0, rise, 0.0))
    return np.asarray(counted if direction == "less" else -counted, dtype=float)


def prob_better(gap: Floats, direction: Direction) -> float | None:
    """Share of simulations in which B is better, kept between ``1 / (n + 1)`` and ``n / (n + 1)``."""
    if direction == "neither":
        return None
    share = float(np.mean(gap < 0 if direction == "less" else gap > 0))
    edge = 1.0 / (gap.size + 1)
    return min(max(share, edge), 1.0 - edge)


def correlation(a: Floats, b: Floats) -> float | None:
    """Pearson correlation over trajectories, or None if either array does not vary."""
    if a.size < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])
