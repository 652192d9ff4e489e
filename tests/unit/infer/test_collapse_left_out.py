"""The pool over the other collapses against brute-force integration, and what leaving one out may not see."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from afterfall.infer.collapse_left_out import EVEN, POOL, RAW, STATED, further, leave_each_out, pooled, stated_name
from afterfall.infer.past_collapses import MEAN, MEAN_SD, SETTLED_SD, past_collapses

ALL = past_collapses(dt.date(9999, 12, 31))


def test_no_forecast_sees_the_one_left_out() -> None:
    moved = [replace(ALL[0], logit=ALL[0].logit + 3.0), *ALL[1:]]
    before, after = leave_each_out(ALL), leave_each_out(moved)
    for who in (POOL, RAW, EVEN):
        assert np.array_equal(before[0].samples[who], after[0].samples[who])
    assert not np.array_equal(before[1].samples[POOL], after[1].samples[POOL])


def test_samples_are_ordered_and_the_even_one_is_even() -> None:
    found = leave_each_out(ALL)
    assert [one.collapse for one in found] == list(ALL)
    for one in found:
        assert all((np.diff(samples) > 0).all() for samples in one.samples.values())
        assert one.others == len(ALL) - 1
    shares = 1 / (1 + np.exp(-found[0].samples[EVEN]))
    assert np.diff(shares) == pytest.approx(1 / len(shares))
    assert [one.settled_alone for one in found] == [c.settled for c in ALL]


def test_the_raw_one_is_the_mean_and_spread_of_the_others() -> None:
    found = leave_each_out(ALL)[1]
    others = np.array([c.logit for c in ALL if c is not ALL[1]])
    assert found.samples[RAW].mean() == pytest.approx(others.mean())
    assert found.samples[RAW].std() == pytest.approx(others.std(ddof=1), rel=0.01)


def test_two_collapses_are_too_few() -> None:
    assert leave_each_out(ALL[:2]) == ()


def test_records_published_later_are_not_there() -> None:
    assert {c.case for c in past_collapses(dt.date(2012, 12, 31))} == {"yemen-abyan-2011"}
    assert len(past_collapses(dt.date(2016, 8, 1))) < len(ALL)


def test_a_stated_spread_is_held() -> None:
    one, others = ALL[0], list(ALL[1:])
    held = pooled(others, one, 0.8)
    design = np.array([[1.0, c.settled] for c in others])
    own = np.diag([0.8**2 + c.sd**2 for c in others])
    precision = np.diag([1 / MEAN_SD**2, 1 / SETTLED_SD**2])
    covariance = np.linalg.inv(precision + design.T @ np.linalg.inv(own) @ design)
    right = precision @ [MEAN, 0.0] + design.T @ np.linalg.inv(own) @ [c.logit for c in others]
    row = np.array([1.0, one.settled])
    assert held.mean == pytest.approx(row @ covariance @ right)
    assert held.sd**2 == pytest.approx(row @ covariance @ row + 0.8**2 + one.sd**2)


def test_the_wider_the_spread_the_less_is_said() -> None:
    widths = [np.ptp(np.quantile(further(ALL, between), [0.05, 0.95])) for between in STATED]
    assert widths == sorted(widths)
    assert set(leave_each_out(ALL)[0].samples) == {POOL, RAW, EVEN, *map(stated_name, STATED)}
