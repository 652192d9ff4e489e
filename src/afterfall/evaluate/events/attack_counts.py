"""Attack counts against what was published later: the forecast's distribution, and two of holding the last count.

Counts are of the kind that teaches the parameters (`aftermath.conditioning.counts_of`), published after the as-of date
for a year of which every month is drawn. A year that was over on the as-of date is no forecast but a *hindcast*: it was
past, and only its count was not public. CRPS is in attacks; the interval is the central 90 %.

The naive forecasts hold the last count c published by the as-of date: as a Poisson count of mean c, and overdispersed,
as a negative binomial of mean c (a half where c is nought) and variance mean + mean**2 / size. The size is the one of
`SIZES` under which the counts of past years were likeliest, each said from the year before it, all public by the as-of
date. Without two such years there is no second one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom  # type: ignore[import-untyped]

from afterfall.attack.attack_model import Attacks
from afterfall.attack.importance_resampling import Count, counts_of
from afterfall.case import Case
from afterfall.conflict.views_scores import crps
from afterfall.engine.quantiles import poisson_quantile
from afterfall.run.quantile_levels import low_median_high

NAIVE_DRAWS = 999
#: Sizes of the negative binomial that are tried.
SIZES = np.geomspace(0.05, 200.0, 120)
#: Mean that stands for a count of nought.
HALF = 0.5


@dataclass(frozen=True, slots=True)
class LaterCount:
    """One year's count, published after the as-of date.

    `hindcast` marks a year that was over on the as-of date. `said` are the 5 %, 50 % and 95 % quantiles of the
    forecast; `naive_crps` is that of a Poisson count around `naive`, `wide_crps` that of the overdispersed one; NaN
    without it.
    """

    place: str
    year: int
    hindcast: bool
    happened: int
    said: tuple[float, float, float]
    inside90: bool
    crps: float
    naive: int | None
    naive_crps: float
    wide_crps: float


def later_counts(attacks: Attacks, whole: Case) -> tuple[LaterCount, ...]:
    """Every yearly count that the whole case has and the cut one has not, by place and year."""
    known = {(c.place, c.year): c.attempts for c in attacks.counts}
    drawn = {int(y) for y in attacks.year_of if (attacks.year_of == y).sum() == 12}
    later = [c for c in counts_of(whole, attacks.countries) if (c.place, c.year) not in known and c.year in drawn]
    size = dispersion(attacks.counts)
    return tuple(_scored(attacks, count, _last(attacks.counts, count.place), size) for count in later)


def dispersion(counts: Sequence[Count]) -> float | None:
    """Size of the negative binomial that makes each public count likeliest from the year before it; None without two.

    >>> steady, wild = ((Count("XEU", 2014, 5), Count("XEU", 2015, n)) for n in (5, 40))
    >>> dispersion(wild) < dispersion(steady)
    True
    """
    pairs = year_pairs(counts)
    if not pairs:
        return None
    chance = sum(np.asarray(nbinom.logpmf(n, SIZES, SIZES / (SIZES + max(last, HALF)))) for last, n in pairs)
    return float(SIZES[int(np.argmax(chance))])


def year_pairs(counts: Sequence[Count]) -> list[tuple[int, int]]:
    """Public counts of a place with that of the year before: (before, after)."""
    by_year = {(c.place, c.year): c.attempts for c in counts}
    return [(by_year[p, y - 1], n) for (p, y), n in by_year.items() if (p, y - 1) in by_year]


def _last(counts: Sequence[Count], place: str) -> int | None:
    by_year = {c.year: c.attempts for c in counts if c.place == place}
    return by_year[max(by_year)] if by_year else None


def _scored(attacks: Attacks, count: Count, last: int | None, size: float | None) -> LaterCount:
    values = attacks.attempts_in(count.place, count.year).astype(float)
    low, median, high = low_median_high(values)
    nothing = float("nan")
    return LaterCount(
        place=count.place,
        year=count.year,
        hindcast=count.year < attacks.run.as_of.year,
        happened=count.attempts,
        said=(low, median, high),
        inside90=low <= count.attempts <= high,
        crps=_crps(values, count.attempts),
        naive=last,
        naive_crps=nothing if last is None else _crps(_around(last), count.attempts),
        wide_crps=nothing if last is None or size is None else _crps(_wide(last, size), count.attempts),
    )


def _crps(values: np.ndarray, happened: int) -> float:
    return float(crps(values[None], np.array([float(happened)]))[0])


def _around(count: int) -> np.ndarray:
    """Equally likely values of a Poisson count."""
    even = (np.arange(NAIVE_DRAWS) + 0.5) / NAIVE_DRAWS
    return np.array([float(poisson_quantile(u, float(count))) for u in even])


def _wide(count: int, size: float) -> np.ndarray:
    """Equally likely values of a negative binomial count."""
    even = (np.arange(NAIVE_DRAWS) + 0.5) / NAIVE_DRAWS
    return np.asarray(nbinom.ppf(even, size, size / (size + max(count, HALF))), float)
