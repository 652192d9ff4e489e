"""Paired differences: one future under two policies, met by the same luck.

For trajectory k the difference is ``B[k] - A[k]``. Both sides draw the same parameters and the same keyed uniforms, so
most luck cancels; how much is the *achieved correlation* of A and B over trajectories. What does not cancel is printed
as it is: rations, mergers and very rare events couple badly.

The probability that B is better counts trajectories in which it is, ties apart. It is kept within ``1 / (n + 1)`` of
neither 0 nor 1: n futures cannot show more, whatever the effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterfall.policy.outcomes import Direction

Floats = npt.NDArray[np.float64]
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Difference:
    """B minus A of one outcome.

    `mean, median, low90, high90` are of the difference, `mean_a` and `mean_b` of the two sides, all in the unit of the
    outcome. `prob_better` is the share of futures in which B is strictly better (of fewer, where neither way is better,
    None), `prob_same` that in which both are equal. `correlation` is None where a side does not vary.
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


def difference(a: Floats, b: Floats, direction: Direction) -> Difference:
    """The paired difference of two sides ``(n,)``, row by row of one trajectory each.

    Raises
    ------
    ValueError
        If the sides have different lengths, or none.
    """
    if a.shape != b.shape or a.size == 0:
        raise ValueError(f"paired sides must have one length of at least 1, found {a.shape} and {b.shape}")
    gap = np.asarray(b, dtype=float) - np.asarray(a, dtype=float)
    low, median, high = np.quantile(gap, LEVELS, method="inverted_cdf")
    return Difference(
        mean=float(gap.mean()),
        median=float(median),
        low90=float(low),
        high90=float(high),
        mean_a=float(np.mean(a)),
        mean_b=float(np.mean(b)),
        prob_better=prob_better(gap, direction),
        prob_same=float(np.mean(gap == 0)),
        direction=direction,
        correlation=correlation(a, b),
    )


def prob_better(gap: Floats, direction: Direction) -> float | None:
    """Share of futures in which B is better, within what n futures can show; 0 where nothing ever differs."""
    if direction == "neither":
        return None
    if not gap.any():
        return 0.0
    share = float(np.mean(gap < 0 if direction == "less" else gap > 0))
    edge = 1.0 / (gap.size + 1)
    return min(max(share, edge), 1.0 - edge)


def correlation(a: Floats, b: Floats) -> float | None:
    """Pearson correlation over trajectories, or None where a side does not vary."""
    if a.size < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])
