"""Whether rates of the reference class beat one constant rate on a group that they have not seen.

Each group (an organisation, a family) is left out in turn. The model learns a rate for every cell (an interval since
the loss, an age, an organisation or cells) from the other groups, the constant one rate for all cells. The gain is
the log predictive density of the counts of the group under the model, minus that under the constant, summed over
groups: positive where the cells matter. Counts are unweighted, priors gamma worth half an event at the overall rate.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import gammaln  # type: ignore[import-untyped]

from afterfall.reference.affiliate_survival import (
    FAMILY_GROUPS,
    SCALE_WORDS,
    age_counts,
    counted_affiliates,
)
from afterfall.reference.event_rate import RATE_PRIOR_EVENTS, Floats
from afterfall.reference.founding_growth import scale_growth_counts
from afterfall.reference.reference_class import ReferenceClass
from afterfall.reference.retaking import counts_by_organisation

Cells = Sequence[tuple[Floats, Floats]]


def left_out_gain(groups: Cells) -> float:
    """Gain over a constant of events and exposures by cell, ``(cell,)`` each, one pair for each group.

    >>> clear = [(np.array([9.0, 1.0]), np.array([10.0, 10.0]))] * 3
    >>> left_out_gain(clear) > 2
    True
    """
    events = np.array([e for e, _ in groups])
    exposure = np.array([t for _, t in groups])
    mean = max(events.sum(), 0.5) / exposure.sum()
    gain = 0.0
    for i in range(len(groups)):
        d, t = np.delete(events, i, axis=0).sum(axis=0), np.delete(exposure, i, axis=0).sum(axis=0)
        cells = _log_density(events[i], exposure[i], d, t, mean).sum()
        all_d, all_t, past, past_t = (np.array([x.sum()]) for x in (events[i], exposure[i], d, t))
        shares = exposure[i] / exposure[i].sum()
        among = np.where(events[i] > 0, events[i] * np.log(np.maximum(shares, 1e-12)), 0.0) - gammaln(events[i] + 1)
        constant = _log_density(all_d, all_t, past, past_t, mean)[0] + gammaln(all_d[0] + 1) + among.sum()
        gain += float(cells - constant)
    return gain


def rate_gains(known: ReferenceClass) -> dict[str, float]:
    """Gains of survival by age, growth of organisations and cells, and retaking by months since the loss."""
    found = {}
    for scale, word in SCALE_WORDS.items():
        counted = counted_affiliates(known, scale)
        families = sorted({a.family for a in counted})
        found[f"survival by age, {word}"] = left_out_gain(
            [age_counts([a for a in counted if a.family == family], known.as_of.year) for family in families]
        )
    growth = []
    for family in FAMILY_GROUPS:
        cells = [one for scale in SCALE_WORDS for one in scale_growth_counts(known, family, scale)]
        growth.append((np.array([float(len(read)) for read, _ in cells]), np.array([years for _, years in cells])))
    found["growth by scale"] = left_out_gain(growth)
    found["retaking by months since the loss"] = left_out_gain(list(counts_by_organisation(known).values()))
    return found


def _log_density(d: Floats, t: Floats, past: Floats, past_exposure: Floats, mean: float) -> Floats:
    """Log negative binomial density of counts in each cell, given past counts of the cell."""
    shape, rate = RATE_PRIOR_EVENTS + past, RATE_PRIOR_EVENTS / mean + past_exposure
    time = np.maximum(t, 1e-9)
    density: Floats = (
        gammaln(shape + d)
        - gammaln(shape)
        - gammaln(d + 1)
        + shape * np.log(rate / (rate + time))
        + np.where(d > 0, d * np.log(time / (rate + time)), 0.0)
    )
    return density
