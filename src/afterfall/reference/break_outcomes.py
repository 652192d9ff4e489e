"""What a break of custody does: the share of a site that gets out, the share retaken, and whether custody collapsed.

All three are of one *further* break like those of the class, so they hold the spread between breaks as well as what is
not known of their middle. With x the logits of n known shares, mean m and standard deviation s::

    x[new] = m + s sqrt(1 + 1 / n) t[n - 1]          Student's t; with fewer than three shares normal (0, 1.5)

A break is a collapse of custody (the city, the state or the custodian falls) with a chance c of which the posterior is
beta, by weighted counts and half an event of either kind.

Breaks of 20 or more people in the country-years at risk count. Those with a known stock are larger prisons than the
others, and all shares are of the site that broke, not of all that its custodian held. Whether those who got out were
retaken is known a year later. Sources: ``custody.csv``. Units: share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from afterfall.reference.custody_breaks import SHARE_SD, SIZES, breaks_at_risk
from afterfall.reference.event_rate import DRAWS, RECALLED_WEIGHT, Floats
from afterfall.reference.reference_class import ReferenceClass

COLLAPSE = "custodial collapse"
#: Shares nearer to none or all than this are taken as this.
EDGE = 0.01


@dataclass(frozen=True)
class BreakOutcomes:
    """Draws for one further break, ``(DRAWS,)`` each in rising order, and the number of breaks each was learned from.

    Attributes
    ----------
    out
        Share of the people at the site who get out.
    retaken
        Share of these who are retaken within a year, in breaks that are no collapse.
    collapse
        Chance that the break is a collapse of custody.
    counts
        Breaks with a known stock, breaks with a known share retaken, collapses, breaks.
    """

    out: Floats = field(repr=False)
    retaken: Floats = field(repr=False)
    collapse: Floats = field(repr=False)
    counts: tuple[int, int, int, int]


def break_outcomes(known: ReferenceClass) -> BreakOutcomes:
    """What one further break does, as of the day of a class."""
    rows = breaks_at_risk(known, SIZES[0])
    out = [r.people_out / r.held for r in rows if r.people_out and r.held]
    retaken = [r.retaken_share for r in rows if r.retaken_share is not None and r.kind != COLLAPSE]
    weight = [1.0 if r.verified else RECALLED_WEIGHT for r in rows]
    fell = [r.kind == COLLAPSE for r in rows]
    collapses = sum(w for w, one in zip(weight, fell, strict=True) if one)
    chance = stats.beta.ppf(_levels(), 0.5 + collapses, 0.5 + sum(weight) - collapses)
    return BreakOutcomes(
        _further(out), _further(retaken), np.asarray(chance), (len(out), len(retaken), sum(fell), len(rows))
    )


def _further(shares: Sequence[float]) -> Floats:
    """Quantiles of the share of a further break, ``(DRAWS,)``."""
    kept = np.clip(np.array(shares, dtype=float), EDGE, 1.0 - EDGE)
    x, n = np.log(kept / (1.0 - kept)), len(kept)
    if n < 3:
        values = SHARE_SD * stats.norm.ppf(_levels())
    else:
        values = x.mean() + x.std(ddof=1) * np.sqrt(1.0 + 1.0 / n) * stats.t.ppf(_levels(), n - 1)
    found: Floats = np.clip(1.0 / (1.0 + np.exp(-values)), EDGE, 1.0 - EDGE)
    return found


def _levels() -> Floats:
    levels: Floats = (np.arange(DRAWS) + 0.5) / DRAWS
    return levels
