"""Dated events by hand: Brier by month, the log score of a month, constant hazards and the opponent among them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case, open_case
from afterfall.evaluate.events.stronghold_falls import (
    WINDOWS,
    ConstantHazard,
    FallCount,
    Falls,
    constant_hazard,
    count_falls,
    month_log_score,
    score_fall,
    score_falls,
)
from afterfall.model.language.case_view import CaseView
from afterfall.report.kit.fall_words import fall_sentence, strongholds_json
from afterfall.run import Run

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
    view = CaseView(open_case("tiny"))
    assert constant_hazard(view, 24) == pytest.approx(0.5 / 21)
    assert [constant_hazard(view, window) for window in (3, 6, 12)] == pytest.approx([0.5 / 3, 0.5 / 6, 0.5 / 12])


def test_a_loss_before_the_window_counts_in_longer_windows_only() -> None:
    """Isis-2017 lost ground faster and faster: the shorter the window, the higher the hazard."""
    view = CaseView(open_case("isis-2017"))
    lost = [-view.month_of(s.lost) for s in view.spells if s.kind != "remainder" and s.lost is not None]
    long_ago = dt.date(2000, 1, 1)
    for window in WINDOWS:
        inside = sum(age < window for age in lost)
        exposure = sum(
            max(0, (view.month_of(s.lost) if s.lost else 0) - max(-window, view.month_of(s.captured or long_ago)))
            for s in view.spells
            if s.kind != "remainder"
        )
        assert constant_hazard(view, window) == pytest.approx((inside + 0.5) / exposure)
    assert constant_hazard(view, 6) > constant_hazard(view, 24)


@pytest.fixture(scope="module")
def falls(run: Run, later: Case) -> Falls:
    return score_falls(run, later)


def test_the_opponent_is_the_best_of_four_windows(falls: Falls, run: Run) -> None:
    horizon = run.request.horizon
    assert tuple(b.window for b in falls.baselines) == WINDOWS
    (harbour,) = falls.holdings
    assert harbour.month is not None
    for one in falls.baselines:
        # The harbour fell in the fifth month; half an event in as many months as the window reaches back.
        assert one.hazard == pytest.approx(0.5 / min(one.window, 21))
        by = 1 - np.exp(-one.hazard * np.arange(1, horizon + 1))
        assert one.brier == pytest.approx(np.mean((by - (np.arange(1, horizon + 1) >= harbour.month)) ** 2))
        assert one.log_score == pytest.approx(month_log_score(by, harbour.month))
    assert falls.opponent.brier == min(b.brier for b in falls.baselines)
    assert harbour.brier_baseline == pytest.approx(falls.opponent.brier)
    assert falls.brier == harbour.brier
    assert falls.opponent.window == 3, "a fall after five months: the highest hazard"


def test_all_holdings_are_one_cluster(falls: Falls, run: Run) -> None:
    assert falls.campaign == run.request.case
    found = strongholds_json(falls)
    assert found["opponent_months"] == falls.opponent.window
    assert [one["months"] for one in found["constant_hazards"]] == list(WINDOWS)


def test_falls_are_counted_up_to_the_last_observed_one() -> None:
    lost = np.array([[1, 9], [5, 5], [31, 4], [6, 31]])  # four trajectories, two holdings
    count = count_falls(lost, [5, 3], 30)
    assert (count.month, count.fallen, count.holdings) == (5, 2, 2)
    assert count.mean == pytest.approx(np.mean([1, 2, 1, 0]))
    assert (count.low90, count.high90) == (0, 2)
    none = count_falls(lost, [31, 31], 30)
    assert (none.month, none.fallen, none.mean) == (30, 0, pytest.approx(np.mean([2, 2, 1, 1])))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (FallCount(10, 4.2, 1, 8, 12, 12), "expected 4 of 12 strongholds (90% interval 1–8) to fall within ten months"),
        (FallCount(10, 4.2, 1, 8, 12, 12), "; all 12 fell."),
        (FallCount(30, 0.34, 0, 1, 0, 1), "expected 0.3 of 1 stronghold (90% interval 0–1) to fall within 30 months"),
        (FallCount(30, 0.34, 0, 1, 0, 1), "; none fell."),
        (FallCount(1, 2.0, 2, 2, 1, 3), "(90% interval 2) to fall within one month; 1 fell."),
        (FallCount(5, 1.0, 0, 2, 2, 2), "; both fell."),
    ],
)
def test_the_sentence_says_what_was_expected_and_what_fell(count: FallCount, words: str) -> None:
    sentence = fall_sentence(dt.date(2017, 2, 13), count)
    assert sentence.startswith("As of 13 February 2017 the forecast ")
    assert words in sentence


def test_without_holdings_there_is_no_opponent_to_choose(run: Run, later: Case) -> None:
    gone = replace(run, dataset=run.dataset.assign(lost=run.dataset["lost"] * 0))
    found = score_falls(gone, later)
    assert found.holdings == ()
    assert found.count is None
    assert found.opponent == found.baselines[-1]
    assert isinstance(found.opponent, ConstantHazard)
    assert math.isnan(found.brier)
