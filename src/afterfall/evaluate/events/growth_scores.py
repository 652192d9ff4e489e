"""Active organisations and armed conflicts that first presences became, forecast against what was public later.

Observed among countries at risk on the as-of date, with a first presence by the last day of the forecast:

- an *active organisation*: a record of the family's that is an organisation, was public, and had not ended in an
  earlier year;
- an *armed conflict*: a year with 25 or more deaths between the government and the family (UCDP, state-based), up to
  the last calendar year that is over; the forecast is that by the end of that year.

Scores: total, AUC, and the Brier score over countries against the forecast that there is none anywhere.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.core.scoring_rules import brier
from afterfall.evaluate.events.spread_scores import ordering
from afterfall.foundings.world_foundings import WorldFoundings
from afterfall.reference.class_records import Affiliate
from afterfall.reference.country_years import RISKS, CountryFacts
from afterfall.reference.reference_class import ReferenceClass, open_reference_class
from afterfall.run.months import add_months

#: What is scored, as `WorldFoundings.total` calls it.
GROWN = ("organisation", "conflict")


@dataclass(frozen=True, slots=True)
class GrowthScores:
    """Scores of one kind of event; `auc` is NaN where it happened nowhere. `brier_never` is that of "none anywhere"."""

    what: str
    month: int
    mean: float
    median: float
    low: float
    high: float
    observed: tuple[str, ...]
    auc: float
    brier: float
    brier_never: float


def score_growth(found: WorldFoundings, as_of: dt.date, month: int, what: str) -> GrowthScores:
    """Score active organisations or armed conflicts (a member of `GROWN`) by a month.

    Raises
    ------
    ValueError
        If no calendar year ends by the month, for an armed conflict.
    """
    until = add_months(as_of, month)
    if what == "conflict":
        last = until.year if until.month == 12 else until.year - 1
        month = min(month, 12 * (last - as_of.year) + 12 - as_of.month + 1)
        if month < 1:
            raise ValueError(f"expected a calendar year that ends by {until}, found as_of {as_of}")
        later = open_reference_class(dt.date(last + 1, 8, 1))
        codes = {w.country for w in later.wars if w.family in RISKS[found.risk.family] and as_of.year <= w.year <= last}
    else:
        later = open_reference_class(until)
        codes = _organisations(later, found.risk.family, until)
    had = set(CountryFacts(later).firsts(found.risk.family))
    risk = found.risk
    happened = np.array([code in codes & had for code in risk.codes])[risk.at_risk]
    p, totals = found.mean_chances(month, what)[risk.at_risk], found.total(month, what)
    low, median, high = np.quantile(totals, (0.05, 0.5, 0.95))
    return GrowthScores(
        what=what,
        month=month,
        mean=float(p.sum()),
        median=float(median),
        low=float(low),
        high=float(high),
        observed=tuple(np.array(risk.codes)[risk.at_risk][happened]),
        auc=ordering(p, happened).auc if happened.any() else float("nan"),
        brier=float(brier(happened.astype(float), p).mean()),
        brier_never=float(happened.mean()),
    )


def _organisations(later: ReferenceClass, family: str, until: dt.date) -> set[str]:
    """Countries with an organisation of the family that was public by a day and had not ended before its year."""

    def there(one: Affiliate) -> bool:
        public = max(one.published.last_day, one.began.last_day) <= until
        return one.scale == "org" and public and (one.active_to is None or one.active_to >= until.year)

    return {one.country for one in later.affiliates if one.family in RISKS[family] and there(one)}
