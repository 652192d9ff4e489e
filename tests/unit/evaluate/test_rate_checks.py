"""Scores of the reference class: rank and total of first presences, totals that followed, gains over a constant."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from afterfall.evaluate.events.event_totals import later_totals
from afterfall.evaluate.events.founding_scores import CHOSEN_BY, FoundingScores, rolling, score_firsts
from afterfall.evaluate.events.rate_checks import left_out_gain


@pytest.fixture(scope="module")
def scores() -> FoundingScores:
    return score_firsts("any", dt.date(2017, 2, 13), dt.date(2022, 12, 31))


def test_first_presences_are_scored_on_the_eight_that_followed(scores: FoundingScores) -> None:
    assert scores.observed == 8
    assert 0.85 < scores.auc < 0.95
    assert 0.8 < scores.auc_tenth < 0.95
    assert scores.factor < 1.4
    assert scores.low <= scores.observed <= scores.high
    assert scores.brier < scores.brier_population


def test_a_forecast_that_does_not_know_the_population_is_worse(scores: FoundingScores) -> None:
    """Planted error: with instability alone, rank and Brier score fall below those of the model."""
    poor = score_firsts("any", dt.date(2017, 2, 13), dt.date(2022, 12, 31), covariates=("instability",))
    assert poor.auc < scores.auc - 0.05
    assert poor.brier > poor.brier_population


def test_origins_that_choose_the_structure_see_nothing_after_august_2016() -> None:
    found = rolling(("AQ",), origins=(2014, 2015))
    assert [s.until for s in found] == [dt.date(2015, 12, 31), CHOSEN_BY]


def test_a_last_day_beyond_the_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="the reference class ends on"):
        score_firsts("any", dt.date(2017, 2, 13), dt.date(2030, 1, 1))


def test_what_followed_is_counted_after_the_as_of_date() -> None:
    totals = {t.event: t for t in later_totals(dt.date(2014, 8, 1), dt.date(2016, 8, 1))}
    assert (totals["split"].observed, totals["place retaken"].observed) == (15, 18)
    assert all(t.low <= t.expected <= t.high for t in totals.values())
    assert totals["merger or absorption"].inside
    assert totals["merger or absorption"].observed == 10  # rows, not the 21 parts that organisations took in them
    assert totals["split"].width == pytest.approx((20 - 3) / totals["split"].expected, rel=0.2)


def test_the_gain_is_positive_where_cells_differ_and_negative_where_they_do_not() -> None:
    exposure = np.array([20.0, 20.0])
    differ = [(np.array([12.0, 1.0]), exposure)] * 4
    alike = [(np.array([6.0, 6.0]), exposure)] * 4
    assert left_out_gain(differ) > 5
    assert left_out_gain(alike) < 0
