"""Dates as sources give them (a year, a month or a day), and months between days.

A statement dated "2016" may have been made on any day of that year. When such a date is compared with an as-of date it
counts as its *last* day, so that nothing is treated as known before it certainly was.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import cache
from typing import Literal

Precision = Literal["year", "month", "day"]

#: Longest horizon of a forecast, in months: fifty years.
MOST_MONTHS = 600
DATE_SHAPE = "YYYY, YYYY-MM or YYYY-MM-DD"
_SHAPE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of year, month or day precision.

    Parameters
    ----------
    text
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Raises
    ------
    ValueError
        If `text` has another form or is not a date of the calendar.

    Examples
    --------
    >>> PartialDate("2016").last_day
    datetime.date(2016, 12, 31)
    >>> PartialDate("2016-02").precision
    'month'
    """

    text: str

    def __post_init__(self) -> None:
        _bounds(self.text)

    @property
    def precision(self) -> Precision:
        """The precision of the date."""
        return ("year", "month", "day")[self.text.count("-")]

    @property
    def first_day(self) -> dt.date:
        """Earliest day the date can mean."""
        return _bounds(self.text)[0]

    @property
    def last_day(self) -> dt.date:
        """Latest day the date can mean; the day it counts as."""
        return _bounds(self.text)[1]

    def __str__(self) -> str:
        return self.text


@cache  # a case has thousands of dates, but few distinct ones
def _bounds(text: str) -> tuple[dt.date, dt.date]:
    """First and last day that a date can mean."""
    if _SHAPE.fullmatch(text) is None:
        raise ValueError(f"expected a date as {DATE_SHAPE}, found {text!r}")
    parts = text.split("-")
    try:
        first = dt.date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    except ValueError as error:
        raise ValueError(f"expected a day of the calendar, found {text!r}") from error
    if len(parts) == 3:
        return first, first
    month = first.month if len(parts) == 2 else 12
    return first, first.replace(month=month, day=monthrange(first.year, month)[1])


def as_day(when: dt.date | str) -> dt.date:
    """A day from a date or from text of any precision, which counts as its last day.

    Raises
    ------
    ValueError
        If the text is not a date.
    """
    if isinstance(when, str):
        return PartialDate(when).last_day
    return when.date() if isinstance(when, dt.datetime) else when


def months_between(as_of: dt.date, day: dt.date) -> int:
    """Month of a day relative to an as-of date: 0 ends on the as-of date, 1 is the next month, -1 the one before.

    Examples
    --------
    >>> months_between(dt.date(2017, 2, 13), dt.date(2017, 2, 14))
    1
    >>> months_between(dt.date(2017, 2, 13), dt.date(2017, 1, 13))
    -1
    """
    months = (day.year - as_of.year) * 12 + day.month - as_of.month
    return months + (1 if day.day > as_of.day else 0)


def month_number(month: str) -> int:
    """VIEWS number of a month.

    >>> month_number("1980-01"), month_number("2018-01")
    (1, 457)
    """
    first = PartialDate(month).first_day
    return (first.year - 1980) * 12 + first.month


def month_name(number: int) -> str:
    """The month of a VIEWS number, as ``YYYY-MM``.

    >>> month_name(457)
    '2018-01'
    """
    years, months = divmod(number - 1, 12)
    return f"{1980 + years}-{months + 1:02d}"
