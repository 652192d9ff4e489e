"""Rates of several organisations, partially pooled, with the effect of losing ground.

Organisation ``g`` has ``d0`` events in ``t0`` years without losing ground,
and ``d1`` in ``t1`` years of losing it:

    d0 ~ Poisson(u m t0),   d1 ~ Poisson(u m k t1),   u ~ Gamma(a, a)

so ``m`` is the rate of an average organisation, ``k`` the coded effect of losing ground and ``1/a`` the variance
between organisations. With ``u`` integrated out the likelihood is negative binomial, and the posterior of
``(m, k, a)`` is computed on a grid, without simulation error. Events and years are weighted (`event_rate`).

**Priors.** log m ~ Normal(log 0.05, 1.5); a log-uniform on its grid; log k ~ Normal(log 2 + log 1.5, 0.6^2 + 0.25^2).

**Periods.** Years differ for all organisations together (`period_effects`). Reported rates are those of an average
period.

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
class RatioPrior:
    """Mean and standard deviation of the log: of the true ratio, and of the bias of coding (see the module docstring).

    `grid` are the least and largest coded ratio on the grid.
    """

    true: tuple[float, float]
    bias: tuple[float, float]
    grid: tuple[float, float]


#: Losing ground is expected to raise a rate.
RAISING = RatioPrior(RATIO_PRIOR, BIAS_PRIOR, (0.2, 30.0))
#: A ratio whose log may have either sign, as uncertain as that one, coded without a bias.
EITHER_SIGN = RatioPrior((0.0, RATIO_PRIOR[1]), (0.0, 0.0), (0.05, 20.0))
#: As good as two rates apart: the ratio is as uncertain as a rate.
APART = RatioPrior((0.0, RATE_PRIOR[1]), (0.0, 0.0), (0.01, 30.0))


@dataclass(frozen=True, slots=True)
class PooledRates:
    """The posterior on its grid: `weights` ``(m, k, a)`` sum to one over the values of each axis."""

    rate: Floats
    ratio: Floats
    spread: Floats
    weights: Floats
    counts: GroupCounts
    prior: RatioPrior = RAISING


def fit_pooled(
    counts: GroupCounts, gamma_prior: tuple[float, float] | None = None, ratio_prior: RatioPrior = RAISING
) -> PooledRates:
    """The posterior of rate, coded ratio and spread between organisations.

    Parameters
    ----------
    counts
        Events and exposure.
    gamma_prior
        Shape and rate of a gamma prior of the rate, in place of the log-normal one: events and exposure that it is
        worth.
    ratio_prior
        Prior of the ratio.
    """
    rate = np.exp(np.linspace(np.log(0.0005), np.log(2.0), 61))
    ratio = np.exp(np.linspace(np.log(ratio_prior.grid[0]), np.log(ratio_prior.grid[1]), 41))
    spread = np.exp(np.linspace(np.log(0.15), np.log(50.0), 15))
    logs = _log_likelihood(counts, rate, ratio, spread).sum(axis=0)
    mean, sd = ratio_prior.true[0] + ratio_prior.bias[0], float(np.hypot(ratio_prior.true[1], ratio_prior.bias[1]))
    if gamma_prior is None:
        logs -= 0.5 * ((np.log(rate) - RATE_PRIOR[0]) / RATE_PRIOR[1])[:, None, None] ** 2
    else:
        logs += (gamma_prior[0] * np.log(rate) - gamma_prior[1] * rate)[:, None, None]  # density of log m
    logs -= 0.5 * ((np.log(ratio) - mean) / sd)[None, :, None] ** 2
    return PooledRates(rate, ratio, spread, np.exp(logs - logsumexp(logs)), counts, ratio_prior)


@dataclass(frozen=True, slots=True)
class JointRates:
    """Joint draws: the rate while not losing ground, the true ratio ``(DRAWS,)``, each multiple ``(DRAWS, group)``."""

    calm: Floats
    ratio: Floats
    own: Floats


def posterior_draws(fit: PooledRates, seed: int = 1) -> tuple[Floats, Floats]:
    """Draws of the rate while not losing ground and of the true ratio, each ``(DRAWS,)``; the bias is taken out."""
    none = np.zeros(0)
    found = joint_rates(fit, GroupCounts(none, none, none, none), seed)
    return found.calm, found.ratio


def joint_rates(fit: PooledRates, records: GroupCounts, seed: int = 1) -> JointRates:
    """Draws of the rate, the true ratio, and the multiples of organisations with some records, all from one posterior.

    Parameters
    ----------
    fit
        The posterior.
    records
        What each organisation has done, as in the class (weights and coded spans alike). Zeros for one without a
        record: its multiple is then that of any organisation.
    seed
        Seed of the draws.
    """
    rng = np.random.default_rng([seed, 19])
    at = rng.choice(fit.weights.size, DRAWS, p=fit.weights.ravel())
    i, j, spread = np.unravel_index(at, fit.weights.shape)
    step = np.log(fit.rate[1] / fit.rate[0]), np.log(fit.ratio[1] / fit.ratio[0])
    rate = fit.rate[i] * np.exp((rng.random(DRAWS) - 0.5) * step[0])
    coded = np.log(fit.ratio[j]) + (rng.random(DRAWS) - 0.5) * step[1]
    true, bias = fit.prior.true, fit.prior.bias
    share = true[1] ** 2 / (true[1] ** 2 + bias[1] ** 2)
    mean = true[0] + share * (coded - true[0] - bias[0])
    ratio = np.exp(mean + true[1] * np.sqrt(1 - share) * rng.standard_normal(DRAWS))
    total, losing = fit.counts.years.sum(), fit.counts.years_losing.sum()
    calm = rate * (total + np.exp(coded) * losing) / (total + ratio * losing)
    a, m, k = fit.spread[spread][:, None], rate[:, None], np.exp(coded)[:, None]
    own = rng.gamma(
        a + records.events + records.events_losing, 1 / (a + m * (records.years + k * records.years_losing))
    )
    return JointRates(calm, ratio, own)


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


def predictive_gain(counts: GroupCounts, shared: Floats | None = None) -> float:
    """Sum over organisations of log predictive density, each left out in turn, minus that of one constant rate.

    The constant has no effect of losing ground and no differences between organisations; its rate has the same prior.
    A positive value says that the model predicts organisations it has not seen better than the constant does.

    Parameters
    ----------
    counts
        Events and exposure.
    shared
        Events of the second organisation that are also events of the first, ``(2, group, group)``: without and while
        losing ground. They are left out with the first; without them the others would give its events away.
    """
    gain = 0.0
    for group in range(len(counts.events)):
        one = counts.only(group)
        rest = _less(counts, shared[:, group]).without(group) if shared is not None else counts.without(group)
        fit = fit_pooled(rest)
        model = _log_likelihood(one, fit.rate, fit.ratio, fit.spread)[0]
        kept = fit.weights > NO_WEIGHT
        gain += float(logsumexp(model[kept] + np.log(fit.weights[kept]))) - constant_log_density(rest, one)
    return gain


def _less(counts: GroupCounts, events: Floats) -> GroupCounts:
    """The counts without some events ``(2, group)``."""
    calm, losing = (np.maximum(x - y, 0.0) for x, y in zip((counts.events, counts.events_losing), events, strict=True))
    return GroupCounts(calm, counts.years, losing, counts.years_losing)


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
