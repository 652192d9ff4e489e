"""The record: its months, what was public when, and that the shipped files say what they should."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest

from afterfall.case.dates import month_name, month_number
from afterfall.conflict.conflict_record import last_published_month, open_record
from afterfall.conflict.lagged_covariates import NAMES, lagged_covariates


def test_months_are_numbered_as_views_numbers_them() -> None:
    assert (month_number("1980-01"), month_number("2018-01"), month_number("2017-10")) == (1, 457, 454)
    assert all(month_number(month_name(m)) == m for m in range(1, 700))


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2017-02-13", "2015-12"),  # the release of 2016 came in the summer of 2017
        ("2017-07-30", "2015-12"),
        ("2017-07-31", "2016-12"),
        ("2020-02-28", "2018-12"),  # January 2020 is the first month of the monthly release
        ("2020-02-29", "2020-01"),
        ("2021-03-30", "2021-01"),
        ("2021-03-31", "2021-02"),
    ],
)
def test_what_was_public_when(day: str, last: str) -> None:
    assert month_name(last_published_month(dt.date.fromisoformat(day))) == last


def test_later_days_never_know_less() -> None:
    known = [last_published_month(dt.date(2015, 1, 1) + dt.timedelta(days=i)) for i in range(3650)]
    assert all(a <= b for a, b in itertools.pairwise(known))


def test_nothing_after_the_cut_is_there() -> None:
    cut = open_record(dt.date(2017, 2, 13))
    assert month_name(cut.last) == "2015-12"
    assert cut.events[:, 0].max() <= cut.last
    assert open_record().last > cut.last


def test_too_early_a_day_is_told() -> None:
    with pytest.raises(ValueError, match="starts in 1990-01"):
        open_record(dt.date(1990, 6, 1))


def test_the_shipped_record() -> None:
    record = open_record()
    assert len(record.countries) == len(set(record.countries)) == 191
    assert len(set(record.views_ids)) == 191
    assert np.array_equal(record.borders, record.borders.T)
    assert not record.borders.diagonal().any()
    syria, iraq = record.position["SYR"], record.position["IRQ"]
    assert record.borders[syria, iraq] == 1.0
    assert record.borders[syria, record.position["FRA"]] == 0.0
    assert record.deaths[record.position["AFG"], month_number("1990-02") - record.first] == 54
    assert np.isnan(record.deaths[record.position["SSD"], month_number("2011-06") - record.first])
    assert (record.events[:, 2] >= 1).all()
    with pytest.raises(ValueError, match="read-only"):
        record.deaths[0, 0] = 1.0


def test_covariates_by_hand() -> None:
    record = open_record()
    month = month_number("2015-12")
    rows, t = record.position["NGA"], month - record.first
    own = record.deaths[rows, : t + 1]
    near = record.deaths[record.borders[rows] > 0, t - 11 : t + 1].sum(axis=0)
    value = dict(zip(NAMES, lagged_covariates(record)[rows, t], strict=True))
    assert value["log deaths, 3 months"] == pytest.approx(np.log1p(own[-3:]).mean())
    assert value["level, 36 months"] == pytest.approx(np.log1p(own[-36:].mean()))
    assert value["frequency, 120 months"] == pytest.approx((own[-120:] > 0).mean())
    assert value["neighbours' level, 12 months"] == pytest.approx(np.log1p(near.mean()))
    assert value["silence"] == 0.0


def test_covariates_see_no_later_month() -> None:
    whole, cut = open_record(), open_record().until(month_number("2014-06"))
    months = cut.deaths.shape[1]
    assert np.array_equal(lagged_covariates(whole)[:, :months], lagged_covariates(cut), equal_nan=True)


def test_countries_without_a_year_behind_them_say_nothing() -> None:
    record = open_record()
    values = lagged_covariates(record)[record.position["SSD"]]
    first = month_number("2011-07") - record.first
    assert np.isnan(values[: first + 11]).all()
    assert not np.isnan(values[first + 11 :]).any()
