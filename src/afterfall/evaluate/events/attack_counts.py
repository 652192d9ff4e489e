"""Attack counts published later: CRPS of the forecast and of two baselines that carry the last count forward.

Counts are of the kind that the attempt parameters are conditioned on (`published_counts`), published after the as-of
date for a year with twelve simulated months. A year that was over on the as-of date is not a forecast but a *hindcast*:
it had passed, and only its count was not yet published. CRPS is in attacks; the interval is the central 90 %.

The baselines carry the last count c published by the as-of date forward: as a Poisson count with mean c, and
overdispersed, as a negative binomial count with mean c (one half if c is zero) and variance mean + mean**2 / size. The
size is the one of `SIZES` with the highest likelihood for the counts of past years, each predicted from the year before
it, all published by the as-of date. Without two such years there is no overdispersed baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom  # type: ignore[import-untyped]

from afterfall.attack.attack_result import Attacks
from afterfall.attack.importance_resampling import AttemptCount, published_counts
from afterfall.case import Case
from afterfall.engine.quantiles import poisson_quantile
from afterfall.evaluate.core.scoring_rules import crps

LEVELS = (0.05, 0.5, 0.95)
BASELINE_DRAWS = 999
#: Sizes of the negative binomial that are tried.
SIZES = np.geomspace(0.05, 200.0, 120)
#: Mean used for a count of zero.
HALF = 0.5


@dataclass(frozen=True, slots=True)
class LaterCount:
    """One year's count, published after the as-of date.

    Attributes
    ----------
    place, year
        Of the count.
    hindcast
        Whether the year was over on the as-of date.
    observed
        Attempts published.
    predicted
        5 %, 50 % and 95 % quantiles of the forecast.
    inside90
        Whether the count lies in the central 90 % interval.
    crps
        CRPS of the forecast.
    last_count
        The last count published by the as-of date, or None.
    baseline_crps, overdispersed_crps
        CRPS of a Poisson and of a negative binomial count with mean `last_count`; NaN without it.
    """

    place: str
    year: int
    hindcast: bool
    observed: int
    predicted: tuple[float, float, float]
    inside90: bool
    crps: float
    last_count: int | None
    baseline_crps: float
    overdispersed_crps: float


def later_counts(attacks: Attacks, whole: Case) -> tuple[LaterCount, ...]:
    """Score every yearly count of the whole case that the cut case does not have, by place and year."""
    known = {(c.place, c.year): c.attempts for c in attacks.counts}
    drawn = {int(y) for y in attacks.year_of if (attacks.year_of == y).sum() == 12}
    counts = published_counts(whole, attacks.countries)
    later = [c for c in counts if (c.place, c.year) not in known and c.year in drawn]
    size = dispersion(attacks.counts)
    return tuple(_scored(attacks, count, _last(attacks.counts, count.place), size) for count in later)


def dispersion(counts: Sequence[AttemptCount]) -> float | None:
    """Size of the negative binomial with the highest likelihood of each count given the year before; None without one.

    >>> steady, wild = ((AttemptCount("XEU", 2014, 5), AttemptCount("XEU", 2015, n)) for n in (5, 40))
    >>> dispersion(wild) < dispersion(steady)
    True
    """
    pairs = year_pairs(counts)
    if not pairs:
        return None
    chance = sum(np.asarray(nbinom.logpmf(n, SIZES, SIZES / (SIZES + max(last, HALF)))) for last, n in pairs)
    return float(SIZES[int(np.argmax(chance))])


def year_pairs(counts: Sequence[AttemptCount]) -> list[tuple[int, int]]:
    """Published counts of a place in successive years: (before, after)."""
    by_year = {(c.place, c.year): c.attempts for c in counts}
    return [(by_year[p, y - 1], n) for (p, y), n in by_year.items() if (p, y - 1) in by_year]


def _last(counts: Sequence[AttemptCount], place: str) -> int | None:
    by_year = {c.year: c.attempts for c in counts if c.place == place}
    return by_year[max(by_year)] if by_year else None


def _scored(attacks: Attacks, count: AttemptCount, last: int | None, size: float | None) -> LaterCount:
    values = attacks.attempts_in(count.place, count.year).astype(float)
    low, median, high = map(float, np.quantile(values, LEVELS, method="inverted_cdf"))
    nan = float("nan")
    poisson = None if last is None else _poisson_quantiles(last)
    overdispersed = None if last is None or size is None else _overdispersed_quantiles(last, size)
    return LaterCount(
        place=count.place,
        year=count.year,
        hindcast=count.year < attacks.run.as_of.year,
        observed=count.attempts,
        predicted=(low, median, high),
        inside90=low <= count.attempts <= high,
        crps=_crps(values, count.attempts),
        last_count=last,
        baseline_crps=nan if poisson is None else _crps(poisson, count.attempts),
        overdispersed_crps=nan if overdispersed is None else _crps(overdispersed, count.attempts),
    )


def _crps(values: np.ndarray, observed: int) -> float:
    return float(crps(np.array([float(observed)]), values[None])[0])


def _poisson_quantiles(count: int) -> np.ndarray:
    """Equally likely values of a Poisson count."""
    even = (np.arange(BASELINE_DRAWS) + 0.5) / BASELINE_DRAWS
    return np.array([float(poisson_quantile(u, float(count))) for u in even])


def _overdispersed_quantiles(count: int, size: float) -> np.ndarray:
    """Equally likely values of a negative binomial count."""
    even = (np.arange(BASELINE_DRAWS) + 0.5) / BASELINE_DRAWS
    return np.asarray(nbinom.ppf(even, size, size / (size + max(count, HALF))), float)
