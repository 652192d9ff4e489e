"""A rate learned by counting: events, exposure, and a conjugate posterior.

    rate ~ Gamma(shape a, rate b),   posterior Gamma(a + sum of weights, b + weighted exposure)

**Weights.** An event that was read at its source counts 1, one that was only recalled `RECALLED_WEIGHT` (a power
likelihood: Ibrahim and Chen 2000, doi:10.1214/ss/1009212673). The exposure is multiplied by the mean weight of the
events, so recalling widens the interval and does not move the rate. One half is a judgement, not an estimate: two
recalled rows count as one that was read. `docs/reference-class.md` gives the rates under weights of a quarter and one.

Units: events per unit of exposure; the unit is part of the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats  # type: ignore[import-untyped]

Floats = NDArray[np.float64]
#: Weight of an event that was recalled and not read at its source.
RECALLED_WEIGHT = 0.5
#: Levels of the interval that is reported.
LEVELS = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Count:
    """Events and exposure.

    Attributes
    ----------
    events
        Number of events.
    exposure
        What they were counted over, in units of the rate.
    weighted
        Sum of the weights of the events.
    weighted_exposure
        Exposure times the mean weight.
    """

    events: int
    exposure: float
    weighted: float
    weighted_exposure: float


def weigh(verified: Sequence[bool], exposure: float, recalled_weight: float = RECALLED_WEIGHT) -> Count:
    """Events with their weights; without events the exposure has the weight of what was recalled.

    >>> weigh([True, False], 10.0)
    Count(events=2, exposure=10.0, weighted=1.5, weighted_exposure=7.5)
    """
    weights = [1.0 if one else recalled_weight for one in verified]
    mean = sum(weights) / len(weights) if weights else recalled_weight
    return Count(len(weights), exposure, float(sum(weights)), exposure * mean)


def counted(events: float, exposure: float) -> Count:
    """Events and exposure without weights, for a posterior that was computed elsewhere."""
    return Count(int(events), float(exposure), float(events), float(exposure))


@dataclass(frozen=True, slots=True)
class EventRate:
    """What the reference class says of one kind of event.

    Attributes
    ----------
    event, stratum
        What happens, and to whom.
    unit
        Unit of the rate, such as "per organisation-year" or "share".
    events, exposure
        Counted, unweighted; for a share the exposure is the number of affiliates, places or breaks it was learned from.
    prior
        The prior in words.
    mean, low, high
        Posterior mean and 90 % interval.
    draws
        Equally likely values of the posterior, ``(n,)``, in rising order.
    source
        The table it was counted from.
    """

    event: str
    stratum: str
    unit: str
    events: int
    exposure: float
    prior: str
    mean: float
    low: float
    high: float
    draws: Floats
    source: str


#: Prior of a rate without other knowledge: half an event, so nearly flat on the logarithm.
RATE_PRIOR_EVENTS = 0.5
#: Values that represent a posterior.
DRAWS = 2000
DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12


def gamma_rate(
    event: str, stratum: str, unit: str, count: Count, source: str, *, prior_mean: float = 0.05
) -> EventRate:
    """A rate with a gamma prior worth half an event at `prior_mean`.

    Parameters
    ----------
    event, stratum, unit, source
        As in `EventRate`.
    count
        Events and exposure.
    prior_mean
        Mean of the prior, in the unit of the rate.
    """
    shape = RATE_PRIOR_EVENTS + count.weighted
    rate = RATE_PRIOR_EVENTS / prior_mean + count.weighted_exposure
    draws = stats.gamma.ppf((np.arange(DRAWS) + 0.5) / DRAWS, shape, scale=1 / rate)
    prior = f"gamma, worth {RATE_PRIOR_EVENTS} events, mean {prior_mean:g}"
    low, high = stats.gamma.ppf(LEVELS, shape, scale=1 / rate)
    return EventRate(
        event, stratum, unit, count.events, count.exposure, prior, shape / rate, float(low), float(high), draws, source
    )


def from_draws(event: str, stratum: str, unit: str, count: Count, prior: str, draws: Floats, source: str) -> EventRate:
    """A rate from draws of its posterior, ``(n,)``, in any order."""
    low, high = np.quantile(draws, LEVELS)
    return EventRate(
        *(event, stratum, unit, count.events, count.exposure, prior, float(draws.mean()), float(low), float(high)),
        *(np.sort(draws), source),
    )
