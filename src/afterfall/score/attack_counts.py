"""Attack counts against what was published later: the forecast's distribution, and that of holding the last count.

Counts are of the kind that teaches the parameters (`aftermath.conditioning.counts_of`), published after the as-of date
for a year of which at least one month is drawn in full. The naive forecast is a Poisson count around the last one
published by the as-of date. CRPS is in attacks; the interval is the central 90 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.aftermath.attacking import Attacks
from afterfall.aftermath.conditioning import counts_of
from afterfall.aftermath.rules import crps
from afterfall.case import Case
from afterfall.engine.quantiles import poisson_quantile

LEVELS = (0.05, 0.5, 0.95)
NAIVE_DRAWS = 999


@dataclass(frozen=True, slots=True)
class LaterCount:
    """One year's count, published after the as-of date.

    `said` are the 5 %, 50 % and 95 % quantiles of the forecast; `crps` and `naive_crps` are NaN where no earlier count
    of the place was public.
    """

    place: str
    year: int
    happened: int
    said: tuple[float, float, float]
    inside90: bool
    crps: float
    naive: int | None
    naive_crps: float


def later_counts(attacks: Attacks, whole: Case) -> tuple[LaterCount, ...]:
    """Every yearly count that the whole case has and the cut one has not, by place and year."""
    known = {(c.place, c.year): c.attempts for c in attacks.counts}
    drawn = {int(y) for y in attacks.year_of if (attacks.year_of == y).sum() == 12}
    found = []
    for count in counts_of(whole, attacks.countries):
        if (count.place, count.year) in known or count.year not in drawn:
            continue
        values = attacks.attempts_in(count.place, count.year).astype(float)
        low, median, high = map(float, np.quantile(values, LEVELS, method="inverted_cdf"))
        years = [year for place, year in known if place == count.place]
        last = known[count.place, max(years)] if years else None
        found.append(
            LaterCount(
                place=count.place,
                year=count.year,
                happened=count.attempts,
                said=(low, median, high),
                inside90=low <= count.attempts <= high,
                crps=_crps(values, count.attempts),
                naive=last,
                naive_crps=float("nan") if last is None else _crps(_around(last), count.attempts),
            )
        )
    return tuple(found)


def _crps(values: np.ndarray, happened: int) -> float:
    return float(crps(values[None], np.array([float(happened)]))[0])


def _around(count: int) -> np.ndarray:
    """Equally likely values of a Poisson count."""
    even = (np.arange(NAIVE_DRAWS) + 0.5) / NAIVE_DRAWS
    return np.array([float(poisson_quantile(u, float(count))) for u in even])
