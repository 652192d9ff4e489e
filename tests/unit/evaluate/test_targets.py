"""Aims: the same numbers as the scores they are read off, met or missed by the stated lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from afterfall.evaluate import Scores
from afterfall.evaluate.core.bootstrap import ENOUGH, weighted_mean
from afterfall.evaluate.core.scoring_rules import on_scale
from afterfall.evaluate.figures.splits import complete_splits, score_splits
from afterfall.evaluate.record.scoring import ALONE, REGRESSION
from afterfall.evaluate.record.targets import COVERAGE, Target, skill_against, targets


def aim(scores: Scores, name: str) -> Target:
    return next(one for one in targets(scores) if one.name == name)


@pytest.mark.parametrize(("held", "met"), [(0.79, False), (COVERAGE[0], True), (COVERAGE[1], True), (0.98, False)])
def test_intervals_may_be_neither_too_narrow_nor_too_wide(scores: Scores, held: float, met: bool) -> None:
    known, late = scores.overall
    inside = replace(known.coverage, counts_literal=held)
    told = replace(known, coverage=inside, skill=replace(known.skill, independent=ENOUGH))
    found = aim(replace(scores, overall=(told, late)), "coverage")
    assert (found.reached, found.met) == (held, met)


@pytest.mark.parametrize(("name", "quantity"), [("returned", "returned"), ("killed", "killed_so_far")])
def test_quantities_are_compared_with_the_regression(scores: Scores, name: str, quantity: str) -> None:
    rows = [i for i, o in enumerate(scores.scored.outcomes) if o.quantity == quantity]
    clusters = [scores.scored.outcomes[i].cluster for i in rows]
    ours, regression = (
        weighted_mean(scores.scored.marks[forecast].crps[rows], clusters) for forecast in (ALONE, REGRESSION)
    )
    found = skill_against(scores, quantity, REGRESSION, who=ALONE)
    assert found.skill == pytest.approx(1.0 - ours / regression)
    assert aim(scores, name).skill == found


@pytest.mark.parametrize(("better", "met"), [(0.0, True), (-0.01, False)])
def test_the_model_alone_must_be_no_worse_than_the_regression(scores: Scores, better: float, met: bool) -> None:
    known, late = scores.overall
    strong = replace(known.alone_against_regression, skill=better, low90=-0.1, high90=0.1, independent=ENOUGH)
    found = aim(replace(scores, overall=(replace(known, alone_against_regression=strong), late)), "all")
    assert (found.met, found.clear) == (met, False)


def test_splits_are_compared_with_the_regression(scores: Scores) -> None:
    outcomes = scores.scored.outcomes
    assert len(complete_splits(outcomes)) == 1
    observed = {o.figure: float(on_scale(o.value, o.offset or 0.0)) for o in outcomes}
    sure = {o.figure: np.full(20, observed[o.figure]) for o in outcomes}
    perfect = score_splits(outcomes, observed, sure, sure, seed=1)
    assert perfect[0].energy == pytest.approx(0.0)
    found = aim(scores, "splits")
    assert found.skill == scores.splits_regression
    assert found.skill.figures == 1
    assert found.skill.model == scores.splits_skill.model


def test_nothing_to_compare_is_neither_met_nor_missed(scores: Scores) -> None:
    none = skill_against(scores, "repatriated", "hold_last")
    found = aim(replace(scores, summaries=(), splits_regression=none), "splits")
    assert found.met is None
    assert aim(scores, "in_the_theatre").met is None
    known, late = scores.overall
    few = replace(known, skill=replace(known.skill, independent=ENOUGH - 1))
    assert aim(replace(scores, overall=(few, late)), "coverage").met is None


@pytest.mark.parametrize(("low", "clear"), [(-0.1, False), (0.05, True)])
def test_a_target_inside_the_interval_is_not_clearly_met(scores: Scores, low: float, clear: bool) -> None:
    told = replace(scores.splits_regression, skill=0.2, low90=low, high90=0.4, independent=ENOUGH)
    found = aim(replace(scores, splits_regression=told), "splits")
    assert (found.met, found.clear) == (True, clear)


def test_two_countries_with_a_split_are_too_few(scores: Scores) -> None:
    told = replace(scores.splits_regression, skill=0.31, low90=0.27, high90=0.33, figures=3, clusters=2, independent=2)
    assert aim(replace(scores, splits_regression=told), "splits").met is None
