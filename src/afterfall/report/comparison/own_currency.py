"""Money of other currencies in that of the country that asks, at the mean rate of the year of its prices.

The unit says which price was converted and at what rate: ``CAD (EUR of 2020 at 1.53): bringing people home, as paid in
FIN``. An amount is not carried to another year. Where the country has no currency here, or the rate was not known by
the as-of date, the amount stays as its source has it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from afterfall.policy import Difference
from afterfall.policy.costs import CostDifference, Spending
from afterfall.policy.option_set import OptionSet
from afterfall.reference.exchange_rates import OF_COUNTRY, exchange_rate

#: Fields of a difference that are amounts.
AMOUNTS = ("mean", "median", "low90", "high90", "mean_a", "mean_b", "judged", "error")
SOURCE = "means of the year, European Central Bank"


def _rate(one: Spending | CostDifference, country: str | None, day: dt.date) -> tuple[str, float] | None:
    """The country's currency, and units of it for one of the amount's own; None where nothing is converted."""
    own = OF_COUNTRY.get(country or "")
    if not one.currency or own in (None, one.currency):
        return None
    rate = exchange_rate(one.currency, str(own), one.price_year, day)
    return None if rate is None else (str(own), rate)


def _price(one: Spending | CostDifference, rate: float) -> str:
    return f"{one.currency} of {one.price_year} at {rate:.2f}"


def _unit(one: Spending | CostDifference, own: str, rate: float) -> str:
    return f"{own} ({_price(one, rate)}): {one.unit.partition(': ')[2]}"


def in_own(one: Spending, country: str | None, day: dt.date) -> Spending:
    """What is spent, in the currency of the country."""
    found = _rate(one, country, day)
    if found is None:
        return one
    own, rate = found
    return replace(one, unit=_unit(one, own, rate), amount=one.amount * rate, currency=own)


def difference_in_own(one: CostDifference, country: str | None, day: dt.date) -> CostDifference:
    """What B costs more than A, in the currency of the country."""
    found = _rate(one, country, day)
    if found is None:
        return one
    own, rate = found
    gap: Difference = replace(one.difference, **{name: rate * getattr(one.difference, name) for name in AMOUNTS})
    return replace(one, unit=_unit(one, own, rate), difference=gap, currency=own)


def rates_words(found: OptionSet, some: Iterable[Spending]) -> str:
    """The rates at which amounts are converted, in a sentence; empty where none is."""
    country, day = found.any.country, found.any.a.run.as_of
    rates = {_price(one, pair[1]): pair[0] for one in some if (pair := _rate(one, country, day))}
    if not rates:
        return ""
    (own,) = set(rates.values())
    return f"Money in {own}: {', '.join(sorted(rates))} {own} ({SOURCE}), in prices of the year named."
