"""Rank flips: over which values of each assumption the best option changes, on average over all others.

Scenarios are sorted by an assumption and cut into a lower, a middle and an upper third. In each third the best option
is the one that no other is better than on average, judged pairwise (`Exploration.behind`); the lead over the option
that is best in another third is *clear* if it is more than two standard errors of the paired differences over the
third's scenarios. The best option *flips* if two thirds have different best options, each with a clear lead over the
other. Where it flips, the crossing is where the difference of the two, averaged in ten equal parts, changes its sign
(linear between the middles of parts), with an interval from resampled scenarios.

What does not flip over the range of an assumption does not rest on believing a part of that range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.engine.program import Floats
from afterfall.exploration.explored import Exploration
from afterfall.policy.endpoints import Endpoint

THIRDS = ("low", "middle", "high")
PARTS = 10
#: Standard errors by which a lead is clear, and resamples behind the interval of a crossing.
CLEAR, RESAMPLED = 2.0, 200
#: Fewest scenarios in a third.
FEWEST_IN_A_THIRD = 8


@dataclass(frozen=True, slots=True)
class RankFlip:
    """Which option is best in each third of an assumption's range.

    Attributes
    ----------
    assumption
        Its name.
    best
        Best option in the lower, middle and upper third.
    leads
        By how many people each leads the best other option there.
    flips
        Whether two thirds have different best options, each with a clear lead over the other.
    crossing, crossing_low, crossing_high
        Where it flips: value of the assumption, with a 90 % interval; None where it does not flip or never crosses.
    """

    assumption: str
    best: tuple[str, ...]
    leads: tuple[float, ...]
    flips: bool
    crossing: float | None
    crossing_low: float | None
    crossing_high: float | None


def rank_flips(found: Exploration, outcome: Endpoint) -> tuple[RankFlip, ...]:
    """Rank flips by every assumption; those that flip first. None where there are too few scenarios or options."""
    if found.scenarios < FEWEST_IN_A_THIRD * len(THIRDS) or len(found.options) < 2:
        return ()
    behind = found.behind(outcome)
    flips = [_flip(found, behind, i) for i in range(len(found.assumptions))]
    return tuple(sorted(flips, key=lambda one: not one.flips))


def _flip(found: Exploration, behind: Floats, column: int) -> RankFlip:
    assumption = found.assumptions[column]
    values = assumption.even(found.values[:, column])
    thirds = np.array_split(np.argsort(values, kind="stable"), len(THIRDS))
    means = [behind[rows].mean(axis=0) for rows in thirds]
    best = [int(np.argmin(one.max(axis=1))) for one in means]
    leads = [float(np.delete(one[:, first], first).min()) for one, first in zip(means, best, strict=True)]
    pair = _clear_pair(behind, thirds, best)
    crossing: tuple[float | None, ...] = (None, None, None)
    if pair is not None:
        ends = _crossing(values, behind[:, pair[0], pair[1]], found.plan.seed)
        if ends is not None:
            crossing = tuple(float(assumption.natural(np.array(end))) for end in ends)
    return RankFlip(
        assumption=assumption.name,
        best=tuple(found.options[i] for i in best),
        leads=tuple(leads),
        flips=pair is not None,
        crossing=crossing[0],
        crossing_low=crossing[1],
        crossing_high=crossing[2],
    )


def _clear_pair(behind: Floats, thirds: list[np.ndarray], best: list[int]) -> tuple[int, int] | None:
    """Two options of which each is clearly better than the other in a third where it is the best."""
    for one in range(len(best)):
        for other in range(len(best) - 1, one, -1):
            a, b = best[one], best[other]
            if a != b and _leads(behind[thirds[one]], a, b) and _leads(behind[thirds[other]], b, a):
                return a, b
    return None


def _leads(behind: Floats, one: int, other: int) -> bool:
    """Whether an option is clearly better than another over some scenarios."""
    gap = behind[:, other, one]
    return bool(gap.mean() > CLEAR * gap.std(ddof=1) / np.sqrt(len(gap)))


def _crossing(values: Floats, gap: Floats, seed: int) -> tuple[float, float, float] | None:
    """Where a difference changes its sign, with a 90 % interval; None where its averages do not."""
    point = _sign_change(values, gap)
    if point is None:
        return None
    random = np.random.default_rng(seed)
    again = []
    for _ in range(RESAMPLED):
        rows = random.integers(0, len(values), len(values))
        if (crossed := _sign_change(values[rows], gap[rows])) is not None:
            again.append(crossed)
    low, high = np.quantile(again, [0.05, 0.95]) if again else (point, point)
    return point, float(min(low, point)), float(max(high, point))


def _sign_change(values: Floats, gap: Floats) -> float | None:
    """Where averages in equal parts change their sign; the middle one of several places."""
    parts = np.array_split(np.argsort(values, kind="stable"), PARTS)
    x, y = (np.array([array[rows].mean() for rows in parts]) for array in (values, gap))
    x, y = x[y != 0.0], y[y != 0.0]
    at = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)
    if not len(at):
        return None
    i = int(at[len(at) // 2])
    return float(x[i] + (x[i + 1] - x[i]) * y[i] / (y[i] - y[i + 1]))
