"""Partial dates count as their last day, and months are counted on the calendar of the as-of date."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterfall.case import PartialDate, as_day, months_between

DAYS = st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2016", "year", dt.date(2016, 1, 1), dt.date(2016, 12, 31)),
        ("2016-02", "month", dt.date(2016, 2, 1), dt.date(2016, 2, 29)),
        ("2017-02", "month", dt.date(2017, 2, 1), dt.date(2017, 2, 28)),
        ("2016-12", "month", dt.date(2016, 12, 1), dt.date(2016, 12, 31)),
        ("2017-02-13", "day", dt.date(2017, 2, 13), dt.date(2017, 2, 13)),
    ],
)
def test_what_a_date_can_mean(text: str, precision: str, first: dt.date, last: dt.date) -> None:
    date = PartialDate(text)
    assert (date.precision, date.first_day, date.last_day) == (precision, first, last)


@pytest.mark.parametrize(
    "text", ["", "16", "2016-2", "2016-13", "2017-02-29", "2016/02", "2016-02-01T00", "٢٠١٦", "0000"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="found"):
        PartialDate(text)


def test_text_of_any_precision_and_dates_are_days() -> None:
    assert (
        as_day("2016-08")
        == as_day(dt.date(2016, 8, 31))
        == as_day(dt.datetime(2016, 8, 31, 12, tzinfo=dt.UTC))
        == dt.date(2016, 8, 31)
    )


@given(DAYS, st.integers(1, 600))
def test_a_day_later_never_falls_in_an_earlier_month(as_of: dt.date, days: int) -> None:
    day = as_of + dt.timedelta(days=days)
    assert months_between(as_of, day) >= max(1, months_between(as_of, day - dt.timedelta(days=1)))


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ("2017-01-13", -1),
        ("2017-01-14", 0),
        ("2017-02-13", 0),
        ("2017-02-14", 1),
        ("2017-03-13", 1),
        ("2018-02-13", 12),
    ],
)
def test_month_zero_ends_on_the_as_of_date(day: str, month: int) -> None:
    assert months_between(dt.date(2017, 2, 13), as_day(day)) == month
