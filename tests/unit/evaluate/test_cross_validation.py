"""Collapses left out: scores of the share of dead, places by what the other case teaches, and the page."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from tests.made_up.figures import LATEST

from afterfall.case import Case, open_case
from afterfall.evaluate.core.scoring_rules import crps, log_score
from afterfall.evaluate.record.mortality_cross_validation import MortalityScores, score_mortality
from afterfall.evaluate.record.spread_cross_validation import SpreadCrossValidation, cross_validate_spread
from afterfall.model import build
from afterfall.report.kit.json_registry import plain
from afterfall.report.track_record.cross_check_json import pooled_json, spread_cross_validation_json
from afterfall.report.track_record.cross_validation import pooled_sections, spread_sections
from afterfall.run import Run, forecast


@pytest.fixture(scope="module")
def pooled() -> MortalityScores:
    rng = np.random.default_rng(3)
    near, far = rng.normal(0, 1, (3, 300)), rng.normal(3, 1, (3, 300))
    return score_mortality(
        ["a", "b", "c"], [0.0, 0.5, -4.0], {"pool": near, "raw": far}, notes=["", "alone", ""], seed=1
    )


def test_scores_are_those_of_the_rules(pooled: MortalityScores) -> None:
    rng = np.random.default_rng(3)
    near = rng.normal(0, 1, (3, 300))
    assert pooled.marks["pool"].crps == pytest.approx(crps(np.array([0.0, 0.5, -4.0]), near))
    assert pooled.marks["pool"].log_score == pytest.approx(log_score(np.array([0.0, 0.5, -4.0]), near))
    assert list(pooled.marks["pool"].inside90) == [1, 1, 0]
    assert pooled.observed[0] == 0.5
    assert pooled.skill["raw"].skill > 0
    assert pooled.skill["raw"].clusters == 3


def test_the_page_prints_what_is_worse_and_what_was_missed(pooled: MortalityScores) -> None:
    page = "\n".join(pooled_sections(pooled))
    assert "too few to judge against raw mean and spread" in page  # two collapses
    assert "missed" in page
    assert "alone" in page
    samples = {"pool": np.zeros((5, 50)), "raw": np.full((5, 50), 2.9)}
    turned = score_mortality(["a", "b", "c", "d", "e"], [3.0] * 5, samples, notes=[""] * 5, seed=1)
    assert "**worse** against raw" in "\n".join(pooled_sections(turned))
    json.dumps(plain(pooled_json(turned)), allow_nan=False)


@pytest.fixture(scope="module")
def whole() -> Case:
    return open_case("mali-2013", as_of=LATEST)


@pytest.fixture(scope="module")
def mali() -> Run:
    return forecast(build(open_case("mali-2013"), horizon=36), trajectories=30, seed=3)


@pytest.fixture(scope="module")
def cross_validation(mali: Run, whole: Case, run: Run, later: Case) -> SpreadCrossValidation:
    models = [build(open_case("mali-2013"), horizon=36), build(open_case("tiny"), horizon=12)]
    return cross_validate_spread([mali, run], [whole, later], models, ["killing.base", "grow.base"])


def test_places_are_the_countries_at_risk_by_first_presences(cross_validation: SpreadCrossValidation) -> None:
    one = cross_validation.cases[0]
    assert one.arrival_record == "first presences"
    names = {p.place: p for p in one.places}
    assert {"elsewhere", "DZA", "MLI", "NER"}.isdisjoint(names)
    assert names["BFA"].reached == dt.date(2016, 1, 15)
    assert one.reached == sum(p.reached is not None for p in one.places) > 0
    assert all(p.reached is None or one.scores.run.as_of < p.reached <= one.by for p in one.places)
    assert [p.chance for p in one.places] == sorted((p.chance for p in one.places), reverse=True)


def test_brier_scores_are_those_of_both_chances(cross_validation: SpreadCrossValidation) -> None:
    one = cross_validation.cases[0]
    observed = np.array([p.reached is not None for p in one.places], float)
    predicted = np.array([p.chance for p in one.places])
    assert one.brier == pytest.approx(((predicted - observed) ** 2).mean())
    assert one.brier_other == pytest.approx(((one.other_chance - observed) ** 2).mean())
    assert one.expected == pytest.approx(predicted.sum())


def test_the_other_case_alone_makes_the_naive_chance(cross_validation: SpreadCrossValidation) -> None:
    mali, tiny = cross_validation.cases
    # In the made-up case one place could be reached for twelve months and was not.
    exposure = 12 * len(tiny.places)
    assert mali.other_chance == pytest.approx(1 - np.exp(-0.5 / exposure * 36))
    assert tiny.arrival_record == "foundings"


def test_what_was_learned_is_what_a_posterior_holds_of_organisations(cross_validation: SpreadCrossValidation) -> None:
    assert "killing.base" not in cross_validation.learned
    assert cross_validation.parameters > 10
    page = "\n".join(spread_sections(cross_validation))
    assert ("No parameter of spread is fitted" in page) == (not cross_validation.learned)
    json.dumps(plain(spread_cross_validation_json(cross_validation)), allow_nan=False)
