"""Rates of several organisations, partially pooled, with the effect of losing ground.

Organisation ``g`` has ``d0`` events in ``t0`` years without losing ground,
and ``d1`` in ``t1`` years of losing it:

    d0 ~ Poisson(u m t0),   d1 ~ Poisson(u m k t1),   u ~ Gamma(a, a)

so ``m`` is the rate of an average organisation, ``k`` the coded effect of losing ground and ``1/a`` the variance
between organisations. With ``u`` integrated out the likelihood is negative binomial, and the posterior of
``(m, k, a)`` is computed on a grid, without simulation error. Events and years are weighted (`event_rate`).

**Priors.** log m ~ Normal(log 0.05, 1.5); a log-uniform on its grid; log k ~ Normal(log 2 + log 1.5, 0.6^2 + 0.25^2).

**Periods.** Events come in waves that the organisations share (Syria in 2013, the pledges of 2014 and 2015), so totals
vary more than independent organisations would. In a forecast all expected counts are multiplied by one ``v``:
v ~ Gamma(b, b), with ``b`` learned from the totals of past calendar years (negative binomial around their exposure,
log-uniform from 0.5 to 50), and the same ``v`` for the whole time ahead. Reported rates are those of an average period.

**Coding bias.** Spans of losing ground were coded by the same hand as the events, from memory, so an event makes it
likelier that its year is called one of losing ground. The coded ratio is ``k = r b``: r the true ratio,
log r ~ Normal(log 2, 0.6), and b the bias, log b ~ Normal(log 1.5, 0.25) (a judgement: half of what exceeds one may be
coding). The data inform ``k`` only; r given k follows from the two priors. The rate while not losing ground is raised
so that the total of events stays what was counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, logsumexp  # type: ignore[import-untyped]

from afterfall.reference.event_rate import DRAWS, Floats

#: Mean and standard deviation of the logarithm: rate of an average organisation, true ratio, bias of coding.
RATE_PRIOR = (float(np.log(0.05)), 1.5)
RATIO_PRIOR = (float(np.log(2.0)), 0.6)
BIAS_PRIOR = (float(np.log(1.5)), 0.25)
#: Weight of a point of the grid below which it does not count.
NO_WEIGHT = 1e-30
PRIOR_WORDS = "rate log-normal (0.05, 1.5); ratio (2, 0.6); coding bias (1.5, 0.25); organisations gamma"


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """Weighted events and exposure of each organisation: ``(group,)`` without and while losing ground."""

    events: Floats
    years: Floats
    events_losing: Floats
    years_losing: Floats

    def without(self, group: int) -> GroupCounts:
        """The counts without one organisation."""
        return GroupCounts(*(np.delete(x, group) for x in self._all()))

    def only(self, group: int) -> GroupCounts:
        """The counts of one organisation."""
        return GroupCounts(*(x[group : group + 1] for x in self._all()))

    def _all(self) -> tuple[Floats, Floats, Floats, Floats]:
        return self.events, self.years, self.events_losing, self.years_losing


def joined(parts: Sequence[GroupCounts]) -> GroupCounts:
    """The counts of several groups in one."""
    return GroupCounts(
        *(
            np.concatenate(column)
            for column in zip(*((p.events, p.years, p.events_losing, p.years_losing) for p in parts), strict=True)
        )
    )


@dataclass(frozen=True, slots=True)
class PooledRates:
    """The posterior on its grid: `weights` ``(m, k, a)`` sum to one over the values of each axis."""

    rate: Floats
    ratio: Floats
    spread: Floats
    weights: Floats
    counts: GroupCounts


def fit_pooled(counts: GroupCounts) -> PooledRates:
    """The posterior of rate, coded ratio and spread between organisations."""
    rate = np.exp(np.linspace(np.log(0.0005), np.log(2.0), 61))
    ratio = np.exp(np.linspace(np.log(0.2), np.log(30.0), 41))
    spread = np.exp(np.linspace(np.log(0.15), np.log(50.0), 15))
    logs = _log_likelihood(counts, rate, ratio, spread).sum(axis=0)
    sd = float(np.hypot(RATIO_PRIOR[1], BIAS_PRIOR[1]))
    logs -= 0.5 * ((np.log(rate) - RATE_PRIOR[0]) / RATE_PRIOR[1])[:, None, None] ** 2
    logs -= 0.5 * ((np.log(ratio) - RATIO_PRIOR[0] - BIAS_PRIOR[0]) / sd)[None, :, None] ** 2
    return PooledRates(rate, ratio, spread, np.exp(logs - logsumexp(logs)), counts)


def posterior_draws(fit: PooledRates, seed: int = 1) -> tuple[Floats, Floats]:
    """Draws of the rate while not losing ground and of the true ratio, each ``(DRAWS,)``; the bias is taken out."""
    rng = np.random.default_rng([seed, 19])
    at = rng.choice(fit.weights.size, DRAWS, p=fit.weights.ravel())
    i, j, _ = np.unravel_index(at, fit.weights.shape)
    step = np.log(fit.rate[1] / fit.rate[0]), np.log(fit.ratio[1] / fit.ratio[0])
    rate = fit.rate[i] * np.exp((rng.random(DRAWS) - 0.5) * step[0])
    coded = np.log(fit.ratio[j]) + (rng.random(DRAWS) - 0.5) * step[1]
    share = RATIO_PRIOR[1] ** 2 / (RATIO_PRIOR[1] ** 2 + BIAS_PRIOR[1] ** 2)
    mean = RATIO_PRIOR[0] + share * (coded - RATIO_PRIOR[0] - BIAS_PRIOR[0])
    ratio = np.exp(mean + RATIO_PRIOR[1] * np.sqrt(1 - share) * rng.standard_normal(DRAWS))
    total, losing = fit.counts.years.sum(), fit.counts.years_losing.sum()
    return rate * (total + np.exp(coded) * losing) / (total + ratio * losing), ratio


def expected_counts(fit: PooledRates, later: GroupCounts, seed: int = 1) -> Floats:
    """Expected events of each organisation in later years, ``(DRAWS, group)``.

    Parameters
    ----------
    fit
        The posterior. Its groups come first in `later`, in the same order; further ones are new.
    later
        Later years of each organisation; its events are not read. The coded ratio applies, as years are coded alike.
    seed
        Seed of the draws.
    """
    rng = np.random.default_rng([seed, 29])
    at = rng.choice(fit.weights.size, DRAWS, p=fit.weights.ravel())
    rate, ratio, spread = np.unravel_index(at, fit.weights.shape)
    m, k, a = fit.rate[rate, None], fit.ratio[ratio, None], fit.spread[spread, None]
    new = len(later.years) - len(fit.counts.years)
    past = np.pad(fit.counts.events + fit.counts.events_losing, (0, new))
    t0, t1 = (np.pad(x, (0, new)) for x in (fit.counts.years, fit.counts.years_losing))
    own = rng.gamma(a + past, 1 / (a + m * (t0 + k * t1)))
    expected: Floats = own * m * (later.years + k * later.years_losing)
    return expected


def period_multiples(events: Floats, exposure: Floats, seed: int = 1) -> Floats:
    """Multiples by which a time ahead may differ from an average one, ``(DRAWS,)``.

    Parameters
    ----------
    events, exposure
        Events and exposure of past calendar years, ``(year,)``.
    seed
        Seed of the draws.
    """
    there = exposure > 0
    d, t = events[there], exposure[there]
    rate = np.exp(np.linspace(-2.5, 2.5, 41)) * max(d.sum(), 0.5) / max(t.sum(), 1e-9)
    shape = np.exp(np.linspace(np.log(0.5), np.log(50.0), 25))
    b, mean = shape[None, :, None], rate[:, None, None] * t
    logs = (gammaln(b + d) - gammaln(b) + b * np.log(b) + d * np.log(mean) - (b + d) * np.log(b + mean)).sum(axis=2)
    weights = np.exp(logs - logsumexp(logs)).sum(axis=0)
    rng = np.random.default_rng([seed, 41])
    chosen = rng.choice(shape, DRAWS, p=weights / weights.sum())
    multiples: Floats = rng.gamma(chosen, 1 / chosen)
    return multiples


def predictive_gain(counts: GroupCounts) -> float:
    """Sum over organisations of log predictive density, each left out in turn, minus that of one constant rate.

    The constant has no effect of losing ground and no differences between organisations; its rate has the same prior.
    A positive value says that the model predicts organisations it has not seen better than the constant does.
    """
    gain = 0.0
    for group in range(len(counts.events)):
        rest, one = counts.without(group), counts.only(group)
        fit = fit_pooled(rest)
        model = _log_likelihood(one, fit.rate, fit.ratio, fit.spread)[0]
        kept = fit.weights > NO_WEIGHT
        gain += float(logsumexp(model[kept] + np.log(fit.weights[kept]))) - constant_log_density(rest, one)
    return gain


def _log_likelihood(counts: GroupCounts, rate: Floats, ratio: Floats, spread: Floats) -> Floats:
    """Log density of each organisation's events over the grid, ``(group, m, k, a)``; weights may be fractions."""
    shape = (-1, 1, 1, 1)
    d0, t0, d1, t1 = (
        x.reshape(shape) for x in (counts.events, counts.years, counts.events_losing, counts.years_losing)
    )
    m, k, a = rate[None, :, None, None], ratio[None, None, :, None], spread[None, None, None, :]
    d = d0 + d1
    found: Floats = (
        gammaln(a + d) - gammaln(a) + a * np.log(a) + d * np.log(m) + d1 * np.log(k)
        - (a + d) * np.log(a + m * (t0 + k * t1))
    )  # fmt: skip
    return found


def constant_log_density(rest: GroupCounts, one: GroupCounts) -> float:
    """Log density of some organisations' events under one constant rate learned from others, up to factorials."""
    rate = np.exp(np.linspace(np.log(0.0005), np.log(2.0), 241))
    prior = -0.5 * ((np.log(rate) - RATE_PRIOR[0]) / RATE_PRIOR[1]) ** 2

    def log_density(counts: GroupCounts) -> Floats:
        d = counts.events.sum() + counts.events_losing.sum()
        density: Floats = d * np.log(rate) - rate * (counts.years.sum() + counts.years_losing.sum())
        return density

    learned = prior + log_density(rest)
    return float(logsumexp(learned + log_density(one)) - logsumexp(learned))
