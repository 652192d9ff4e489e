"""The record in plain words: each number that of the scores, failures first, no verdict from too few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from afterfall.evaluate import Scores
from afterfall.evaluate.core.bootstrap import NO_SKILL, Skill
from afterfall.evaluate.experts.expert_scores import ExpertComparison, Experts
from afterfall.evaluate.record.scoring import MODEL
from afterfall.report.kit.fall_words import fall_sentence
from afterfall.report.track_record.plain_sentences import plain_sentences

BETTER = Skill(0.3, 0.1, 0.5, 0.7, 1.0, 40, 20, 12, 0.01)
WORSE = Skill(-0.3, -0.5, -0.1, 1.3, 1.0, 40, 20, 12, 0.01)
UNCLEAR = Skill(0.1, -0.1, 0.3, 0.9, 1.0, 40, 20, 12, 0.4)


def with_skills(scores: Scores, overall: Skill, returned: Skill) -> Scores:
    known, late = scores.overall
    first = replace(scores.summaries[0], quantity="returned", months=None, skill=returned)
    return replace(scores, overall=(replace(known, skill=overall), late), summaries=(first,))


def sentence(found: tuple[str, ...], words: str) -> str:
    return next(one for one in found if words in one)


def with_count(scores: Scores, **count: float) -> Scores:
    assert scores.falls.count is not None
    return replace(scores, falls=replace(scores.falls, count=replace(scores.falls.count, **count)))  # type: ignore[arg-type]


def test_the_date_whose_count_was_furthest_off_is_named(scores: Scores) -> None:
    assert scores.falls.count is not None
    far = with_count(scores, mean=1.0, low90=0.0, high90=8.0, fallen=12, holdings=12)
    found = sentence(plain_sentences([scores, far]), "stronghold")
    assert found == fall_sentence(scores.run.as_of, far.falls.count)  # type: ignore[arg-type]
    assert "expected 1 of 12 strongholds" in found


def test_a_number_of_falls_outside_the_range_is_a_failure_and_comes_first(scores: Scores) -> None:
    good = with_skills(scores, BETTER, BETTER)
    outside = with_count(good, mean=0.0, low90=0.0, high90=0.0, fallen=1, holdings=1)
    inside = with_count(good, mean=0.5, low90=0.0, high90=1.0, fallen=1, holdings=1)
    assert "stronghold" in plain_sentences([outside])[0]
    assert "stronghold" not in plain_sentences([inside])[-1]


def test_dates_are_counted_by_verdict(scores: Scores) -> None:
    dates = [with_skills(scores, BETTER, skill) for skill in (BETTER, WORSE, UNCLEAR, UNCLEAR)]
    assert sentence(plain_sentences(dates), "returnees") == (
        "The forecast of returnees was better than a simple rule on 1 of 4 dates, worse on 1, not clearly either on 2."
    )
    unclear = [with_skills(scores, BETTER, UNCLEAR)] * 2
    assert sentence(plain_sentences(unclear), "returnees") == (
        "The forecast of returnees was neither clearly better nor clearly worse than a simple rule on any of 2 dates."
    )
    known, late = scores.overall
    good = replace(known, alone_against_regression=UNCLEAR)
    assert "The model alone was neither clearly better" in sentence(
        plain_sentences([replace(scores, overall=(good, late))]), "statistical regression"
    )


@pytest.mark.parametrize(("returned", "first"), [(WORSE, True), (BETTER, False)])
def test_what_was_worse_leads(scores: Scores, returned: Skill, first: bool) -> None:
    known = with_skills(scores, BETTER, returned)
    sure = replace(known, falls=replace(known.falls, holdings=(), count=None))
    found = plain_sentences([sure])
    assert found[0].startswith("The forecast of returnees") == first


def test_the_share_inside_is_that_of_all_figures(scores: Scores) -> None:
    known = ~np.array(scores.scored.hindsight, dtype=bool)
    inside = scores.scored.inside_range(MODEL)[known]
    found = sentence(plain_sentences([scores, scores]), "90% range")
    assert found.startswith(f"Of {2 * len(inside)} published figures, {2 * int(inside.sum())} (")


def test_experts_are_compared_by_kind_of_statement(scores: Scores) -> None:
    def sentence_of(shares: Skill, events: Skill) -> str:
        one = ExpertComparison("ours", "expert", shares, (0.0, 0.0), (0.0, 0.0), events)
        return sentence(plain_sentences([scores], Experts((), (), (one,))), "experts")

    assert sentence_of(BETTER, UNCLEAR) == (
        "Against statements that experts made in public, the forecast was better on how many would return or die (20 "
        "speakers) and about equally good on events (20 speakers)."
    )
    few = replace(BETTER, clusters=3, independent=3)
    assert sentence_of(few, NO_SKILL) == (
        "Against statements that experts made in public, the forecast was not to be judged on how many would return or "
        "die (3 speakers)."
    )


def test_nothing_scored_says_nothing(scores: Scores) -> None:
    known, late = scores.overall
    none = replace(
        scores,
        overall=(replace(known, skill=NO_SKILL), late),
        summaries=(),
        falls=replace(scores.falls, holdings=(), count=None),
        scored=replace(scores.scored, hindsight=(True,) * len(scores.scored.hindsight)),
    )
    assert plain_sentences([none]) == ()
