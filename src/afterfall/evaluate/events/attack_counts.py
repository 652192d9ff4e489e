"""Attack counts published later: CRPS of the forecast and of simple baselines.

Counts are of the kind that the attempt parameters are conditioned on (`published_counts`), published after the as-of
date for a year with twelve simulated months. A year that was over on the as-of date is not a forecast but a *hindcast*:
it had passed, and only its count was not yet published. CRPS is in attacks; the interval is the central 90 %.

A baseline carries the mean m of the last one, three or five counts of a place forward (`WINDOWS`; all of them where
fewer were published by the as-of date), in one of two spreads: as a Poisson count with mean m, and overdispersed, as a
negative binomial count with mean m (one half if m is zero) and variance mean + mean**2 / size. The size is the one of
`SIZES` with the highest likelihood for the counts of past years, each predicted from the window that ends a year before
it, all published by the as-of date. Without such a year there is no overdispersed baseline.

The forecast also sees the list of public attacks, so there are baselines that see it too (`LISTED`): the same mean
times the listed attacks of the last twelve months of the list in the place, over those of the mean year of the counts,
with half an attack added to both. The list ends with the last whole month before the as-of date. They need a list that
covers all these months.

The opponent is the baseline with the lowest mean CRPS on these very counts. It is chosen with hindsight, in the
baseline's favour: the strictest choice, and nothing is tuned. One count cannot choose among them; then the opponent is
the last count with a Poisson spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom  # type: ignore[import-untyped]

from afterfall.attack.attack_result import Attacks
from afterfall.attack.importance_resampling import AttemptCount, published_counts
from afterfall.case import Case
from afterfall.case.dates import month_number
from afterfall.engine.quantiles import poisson_quantile
from afterfall.evaluate.core.scoring_rules import crps
from afterfall.run.quantile_levels import low_median_high

BASELINE_DRAWS = 999
#: Numbers of published years whose mean a baseline carries forward.
WINDOWS = (1, 3, 5)
POISSON, OVERDISPERSED = "poisson", "negative_binomial"
#: The spreads of baselines that are scaled by the list.
LISTED = {POISSON: "listed_poisson", OVERDISPERSED: "listed_negative_binomial"}
#: Sizes of the negative binomial that are tried.
SIZES = np.geomspace(0.05, 200.0, 120)
#: Mean used for a count of zero.
HALF = 0.5


@dataclass(frozen=True, slots=True)
class CountBaseline:
    """One baseline of one count: its window in published years, its spread (scaled by the list or not), mean, CRPS."""

    years: int
    spread: str
    mean: float
    crps: float

    @property
    def name(self) -> tuple[int, str]:
        """Window and spread."""
        return self.years, self.spread


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
    baselines
        Every baseline, by window and spread; none without a count published by the as-of date.
    """

    place: str
    year: int
    hindcast: bool
    observed: int
    predicted: tuple[float, float, float]
    inside90: bool
    crps: float
    last_count: int | None
    baselines: tuple[CountBaseline, ...]

    def baseline_crps(self, name: tuple[int, str]) -> float:
        """CRPS of a baseline, by window and spread; NaN if there is none."""
        return next((b.crps for b in self.baselines if b.name == name), float("nan"))


@dataclass(frozen=True, slots=True)
class CountOpponent:
    """The opponent of some counts: its window and spread, and mean CRPS of it and of the forecast.

    `means` has the mean CRPS of every baseline, by window and spread. `counts` says over how many counts.
    """

    years: int
    spread: str
    crps: float
    forecast_crps: float
    means: dict[tuple[int, str], float]
    counts: int

    @property
    def name(self) -> tuple[int, str]:
        """Window and spread."""
        return self.years, self.spread


def later_counts(attacks: Attacks, whole: Case) -> tuple[LaterCount, ...]:
    """Score every yearly count of the whole case that the cut case does not have, by place and year."""
    known = {(c.place, c.year): c.attempts for c in attacks.counts}
    drawn = {int(y) for y in attacks.year_of if (attacks.year_of == y).sum() == 12}
    counts = published_counts(whole, attacks.countries)
    later = [c for c in counts if (c.place, c.year) not in known and c.year in drawn]
    sizes = {window: dispersion(attacks.counts, window) for window in WINDOWS}
    return tuple(_scored(attacks, count, sizes) for count in later)


def best_baseline(later: Sequence[LaterCount]) -> CountOpponent | None:
    """The opponent of some counts.

    Hindcasts are left out, unless there is nothing else, and so are counts of places without an earlier count. None if
    no count is left.
    """
    paired = [one for one in later if one.baselines]
    some = [one for one in paired if not one.hindcast] or paired
    if not some:
        return None
    shared = [b.name for b in some[0].baselines if all(np.isfinite(one.baseline_crps(b.name)) for one in some)]
    means = {name: float(np.mean([one.baseline_crps(name) for one in some])) for name in shared}
    best = min(means, key=means.__getitem__) if len(some) > 1 else (WINDOWS[0], POISSON)
    return CountOpponent(*best, means[best], float(np.mean([one.crps for one in some])), means, len(some))


def dispersion(counts: Sequence[AttemptCount], window: int = 1) -> float | None:
    """Size of the negative binomial with the highest likelihood of each count given the years before; None without one.

    >>> steady, wild = ((AttemptCount("XEU", 2014, 5), AttemptCount("XEU", 2015, n)) for n in (5, 40))
    >>> dispersion(wild) < dispersion(steady)
    True
    """
    pairs = year_pairs(counts, window)
    if not pairs:
        return None
    chance = sum(np.asarray(nbinom.logpmf(n, SIZES, SIZES / (SIZES + max(mean, HALF)))) for mean, n in pairs)
    return float(SIZES[int(np.argmax(chance))])


def year_pairs(counts: Sequence[AttemptCount], window: int = 1) -> list[tuple[float, int]]:
    """Published counts after the year before was counted too: (mean of the last counts up to the year before, count).

    >>> year_pairs([AttemptCount("XEU", 2013 + k, n) for k, n in enumerate((2, 4, 9))], window=3)
    [(2.0, 4), (3.0, 9)]
    """
    years = {(c.place, c.year) for c in counts}
    found = []
    for count in counts:
        if (count.place, count.year - 1) in years:
            before = [c for c in counts if c.place == count.place and c.year < count.year]
            found.append((_mean(before, window), count.attempts))
    return found


def _mean(counts: Sequence[AttemptCount], window: int) -> float:
    """Mean of the last counts of one place."""
    return float(np.mean([c.attempts for c in sorted(counts, key=lambda c: c.year)[-window:]]))


def _scored(attacks: Attacks, count: AttemptCount, sizes: dict[int, float | None]) -> LaterCount:
    values = attacks.attempts_in(count.place, count.year).astype(float)
    low, median, high = low_median_high(values)
    before = sorted((c for c in attacks.counts if c.place == count.place), key=lambda c: c.year)
    return LaterCount(
        place=count.place,
        year=count.year,
        hindcast=count.year < attacks.run.as_of.year,
        observed=count.attempts,
        predicted=(low, median, high),
        inside90=low <= count.attempts <= high,
        crps=_crps(values, count.attempts),
        last_count=before[-1].attempts if before else None,
        baselines=tuple(_baselines(attacks, before, count.attempts, sizes)) if before else (),
    )


def _baselines(
    attacks: Attacks, before: Sequence[AttemptCount], observed: int, sizes: dict[int, float | None]
) -> list[CountBaseline]:
    found = []
    for window, size in sizes.items():
        mean, ratio = _mean(before, window), list_ratio(attacks, before[-window:])
        scaled = [({POISSON: POISSON, OVERDISPERSED: OVERDISPERSED}, mean)]
        for names, m in (*scaled, *([] if ratio is None else [(LISTED, mean * ratio)])):
            found.append(CountBaseline(window, names[POISSON], m, _crps(_poisson_quantiles(m), observed)))
            if size is not None:
                spread = _overdispersed_quantiles(m, size)
                found.append(CountBaseline(window, names[OVERDISPERSED], m, _crps(spread, observed)))
    return found


def list_ratio(attacks: Attacks, counts: Sequence[AttemptCount]) -> float | None:
    """Listed attacks in the last twelve months of the list against the mean year of some counts of one place.

    None where the list has fewer months, or does not cover all the counted years, or none of the place.
    """
    months = attacks.public.months
    covered = attacks.model.case.covered(counts[0].place) & set(attacks.public.countries)
    spans = [range(first, first + 12) for first in (month_number(f"{c.year}-01") for c in counts)]
    last = months[-12:]
    if not covered or len(last) < 12 or any(m not in months for span in spans for m in span):
        return None
    when = [month_number(f"{a.day:%Y-%m}") for a in attacks.public.attacks if a.country in covered]
    yearly = sum(m in span for m in when for span in spans) / len(spans)
    return (sum(m in last for m in when) + HALF) / (yearly + HALF)


def _crps(values: np.ndarray, observed: int) -> float:
    return float(crps(np.array([float(observed)]), values[None])[0])


def _poisson_quantiles(mean: float) -> np.ndarray:
    """Equally likely values of a Poisson count."""
    even = (np.arange(BASELINE_DRAWS) + 0.5) / BASELINE_DRAWS
    return np.array([float(poisson_quantile(u, mean)) for u in even])


def _overdispersed_quantiles(mean: float, size: float) -> np.ndarray:
    """Equally likely values of a negative binomial count."""
    even = (np.arange(BASELINE_DRAWS) + 0.5) / BASELINE_DRAWS
    return np.asarray(nbinom.ppf(even, size, size / (size + max(mean, HALF))), float)
