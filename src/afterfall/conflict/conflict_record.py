"""Deaths in state-based conflict by country and month, and from when each month was public.

Months are numbered as VIEWS numbers them: 1 is January 1980.

**The as-of cut.** Counts have no publication date of their own, so a rule supplies one. The yearly release of UCDP's
events covers a calendar year and is taken as public from 31 July of the next year. From January 2020 on, when the
monthly candidate events cover the world, a month is public from the last day of the following month (Hegre, Croicu, Eck
and Högbladh 2020, doi:10.1177/2053168020935257). As of 13 February 2017 the last known month is December 2015.
`open_record` cuts what is not yet public, and nothing else reads the full record. The values are of later vintages
than these dates (see the README of the data).
"""

from __future__ import annotations

import csv
import datetime as dt
from calendar import monthrange
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources

import numpy as np

from afterfall.case.dates import month_name, month_number
from afterfall.engine.program import Floats, Longs

#: First month that the monthly release covers worldwide.
MONTHLY_FROM = 481
#: Month and day of the next year from which a yearly release counts as public.
YEARLY_RELEASE = (7, 31)


@dataclass(frozen=True, eq=False)
class ConflictRecord:
    """Deaths by country and month, with land borders and counts of events.

    Attributes
    ----------
    countries
        ISO 3166-1 alpha-3 codes, in alphabetical order.
    names, views_ids
        Their names and VIEWS country numbers.
    first
        Number of the first month.
    deaths
        Deaths, ``(country, month)``; NaN before a country's record starts.
    borders
        One where two countries share a land border, ``(country, country)``.
    events
        Rows of (month, deaths, events) for months in which events were counted, ``(n, 3)``.
    """

    countries: tuple[str, ...]
    names: tuple[str, ...]
    views_ids: tuple[int, ...]
    first: int
    deaths: Floats
    borders: Floats
    events: Longs

    @property
    def last(self) -> int:
        """Number of the last month known."""
        return self.first + int(self.deaths.shape[1]) - 1

    @cached_property
    def position(self) -> dict[str, int]:
        """Row of each country."""
        return {code: i for i, code in enumerate(self.countries)}

    def recent(self, months: int) -> Floats:
        """Deaths of the last months, ``(country, months)``; unknown is not zero.

        A country whose record begins within them has its own known months again in place of the unknown ones, in order
        and as often as they are needed. A country whose record has ended (it is no more) has zeros.
        """
        found = np.array(self.deaths[:, -months:])
        for row in found:
            known = ~np.isnan(row)
            if known[-1] and not known.all():
                row[~known] = np.resize(row[known], int((~known).sum()))
        return np.nan_to_num(found)

    def until(self, month: int) -> ConflictRecord:
        """The record up to and including a month; a month beyond its end cuts nothing.

        Raises
        ------
        ValueError
            If the month lies before the record starts.
        """
        if month < self.first:
            raise ValueError(
                f"the record of violence starts in {month_name(self.first)}: found no month up to {month_name(month)}"
            )
        kept = self.deaths[:, : month - self.first + 1]
        return replace(self, deaths=kept, events=self.events[self.events[:, 0] <= month])


def open_record(known_by: dt.date | None = None) -> ConflictRecord:
    """The record, cut to the months that were public by a day; None keeps all of it.

    Raises
    ------
    ValueError
        If no month was public by then.
    """
    whole = _whole()
    return whole if known_by is None else whole.until(last_published_month(known_by))


def last_published_month(day: dt.date) -> int:
    """The last month whose count was public on a day, by the rule in the module docstring."""
    year = day.year - 1 if day >= dt.date(day.year, *YEARLY_RELEASE) else day.year - 2
    yearly = month_number(f"{year}-12")
    end_of_month = day.day == monthrange(day.year, day.month)[1]
    monthly = month_number(f"{day:%Y-%m}") - (1 if end_of_month else 2)
    return max(yearly, monthly) if monthly >= MONTHLY_FROM else yearly


@cache
def _whole() -> ConflictRecord:
    listed = _rows("countries.csv")
    position = {row["country"]: i for i, row in enumerate(listed)}
    first = min(month_number(row["first"]) for row in listed)
    months = max(month_number(row["last"]) for row in listed) - first + 1
    deaths = np.zeros((len(listed), months))
    for i, row in enumerate(listed):
        deaths[i, : month_number(row["first"]) - first] = np.nan
        deaths[i, month_number(row["last"]) - first + 1 :] = np.nan
    for row in _rows("deaths.csv"):
        deaths[position[row["country"]], month_number(row["month"]) - first] = float(row["deaths"])
    borders = np.zeros((len(listed), len(listed)))
    for row in _rows("neighbours.csv"):
        one, other = position[row["country"]], position[row["neighbour"]]
        borders[one, other] = borders[other, one] = 1.0
    events = [(month_number(r["month"]), int(r["deaths"]), int(r["events"])) for r in _rows("events.csv")]
    deaths.flags.writeable = borders.flags.writeable = False
    return ConflictRecord(
        countries=tuple(position),
        names=tuple(row["name"] for row in listed),
        views_ids=tuple(int(row["views_id"]) for row in listed),
        first=first,
        deaths=deaths,
        borders=borders,
        events=np.array(events, dtype=np.int64),
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("afterfall.conflict").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
