"""The model's own error: a share of wide errors, learned on earlier dates by the log score, and applied by a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from afterfall.case import bundled_cases, open_case
from afterfall.evaluate.baselines.baseline_calibration import ENOUGH
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.figures import model_discrepancy as discrepancy
from afterfall.evaluate.figures.model_discrepancy import (
    ALL,
    FREEDOM,
    SIZES,
    UNCALIBRATED_DISCREPANCY,
    Discrepancy,
    DiscrepancyMixture,
    PastPrediction,
    contaminated,
    discrepancy_of,
    fit_discrepancy,
    mean_discrepancy,
)
from afterfall.evaluate.figures.predicted_figures import predicted_figure, reported_figure
from afterfall.model import build
from afterfall.posterior import posterior_for
from afterfall.run import Run, request_of

SAID = np.full(4000, 120.0)
NO_DISCREPANCY: DiscrepancyMixture = (Discrepancy(0.0, 0.0),)


def test_only_its_share_is_spread_and_never_below_what_was_public(outcome: Outcome) -> None:
    one = replace(outcome, offset=100.0)
    found = contaminated(SAID, (Discrepancy(0.3, 1.5),), one, seed=1)
    assert (found != SAID).mean() == pytest.approx(0.3, abs=0.05)
    assert found.min() >= 100.0
    assert np.array_equal(contaminated(SAID, NO_DISCREPANCY, one, seed=1), SAID)


def test_a_share_repeats_what_was_told_last(outcome: Outcome) -> None:
    for last in (80.0, 100.0):  # a counter that adds nothing to 100, and a stock
        found = contaminated(SAID, (Discrepancy(0.0, 0.0, 0.3),), replace(outcome, last_published=last), seed=1)
        assert (found == last).mean() == pytest.approx(0.3, abs=0.05)
        assert set(found) == {last, 120.0}
    never = contaminated(SAID, (Discrepancy(0.0, 0.0, 0.3),), replace(outcome, last_published=None), seed=1)
    assert np.array_equal(never, SAID)


def test_figures_of_one_place_and_quantity_are_off_together(outcome: Outcome) -> None:
    mixture = contaminated(SAID, (Discrepancy(0.3, 1.5),), outcome, seed=1)
    later = contaminated(SAID, (Discrepancy(0.3, 1.5),), replace(outcome, figure="later", month=9), seed=1)
    other = contaminated(SAID, (Discrepancy(0.3, 1.5),), replace(outcome, place="elsewhere"), seed=1)
    assert np.array_equal(mixture, later)
    assert not np.array_equal(mixture, other)


def _predictions(outcome: Outcome, off: float) -> list[PastPrediction]:
    """Fifty places: a share of the figures is ten times what the forecast says, the others are as it says."""
    rng = np.random.default_rng(4)
    base = replace(outcome, offset=None, last_published=None)
    values = 100.0 * np.exp(0.2 * rng.standard_normal(50)) * np.where(np.arange(50) < 50 * off, 10.0, 1.0)
    forecasts = 100.0 * np.exp(0.2 * rng.standard_normal((50, 300)))
    return [
        PastPrediction(replace(base, place=f"p{i}", value=float(v)), x)
        for i, (v, x) in enumerate(zip(values, forecasts, strict=True))
    ]


def test_a_forecast_that_holds_learns_no_error_and_one_that_does_not_learns_its_share(outcome: Outcome) -> None:
    assert _widely(fit_discrepancy(_predictions(outcome, 0.0), seed=1)[ALL]) <= 0.02
    assert 0.1 <= _widely(fit_discrepancy(_predictions(outcome, 0.2), seed=1)[ALL]) <= 0.3


def _widely(mixture: DiscrepancyMixture) -> float:
    """Share of the trajectories thrown at least half as far, on a log, as the figures that are ten times off."""
    beyond = np.log(10.0) / 2.0
    return float(
        np.mean([2.0 * one.share * stats.t.sf(beyond / one.size, FREEDOM) for one in mixture if one.size > 0.0])
    )


def test_the_share_that_repeats_is_learned_where_enough_had_something_to_repeat(outcome: Outcome) -> None:
    def predictions(told: int, repeated: float = 100.0) -> list[PastPrediction]:
        """Every other place repeats a hundred, or says what the forecast does; the others are as the forecast says."""
        rng = np.random.default_rng(5)
        return [
            PastPrediction(
                replace(
                    outcome,
                    place=f"p{i}",
                    offset=None,
                    last_published=100.0 if i < told else None,
                    value=repeated if i % 2 else 400.0 * float(np.exp(0.2 * rng.standard_normal())),
                ),
                400.0 * np.exp(0.2 * rng.standard_normal(300)),
            )
            for i in range(40)
        ]

    repeated = mean_discrepancy(fit_discrepancy(predictions(40), seed=1)[ALL])[2]
    never = mean_discrepancy(fit_discrepancy(predictions(40, repeated=400.0), seed=1)[ALL])[2]
    assert repeated > never + 0.1
    assert mean_discrepancy(fit_discrepancy(predictions(ENOUGH - 1), seed=1)[ALL])[2] == 0.0


def test_a_quantity_of_enough_places_learns_its_own(outcome: Outcome) -> None:
    bad, good = _predictions(outcome, 0.4), _predictions(replace(outcome, quantity="killed_so_far"), 0.0)
    found = fit_discrepancy([*bad, *good], seed=1)
    assert found[outcome.quantity] == fit_discrepancy(bad, seed=1)[ALL]
    assert found["killed_so_far"] == fit_discrepancy(good, seed=1)[ALL]
    assert _widely(found["killed_so_far"]) < _widely(found[ALL]) < _widely(found[outcome.quantity])
    assert "killed_so_far" not in fit_discrepancy([*bad, *good[: ENOUGH - 1]], seed=1)


def test_too_few_places_teach_nothing(outcome: Outcome) -> None:
    assert fit_discrepancy(_predictions(outcome, 0.2)[:3], seed=1) == {}
    assert fit_discrepancy([], seed=1) == {}


def test_a_day_takes_what_was_learned_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    early = {ALL: (Discrepancy(0.1, 1.0),)}
    late = {ALL: (Discrepancy(0.2, 1.0),), "returned": (Discrepancy(0.3, 1.0),)}
    kept = {"x": {dt.date(2015, 1, 31): early, dt.date(2016, 8, 1): late}}
    monkeypatch.setattr(discrepancy, "_estimates", lambda: kept)
    assert discrepancy_of("x", dt.date(2014, 6, 30), "returned") == UNCALIBRATED_DISCREPANCY
    assert discrepancy_of("x", dt.date(2016, 7, 31), "returned")[0].share == 0.1
    assert discrepancy_of("x", dt.date(2020, 1, 1), "returned")[0].share == 0.3
    assert discrepancy_of("x", dt.date(2020, 1, 1), "in_theatre")[0].share == 0.2
    assert discrepancy_of("y", dt.date(2020, 1, 1), "returned") == UNCALIBRATED_DISCREPANCY


def test_what_is_kept_was_learned_by_days_after_the_first_date_and_none_later() -> None:
    kept = discrepancy._estimates()
    assert set(kept) == {"isis-2017"}
    settings = open_case("isis-2017").evaluation
    assert settings.calibrated_by is not None
    assert len(kept["isis-2017"]) == len(settings.calibration)
    for days in kept.values():
        assert min(days) > settings.calibration[0]
        assert max(days) <= settings.calibrated_by
        assert all(one in discrepancy.GRID for found in days.values() for mixture in found.values() for one in mixture)


def test_the_forecast_of_a_figure_carries_it(run: Run, outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    for mixture in ((Discrepancy(0.4, 3.0),), NO_DISCREPANCY):
        monkeypatch.setattr(discrepancy, "_estimates", lambda mixture=mixture: {"tiny": {run.as_of: {ALL: mixture}}})
        same = np.array_equal(predicted_figure(run, outcome), reported_figure(run, outcome))
        assert same == (mixture == NO_DISCREPANCY)


@pytest.mark.parametrize("name", bundled_cases())
def test_it_was_learned_from_the_model_as_it_is(name: str) -> None:
    """Fails after a change of model or posteriors: ``python scripts/fit_discrepancy.py`` renews it."""
    made = discrepancy._content().get(name, {}).get("forecast", {})
    days = {dt.date.fromisoformat(day): (found["model"], found["draws"]) for day, found in made.items()}
    assert set(days) in (set(), set(open_case(name).evaluation.calibration))
    for day, (model_hash, draws) in days.items():
        model = build(open_case(name, as_of=day), horizon=60)
        request = request_of(model, trajectories=1, seed=1, posterior=posterior_for(model))
        assert (request.model_hash, request.draws) == (model_hash, draws), day


def test_the_grid_is_wider_than_what_was_learned() -> None:
    """The largest size has at most half the weight of an even grid (below the smallest is none at all)."""

    def largest(mixture: Sequence[Discrepancy]) -> float:
        return float(np.mean([one.share * (one.size == max(SIZES)) for one in mixture]))

    for days in discrepancy._estimates().values():
        for found in days.values():
            assert all(largest(mixture) <= largest(discrepancy.GRID) / 2.0 for mixture in found.values())
