"""Test accuracy of an assessment in closed form: predictive values of a flag and of a clearance at a base rate.

With sensitivity s, specificity c and the share b of those assessed who are at risk::

    P(at risk | flagged)      = s b / (s b + (1 - c)(1 - b))           positive predictive value
    P(no risk | not flagged)  = c (1 - b) / (c (1 - b) + (1 - s) b)    negative predictive value
    flagged of 1,000 assessed: 1000 s b rightly, 1000 (1 - c)(1 - b) wrongly; missed 1000 (1 - s) b

If few are at risk, most flags are wrong under any test: the base rate decides, and it is not constant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.policy.paired_differences import Floats

PER = 1000.0


@dataclass(frozen=True, slots=True)
class Pooled:
    """Predictive values and base rate pooled over all simulations.

    If few people are assessed, the share in one simulation is mostly 0 or 1 and its median is uninformative. The pooled
    share is the probability that a flag from any simulation is right. NaN if there is none.
    """

    positive_value: float
    negative_value: float
    base_rate: float


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Numbers of people flagged rightly and wrongly, missed and rightly cleared; arrays of one shape."""

    flagged_rightly: Floats
    wrongly_flagged: Floats
    missed: Floats
    cleared: Floats

    @property
    def positive_value(self) -> Floats:
        """Share of the flagged who are at risk; NaN if nobody is flagged."""
        return share(self.flagged_rightly, self.flagged_rightly + self.wrongly_flagged)

    @property
    def negative_value(self) -> Floats:
        """Share of those not flagged who are no risk; NaN if everyone is flagged."""
        return share(self.cleared, self.cleared + self.missed)

    @property
    def base_rate(self) -> Floats:
        """Share of the assessed who are at risk; NaN if nobody is assessed."""
        at_risk = self.flagged_rightly + self.missed
        return share(at_risk, at_risk + self.wrongly_flagged + self.cleared)


def pooled(one: Verdicts) -> Pooled:
    """Predictive values and base rate of verdicts pooled over all simulations."""
    rightly, wrongly, missed, cleared = (
        np.asarray(float(x.sum())) for x in (one.flagged_rightly, one.wrongly_flagged, one.missed, one.cleared)
    )
    return Pooled(
        positive_value=float(share(rightly, rightly + wrongly)),
        negative_value=float(share(cleared, cleared + missed)),
        base_rate=float(share(rightly + missed, rightly + wrongly + missed + cleared)),
    )


def share(part: Floats, whole: Floats) -> Floats:
    """A share; NaN where the whole is zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan), dtype=float)


def verdicts(sensitivity: Floats, specificity: Floats, base_rate: Floats | float, assessed: float = PER) -> Verdicts:
    """Expected verdicts on `assessed` people.

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1.
    """
    s, c, b = np.broadcast_arrays(sensitivity, specificity, base_rate)
    for name, values in (("sensitivity", s), ("specificity", c), ("base rate", b)):
        if ((values < 0) | (values > 1)).any():
            raise ValueError(f"{name} must lie in 0..1, found {values.min():g} to {values.max():g}")
    at_risk, harmless = assessed * b, assessed * (1.0 - b)
    return Verdicts(s * at_risk, (1.0 - c) * harmless, (1.0 - s) * at_risk, c * harmless)
