"""Exchange rates by year: what a published amount is in the currency of the country that asks.

A rate is the mean of the reference rates of the European Central Bank over the days of a year (``data/
exchange_rates.csv``), between two currencies by way of the euro. An amount is converted at the rate of the year of its
prices, and not carried to another year. Only currencies of unit costs (`unit_costs`) and of countries that pay in them
are there.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from importlib import resources

EURO = "EUR"
#: Countries that pay in euro, and the currency of each country that has one here (ISO 3166-1 alpha-3, ISO 4217).
IN_EURO = (
    "AUT", "BEL", "CYP", "DEU", "ESP", "EST", "FIN", "FRA", "GRC", "IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD",
    "PRT", "SVK", "SVN",
)  # fmt: skip
OF_COUNTRY = {"AUS": "AUD", "CAN": "CAD", "GBR": "GBP", "USA": "USD", **dict.fromkeys(IN_EURO, EURO)}


@cache
def _per_euro() -> dict[tuple[str, int], float]:
    """Units of a currency for one euro, by currency and year."""
    text = resources.files("afterfall.reference").joinpath("data", "exchange_rates.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {(row["currency"], int(row["year"])): float(row["per_euro"]) for row in rows}


def exchange_rate(currency: str, into: str, year: int, day: dt.date) -> float | None:
    """Units of `into` for one of `currency`, on average over a year; None where it was not known by the day.

    Parameters
    ----------
    currency, into
        ISO 4217 codes.
    year
        The year of the prices.
    day
        The as-of date; the mean of a year is known when the year is over.
    """
    if currency == into:
        return 1.0
    known = _per_euro()
    there = [1.0 if code == EURO else known.get((code, year)) for code in (currency, into)]
    of, to = there
    return None if of is None or to is None or year >= day.year else to / of
