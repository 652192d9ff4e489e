"""Numbers as people read them."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterfall.report.kit.number_formats import chance, day, interval, json_number, published_count, share, two_figures


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (3, "3"),
        (5.24, "5.2"),
        (9.96, "10"),
        (10, "10"),
        (86.4, "86"),
        (99.6, "100"),
        (1049, "1,000"),
        (17432, "17,000"),
        (1_250_001, "1,300,000"),
        (0.0344, "0.034"),
        (-130, "-130"),
        (math.nan, "–"),
        (math.inf, "–"),
    ],
)
def test_two_figures(value: float, text: str) -> None:
    assert two_figures(value) == text


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_two_figures_is_within_one_part_in_twenty(value: float) -> None:
    assert float(two_figures(value).replace(",", "")) == pytest.approx(value, rel=0.0501)


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_two_figures_never_prints_a_third(value: float) -> None:
    digits = two_figures(value).replace(",", "").replace(".", "").strip("0")
    assert len(digits) <= 2


def test_a_published_count_under_five_is_withheld_and_zero_is_not() -> None:
    assert [published_count(n) for n in (0, 1, 4, 5, 12)] == ["0", "<5", "<5", "5", "12"]


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (2041, 11120, "2,000–11,000"),
        (0, 3, "0–3"),
        (0, 0, "0"),
        (1010, 1040, "1,000"),
        (-130, 8, "-130 to 8"),
        (1, math.inf, "–"),
    ],
)
def test_interval(low: float, high: float, text: str) -> None:
    assert interval(low, high) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0%"), (0.004, "<1%"), (0.314, "31%"), (0.994, ">99%"), (1, "100%"), (1 - 1e-15, "100%"), (math.nan, "–")],
)
def test_share(value: float, text: str) -> None:
    assert share(value) == text


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0, "none of 2,000"),
        (0.003, "about 3 in 1,000"),
        (0.31, "31 in 100"),
        (0.9951, "more than 99 in 100"),
        (1, "all of 2,000"),
        (math.nan, "–"),
    ],
)
def test_chance_never_says_certain_or_never(probability: float, text: str) -> None:
    assert chance(probability, 2000) == text


def test_dates_do_not_depend_on_the_locale() -> None:
    assert day(dt.date(2022, 2, 3)) == "3 Feb 2022"


def test_json_has_no_nan() -> None:
    assert [json_number(x) for x in (1.5, math.nan, math.inf, -math.inf)] == [1.5, None, None, None]
