"""Dated events by hand: Brier by month, the log score of a month, and the constant hazard."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.evaluate.events.stronghold_falls import constant_hazard, month_log_score, score_fall
from afterfall.model.language.case_view import CaseView

DAY = dt.date(2017, 7, 10)


def test_brier_is_the_mean_over_months() -> None:
    lost = np.array([1, 2, 2, 4])  # of three months: one trajectory beyond the horizon
    fall = score_fall("h", "H", lost, 2, DAY, 0.1, 3)
    predicted, fallen = [0.25, 0.75, 0.75], [0, 1, 1]
    assert fall.brier == pytest.approx(np.mean([(p - y) ** 2 for p, y in zip(predicted, fallen, strict=True)]))
    constant = [1 - math.exp(-0.1 * m) for m in (1, 2, 3)]
    assert fall.brier_baseline == pytest.approx(np.mean([(p - y) ** 2 for p, y in zip(constant, fallen, strict=True)]))
    assert (fall.month, fall.date) == (2, DAY)


def test_log_score_gives_one_more_trajectory_to_all_months() -> None:
    lost = np.array([1, 2, 2, 4])
    fall = score_fall("h", "H", lost, 2, DAY, 0.1, 3)
    assert fall.log_score == pytest.approx(-math.log((2 + 1 / 4) / 5))
    never_said = score_fall("h", "H", lost, 3, DAY, 0.1, 3)
    assert never_said.log_score == pytest.approx(-math.log((1 / 4) / 5))
    not_fallen = score_fall("h", "H", lost, 4, None, 0.1, 3)
    assert not_fallen.log_score == pytest.approx(-math.log((1 + 1 / 4) / 5))
    assert not_fallen.month is None


def test_probabilities_of_all_months_add_up() -> None:
    by_month = -np.expm1(-0.05 * np.arange(1, 25))
    assert sum(math.exp(-month_log_score(by_month, m)) for m in range(1, 26)) == pytest.approx(1.0)


def test_shown_months_are_of_the_horizon() -> None:
    fall = score_fall("h", "H", np.array([3, 9, 40, 31]), 9, DAY, 0.02, 30)
    assert [by.month for by in fall.by] == [6, 12, 24, 30]
    assert [by.fallen for by in fall.by] == [False, True, True, True]
    assert [by.model for by in fall.by] == [0.25, 0.5, 0.5, 0.5]
    assert fall.by[1].brier == pytest.approx(0.25)


def test_knowing_the_month_is_best_and_a_late_forecast_worse() -> None:
    right, late = np.full(100, 5), np.full(100, 20)
    assert score_fall("h", "H", right, 5, DAY, 0.1, 24).brier == 0.0
    worse = score_fall("h", "H", late, 5, DAY, 0.1, 24)
    assert worse.brier == pytest.approx(15 / 24)
    assert worse.log_score > score_fall("h", "H", right, 5, DAY, 0.1, 24).log_score


def test_constant_hazard_is_losses_by_exposure() -> None:
    # One listed holding, held since 2013-09-30: 21 months by 2015-06-30 and no loss, so a half event.
    assert constant_hazard(CaseView(open_case("tiny"))) == pytest.approx(0.5 / 21)
