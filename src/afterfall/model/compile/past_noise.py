"""Past noise: shared factors on death, capture and leaving, one for each half-year before the as-of date.

The forecast draws monthly noise as a stationary AR(1) series with standard deviation ``sd`` and memory ``a`` (see
`engine.shared_series`). The history has the same series at the resolution that figures can inform, half-years. The
factor of a half-year is that of the average of its six months, which varies less than one month and is more strongly
correlated with the half-year before::

    s^2 = sd^2 (6 + 2 sum_k (6 - k) a^k) / 36 ,  k = 1..5          variance of an average
    b   = sd^2 a (1 + a + ... + a^5)^2 / 36 / s^2                  correlation of one with the next
    x[0] = s z[0] ,  x[k] = b x[k-1] + s sqrt(1 - b^2) z[k] ,  less s^2 / 2

with one standard normal z per half-year, the oldest first, so that every factor ``exp(x)`` has mean one. A fit
estimates the z, and with them the size of the noise; without a fit they are drawn.

Assumptions: half-years, since figures of one origin are rarely closer in time. An average depends only on the one
before (with a long memory, averages two or more apart are slightly less correlated in truth). The noise of the forecast
starts independently, which drops the correlation of its first months with the last half-year (0.4 with the first month
at a memory of 0.65, 0.05 with the sixth).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from afterfall.engine.program import Floats
from afterfall.model.language.path_vocabulary import NoisePath, Path, SeriesPath
from afterfall.model.language.structure import Structure
from afterfall.model.language.vocabulary import OnPath, Rate, RateTerm

HALF_YEAR = 6


@dataclass(frozen=True, slots=True)
class PastNoise:
    """One past noise: its path, standard deviation and memory, and the names of its half-years, oldest first."""

    path: str
    sd: str
    memory: str
    names: tuple[str, ...]

    def labels(self) -> tuple[str, ...]:
        """A label for each half-year."""
        what, last = self.sd.removeprefix("noise.").removesuffix("_sd"), len(self.names) * HALF_YEAR
        months = range(last, 0, -HALF_YEAR)
        return tuple(f"{what} {m} to {m - HALF_YEAR} months before the as-of date, against all months" for m in months)


def past_noises(structure: Structure, history_months: int) -> tuple[PastNoise, ...]:
    """The noises that act on transitions of the past, in the order of their paths (past arrivals are data)."""
    moves = structure.transitions
    rates = [t.rate for t in moves] + [t.choice.rate for t in moves if t.choice]
    moving = {term.path for rate in rates for term in rate.terms if isinstance(term, OnPath)}
    halves = range(-(-history_months // HALF_YEAR), 0, -1)
    return tuple(
        PastNoise(p.name, p.sd, p.autocorrelation, tuple(f"{p.sd}[-{HALF_YEAR * k} months]" for k in halves))
        for p in structure.paths
        if isinstance(p, NoisePath) and p.name in moving
    )


def with_past_noise(structure: Structure, noises: Sequence[PastNoise]) -> Structure:
    """The structure for the past: each noise is one effect per half-year, in place of a path drawn by month."""
    by_path = {noise.path: noise for noise in noises}

    def terms(term: RateTerm) -> tuple[RateTerm, ...]:
        if not (isinstance(term, OnPath) and term.path in by_path):
            return (term,)
        return tuple(OnPath(name, name) for name in by_path[term.path].names)

    def changed(rate: Rate) -> Rate:
        return Rate(rate.name, tuple(new for term in rate.terms for new in terms(term)))

    moves = tuple(
        replace(t, rate=changed(t.rate), choice=t.choice and replace(t.choice, rate=changed(t.choice.rate)))
        for t in structure.transitions
    )
    return replace(
        structure,
        transitions=moves,
        rates=tuple(map(changed, structure.rates)),
        choices=tuple(replace(c, rate=changed(c.rate)) for c in structure.choices),
        paths=tuple(new for p in structure.paths for new in (_halves(by_path[p.name]) if p.name in by_path else (p,))),
    )


def _halves(noise: PastNoise) -> tuple[Path, ...]:
    """For each half-year of a noise, a series that is one in its months."""

    def in_half(k: int) -> Callable[[int], float]:
        return lambda month: float(-month // HALF_YEAR == k)

    label, last = f"{noise.path}, a half-year of the past", len(noise.names) - 1
    return tuple(SeriesPath(name, label, in_half(last - i)) for i, name in enumerate(noise.names))


def series(z: Sequence[Any], sd: Any, memory: Any, sqrt: Callable[[Any], Any]) -> list[Any]:
    """Values of a noise by half-year from its standard normals, oldest first; `sqrt` is that of the array library."""
    variance, kept = averaged(memory)
    fresh, s = sqrt(1.0 - kept * kept), sd * sqrt(variance)
    x = [z[0]]
    for one in z[1:]:
        x.append(kept * x[-1] + fresh * one)
    return [s * one - 0.5 * s * s for one in x]


def standard(values: Floats, sd: Floats, memory: Floats) -> Floats:
    """Values of a half-year in standard deviations of its prior, given standard deviation and memory of the noise."""
    s = sd * np.sqrt(averaged(memory)[0])
    return np.asarray((values + 0.5 * s * s) / s)


def averaged(memory: Any) -> tuple[Any, Any]:
    """Variance of half-yearly averages of a monthly AR(1) series, relative to one month, and their lag-one correlation.

    Powers are products, since those of numpy differ in the last bit between processors.
    """
    n, power, within, both = HALF_YEAR, 1.0, 0.0, 1.0
    for k in range(1, n):
        power = power * memory
        within = within + (n - k) * power
        both = both + power
    variance = (n + 2.0 * within) / n**2
    return variance, memory * both * both / n**2 / variance
