"""Months of a run: dates clip to short months, and a date given means the latest month not after it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterfall.case.dates import month_name
from afterfall.run.months import add_months, calendar_month, month_at

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(DAYS, st.integers(0, 240))
def test_a_month_is_the_month_of_its_own_date(as_of: date, month: int) -> None:
    assert month_at(as_of, add_months(as_of, month), 240) == month


@given(DAYS, st.integers(0, 5000))
def test_the_month_of_a_date_is_the_latest_not_after_it(as_of: date, days: int) -> None:
    at = date.fromordinal(as_of.toordinal() + days)
    month = month_at(as_of, at, 200)
    assert add_months(as_of, month) <= at < add_months(as_of, month + 1)


@pytest.mark.parametrize(
    ("text", "month"),
    [("24", 24), ("2018", 22), ("2018-06", 16), ("2018-06-12", 15), ("2018-06-13", 16), ("2022-02-13", 60)],
)
def test_texts(text: str, month: int) -> None:
    assert month_at(date(2017, 2, 13), text, 60) == month


@pytest.mark.parametrize("bad", ["soon", "2018-13", "2018-06-31", "2018/06/01"])
def test_what_is_no_date_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"expected a d.*, which is not a number of months either"):
        month_at(date(2017, 2, 13), bad, 60)


@pytest.mark.parametrize("outside", [-1, 61, "2017-02-12", date(2022, 3, 13)])
def test_a_month_outside_the_run_is_refused_with_the_span(outside: int | str | date) -> None:
    with pytest.raises(ValueError, match=r"expected 0 to 60, or 2017-02-13 to 2022-02-13"):
        month_at(date(2017, 2, 13), outside, 60)


@given(DAYS)
def test_the_first_calendar_month_is_the_first_that_lies_wholly_ahead(as_of: date) -> None:
    month = calendar_month(as_of)
    assert date.fromisoformat(f"{month_name(month)}-01") < as_of <= date.fromisoformat(f"{month_name(month + 1)}-01")


@pytest.mark.parametrize(
    ("as_of", "first"),
    [(date(2016, 7, 31), "2016-08"), (date(2016, 8, 1), "2016-08"), (date(2016, 8, 2), "2016-09")],
)
def test_on_the_first_of_a_month_that_month_lies_ahead(as_of: date, first: str) -> None:
    assert month_name(calendar_month(as_of) + 1) == first
