"""Months of a run and calendar dates.

Month m of a run ends m months after the as-of date, on the same day of the calendar month (or its last day, where the
month is shorter). A date given by a user means the latest month that ends on or before it; ``2018-06`` means its last
day, as everywhere in a case.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from afterfall.case import as_day
from afterfall.case.dates import month_number
from afterfall.run.errors import SettingError


def add_months(start: date, months: int) -> date:
    """The date a number of months later, or the last day of that month where it is too short.

    >>> add_months(date(2017, 1, 31), 1)
    datetime.date(2017, 2, 28)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def calendar_month(as_of: date) -> int:
    """VIEWS number of the calendar month that stands for month 0 of a run; month m of the run is m later.

    It is the month of the as-of date, in which the run begins. On the first of a month nothing of that month is past,
    so that month 0 is the one before, and the run begins with the whole month.

    >>> calendar_month(date(2017, 2, 13)), calendar_month(date(2017, 2, 1))
    (446, 445)
    """
    return month_number(f"{as_of - timedelta(days=1 if as_of.day == 1 else 0):%Y-%m}")


def month_at(as_of: date, at: int | date | str, horizon: int) -> int:
    """Month of a run for a month number, a date, or the text of either (``24``, ``2018``, ``2018-06``, ``2018-06-30``).

    Raises
    ------
    SettingError
        If `at` is another thing than a whole number, a date or a text.
    ValueError
        If the text is not a date, or the month lies outside 0..horizon.

    >>> month_at(date(2017, 2, 13), "2018-06", 60)
    16
    """
    if isinstance(at, str):
        at = _read(at)
    month = _months_until(as_of, at) if isinstance(at, date) else _whole(at)
    if not 0 <= month <= horizon:
        last = add_months(as_of, horizon)
        raise ValueError(f"{at} is month {month} of the run: expected 0 to {horizon}, or {as_of} to {last}")
    return month


def several_months(at: int | date | str | Iterable[int | date | str]) -> list[int | date | str]:
    """One month or date, or several, as a list; `month_at` refuses what is neither.

    >>> several_months("2018-06"), several_months([12, 24])
    (['2018-06'], [12, 24])
    """
    return list(at) if isinstance(at, Iterable) and not isinstance(at, str) else [at]


def _whole(at: object) -> int:
    try:
        if isinstance(at, bool):
            raise TypeError
        return operator.index(at)  # type: ignore[arg-type]
    except TypeError:
        raise SettingError(
            f"{{0}} must be a month (24), a date or a text such as 2019-12, found {at!r}", "at"
        ) from None


def _read(text: str) -> int | date:
    """A month number of up to three digits, or a date of any precision."""
    if text.isdecimal() and len(text) < len("2018"):
        return int(text)
    try:
        return as_day(text)
    except ValueError as problem:
        raise ValueError(f"{problem}, which is not a number of months either") from None


def _months_until(as_of: date, at: date) -> int:
    """Whole months from the as-of date to `at`, counted by `add_months`."""
    months = (at.year - as_of.year) * 12 + at.month - as_of.month
    return months if add_months(as_of, months) <= at else months - 1
