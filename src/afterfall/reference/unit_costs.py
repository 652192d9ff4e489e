"""Published unit costs: what a year in prison, a trial or a flight home has cost, in the currency of the source.

Amounts stay in the currency and the prices of the source: nothing is converted or carried to another year. For a
country its own figure counts; where it has none, that of another country stands in and is named as such. Where no
country has one, there is no price, and the cost stays in units of work. The as-of cut applies: a figure counts from its
publication on. `basis` says what the low and the high end are, and which of them is an assumption. `average` is that of
the same source over all units, where it gives one.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib import resources

from afterfall.case.dates import PartialDate

#: Months over which a unit is counted; 1 for a person.
MONTHS = {"person-year": 12.0, "person": 1.0}


@dataclass(frozen=True, slots=True)
class UnitCost:
    """A published unit cost, a row of ``data/unit_costs.csv``.

    Attributes
    ----------
    id
        Its name.
    resource
        The quantity of the model that it prices.
    country, currency, price_year
        Whose cost, in which currency (ISO 4217) and prices of which year.
    unit
        ``person-year`` or ``person``.
    low, high
        Range of the cost of a unit; `basis` says of what.
    average
        Published average cost of a unit; None where none was published.
    published, source, url, grade
        When and where it was published, and the Admiralty grade.
    """

    id: str
    resource: str
    country: str
    currency: str
    unit: str
    low: float
    high: float
    average: float | None
    price_year: int
    published: PartialDate
    source: str
    url: str
    grade: str
    basis: str

    @property
    def per_month(self) -> tuple[float, float]:
        """Range of the cost of a person-month of a stock, or of a person of a counter."""
        return self.low / MONTHS[self.unit], self.high / MONTHS[self.unit]

    @property
    def average_per_month(self) -> float | None:
        """The published average of the same; None where there is none."""
        return None if self.average is None else self.average / MONTHS[self.unit]


@cache
def unit_costs() -> tuple[UnitCost, ...]:
    """All published unit costs.

    Raises
    ------
    ValueError
        If a row has no range, or a unit that is none.
    """
    text = resources.files("afterfall.reference").joinpath("data", "unit_costs.csv").read_text(encoding="utf-8")
    found = []
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        low, high = float(row["low"]), float(row["high"])
        average = float(row["average"]) if row["average"] else None
        within = low <= (low if average is None else average) <= high
        if not 0.0 < low < high or not within or row["unit"] not in MONTHS:
            raise ValueError(
                f"unit_costs.csv, row {number}: found {low:g} to {high:g} a {row['unit']}, expected 0 < low < high, "
                f"the average between them, and one of {', '.join(MONTHS)}"
            )
        found.append(
            UnitCost(
                **{k: row[k] for k in ("id", "resource", "country", "currency", "unit", "source", "url", "grade")},
                low=low,
                high=high,
                average=average,
                price_year=int(row["price_year"]),
                published=PartialDate(row["published"]),
                basis=row["basis"],
            )
        )
    return tuple(found)


def unit_cost(resource: str, country: str | None, day: dt.date) -> UnitCost | None:
    """The unit cost that counts for a country on a day: its own newest, else the best graded of others; None if none.

    Parameters
    ----------
    resource
        A quantity of the model, such as ``imprisoned``.
    country
        Code of the country that pays; None for everyone, for whom any country's figure stands in.
    day
        The as-of date.
    """
    known = [one for one in unit_costs() if one.resource == resource and one.published.last_day <= day]
    own = [one for one in known if one.country == country]
    if own:
        return max(own, key=lambda one: one.published.last_day)
    return min(known, key=lambda one: (one.grade, -one.published.last_day.toordinal()), default=None)
