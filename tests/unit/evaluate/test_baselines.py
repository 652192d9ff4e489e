"""Naive points by hand on the small case; their errors are learned from what was early and from nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.figures import LATEST

from afterfall.case import Case, open_case
from afterfall.evaluate.baselines.baseline_calibration import (
    ENOUGH,
    GRID,
    UNCALIBRATED,
    Calibration,
    calibrate,
)
from afterfall.evaluate.baselines.baselines import (
    METHODS,
    BaselineError,
    BaselineQuantiles,
    normal_quantiles,
    spread_out,
)

AS_OF = dt.date(2017, 2, 13)
QUANTITIES = ("travelled", "returned", "killed_so_far", "in_theatre", "prosecuted")

#: The calibration day of isis-2017.
LEARNED_BY = dt.date(2016, 8, 1)


@pytest.fixture(scope="module")
def points() -> BaselineQuantiles:
    """`tiny`: arda 170 travelled and 45 returned, brom 130 and 25, cern 80 and no word; 450 in all."""
    return BaselineQuantiles(open_case("tiny"))


def test_travellers_are_the_latest_count(points: BaselineQuantiles) -> None:
    assert [points.travelled(p) for p in ("arda", "brom", "cern", "WLD")] == [170, 130, 80, 450]


@pytest.mark.parametrize(
    ("method", "place", "expected"),
    [
        ("hold_last", "arda", 45),
        # The last count of returned is of April, when 220 had travelled by the only count of that date.
        ("hold_shares", "arda", 45 / 220 * 170),
        ("regional_shares", "arda", (45 + 25) / (170 + 130) * 170),
        ("proportional", "cern", (45 + 25) / (170 + 130) * 450 * 80 / 450),
        ("uniform", "cern", (45 + 25) / (170 + 130) * 450 / 3),
        ("uniform", "WLD", (45 + 25) / (170 + 130) * 450),
        # Cern lies in a region of its own and has no count: its share falls back on the world's.
        ("hold_last", "cern", (45 + 25) / (170 + 130) * 450 * 80 / 450),
    ],
)
def test_points_by_hand(points: BaselineQuantiles, method: str, place: str, expected: float) -> None:
    assert points.of(method, "returned", place) == pytest.approx(expected)


def test_what_nobody_ever_counted_is_forecast_as_zero(points: BaselineQuantiles) -> None:
    assert {points.of(method, "repatriated", "arda") for method in METHODS} == {0.0}


def test_the_spread_is_lognormal_and_grows_with_time() -> None:
    x = spread_out(99.0, BaselineError(0.5, 0.5), 48, 2001)
    assert np.median(x) == pytest.approx(99.0)
    assert np.log1p(x).std() == pytest.approx(0.5 * 2, rel=0.01)
    assert spread_out(99.0, BaselineError(0.5, 0.0), 48, 2001).std() < x.std()
    assert spread_out(0.0, BaselineError(1.0, 0.5), 12, 99).min() == 0.0


def test_normal_quantiles_have_the_moments_of_a_normal() -> None:
    z = normal_quantiles(1000)
    assert z.mean() == pytest.approx(0.0, abs=1e-9)
    assert z.std() == pytest.approx(1.0, abs=0.01)


@pytest.fixture(scope="module")
def whole() -> Case:
    return open_case("isis-2017", as_of=LATEST)


@pytest.fixture(scope="module")
def calibration(whole: Case) -> Calibration:
    return calibrate(whole, QUANTITIES, as_of=AS_OF, horizon=60)


def told_otherwise(case: Case, *, late: bool) -> Case:
    """Figures published after the calibration day (or those before it) made to say something else."""
    return replace(
        case,
        figures=tuple(
            replace(f, low=3.0, value=3.0, high=3.0) if (f.published.last_day > LEARNED_BY) == late else f
            for f in case.figures
        ),
    )


def test_nothing_published_later_can_change_a_naive_forecast(whole: Case, calibration: Calibration) -> None:
    again = calibrate(told_otherwise(whole, late=True), QUANTITIES, as_of=AS_OF, horizon=60)
    assert again.measured_against == calibration.measured_against
    for quantity in QUANTITIES:
        for method in METHODS:
            assert again.errors[quantity][method].error == calibration.errors[quantity][method].error


def test_what_was_published_early_does_change_it(whole: Case, calibration: Calibration) -> None:
    again = calibrate(told_otherwise(whole, late=False), QUANTITIES, as_of=AS_OF, horizon=60)
    assert again.errors["returned"] != calibration.errors["returned"]


def test_an_earlier_forecast_learns_from_earlier_dates_alone(whole: Case) -> None:
    early = calibrate(whole, ("returned",), as_of=dt.date(2015, 6, 30), horizon=60)
    assert early.published_by == dt.date(2015, 6, 30)
    assert early.dates == (dt.date(2014, 6, 30), dt.date(2015, 1, 31))


def test_each_quantity_is_measured_against_the_best_of_earlier_dates(calibration: Calibration) -> None:
    for quantity, method in calibration.measured_against.items():
        calibrated = calibration.errors[quantity]
        if any(one.countries < ENOUGH for one in calibrated.values()):
            assert method == "hold_last"
        else:
            assert calibrated[method].crps == min(one.crps for one in calibrated.values())


def test_errors_are_of_the_grid_and_inside_it(calibration: Calibration) -> None:
    sizes = sorted({error.size for error in GRID})
    for calibrated in calibration.errors.values():
        assert all(sizes[0] < one.error.size < sizes[-1] for one in calibrated.values())


def test_a_case_without_a_past_falls_back_on_a_convention() -> None:
    found = calibrate(open_case("tiny", as_of=LATEST), ("returned",), as_of=dt.date(2015, 6, 30), horizon=12)
    assert {one.estimated_from for one in found.errors["returned"].values()} == {"convention"}
    assert {one.error for one in found.errors["returned"].values()} == {UNCALIBRATED}
