"""Paired differences: one future under two policies, met by the same luck.

For trajectory k the difference is ``B[k] - A[k]``. Both sides draw the same parameters and the same keyed uniforms, so
most luck cancels; how much is the *achieved correlation* of A and B over trajectories. What does not cancel is printed
as it is: rations, mergers and very rare events couple badly.

**Killing is never a benefit.** Who is killed is in no stock and does nothing any more, so every number that is better
when small falls under a policy that kills more. With g the difference of an outcome that is better when it is less
and d that of the dead of the same people, what is judged is::

    j = min(0, g + max(0, d))   where g < 0      a fall counts beyond the additional dead
    j = max(0, g + min(0, d))   where g > 0      a rise counts beyond the lives spared

and the same with both signs turned where more is better. B against A and A against B judge alike. The differences
themselves are printed as they are.

The probability that B is better counts trajectories in which it is, ties apart. It is kept within ``1 / (n + 1)`` of
neither 0 nor 1: n futures cannot show more, whatever the effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterfall.policy.endpoints import Direction
from afterfall.run.quantile_levels import low_median_high

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """B minus A of one outcome.

    `mean, median, low90, high90` are of the difference, `mean_a` and `mean_b` of the two sides, all in the unit of the
    outcome. `judged` is the mean of what counts of it (see above). `prob_better` is the share of futures in which B is
    strictly better by that (where neither way is better, None), `prob_same` that in which both are equal. `correlation`
    is None where a side does not vary.
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


def difference(a: Floats, b: Floats, direction: Direction, dead: Floats | None = None) -> Difference:
    """The paired difference of two sides ``(n,)``, row by row of one trajectory each.

    Parameters
    ----------
    a, b
        The outcome under A and under B.
    direction
        Which way is better.
    dead
        The dead of the same people, B minus A ``(n,)``; None for what nobody can die out of, such as a cost.

    Raises
    ------
    ValueError
        If the sides have different lengths, or none.
    """
    if a.shape != b.shape or a.size == 0:
        raise ValueError(f"paired sides must have one length of at least 1, found {a.shape} and {b.shape}")
    gap = np.asarray(b, dtype=float) - np.asarray(a, dtype=float)
    counted = gap if dead is None else beyond_deaths(gap, dead, direction)
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
    )


def beyond_deaths(gap: Floats, dead: Floats, direction: Direction) -> Floats:
    """What counts of a difference ``(n,)`` beside a difference of the dead of the same people ``(n,)``."""
    if direction == "neither":
        return gap
    worse = gap if direction == "less" else -gap
    fall, rise = np.minimum(0.0, worse + np.maximum(0.0, dead)), np.maximum(0.0, worse + np.minimum(0.0, dead))
    counted = np.where(worse < 0, fall, np.where(worse > 0, rise, 0.0))
    return np.asarray(counted if direction == "less" else -counted, dtype=float)


def prob_better(gap: Floats, direction: Direction) -> float | None:
    """Share of futures in which B is better, within what n futures can show: never none and never all."""
    if direction == "neither":
        return None
    share = float(np.mean(gap < 0 if direction == "less" else gap > 0))
    edge = 1.0 / (gap.size + 1)
    return min(max(share, edge), 1.0 - edge)


def correlation(a: Floats, b: Floats) -> float | None:
    """Pearson correlation over trajectories, or None where a side does not vary."""
    if a.size < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])
