"""What drives the spread of a quantity: rank correlations with the parameters over the run's own draws.

Each trajectory of a run has its own draw of every parameter, so the run itself says which of them its numbers follow.
Spearman's rank correlation is read for every named parameter; those within the noise of so many trajectories are left
out: with n trajectories and p parameters, the largest of p correlations of unrelated numbers stays under
``sqrt(2 log(2 p) / n)`` more often than not (the bound of the maximum of p normals of standard deviation
``1 / sqrt(n)``). What a drawn parameter does is also given in people: the median of the quantity in the third of the
trajectories where the parameter is lowest, and where it is highest.

Limits: correlation sees monotone effects one at a time, and neither interactions nor what no draw varies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterfall.run.quantile_levels import low_median_high

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """How a quantity follows one parameter.

    `correlation` is of ranks; `low` and `high` are the median and 90 % range (people) in the third of the trajectories
    with the lowest and the highest values of the parameter.
    """

    parameter: str
    correlation: float
    low: tuple[float, float, float]
    high: tuple[float, float, float]


def noise_level(trajectories: int, parameters: int) -> float:
    """The largest rank correlation to expect of so many parameters that do not matter.

    >>> round(noise_level(1000, 140), 3)
    0.106
    """
    return math.sqrt(2.0 * math.log(2.0 * max(parameters, 1)) / max(trajectories, 1))


def rank_correlations(quantity: Floats, draws: Floats, names: Sequence[str]) -> tuple[RankCorrelation, ...]:
    """Parameters whose correlation stands out of the noise, the strongest first.

    Parameters
    ----------
    quantity
        One value a trajectory, ``(n,)``.
    draws
        Parameter draws, ``(n, P)``.
    names
        The P names.
    """
    ranks = ranked(quantity)
    if len(quantity) < 3 or np.ptp(ranks) == 0:
        return ()
    least = noise_level(len(quantity), len(names))
    found = []
    for column, name in enumerate(names):
        drawn = draws[:, column]
        if np.ptp(drawn) == 0:
            continue
        correlation = float(np.corrcoef(ranks, ranked(drawn))[0, 1])
        if abs(correlation) > least:
            found.append(RankCorrelation(name, correlation, *thirds(quantity, drawn)))
    return tuple(sorted(found, key=lambda i: -abs(i.correlation)))


def thirds(quantity: Floats, by: Floats) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Median and 90 % range of a quantity where `by` is in its lowest and in its highest third."""
    order = np.argsort(by, kind="stable")
    size = max(len(order) // 3, 1)
    return spread_of(quantity[order[:size]]), spread_of(quantity[order[-size:]])


def spread_of(values: Floats) -> tuple[float, float, float]:
    """Median and ends of the 90 % range, as quantiles of the trajectories themselves."""
    low, median, high = low_median_high(values)
    return median, low, high


def ranked(values: Floats) -> Floats:
    """Ranks from 0, ties at their mean."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts + 1) / 2.0)[inverse], dtype=np.float64)
