"""The verb on the small case: what is said, what is kept apart, what is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case
from afterfall.evaluate import Outcome, Scores, score, select
from afterfall.evaluate.core.scoring_rules import crps, on_scale
from afterfall.evaluate.figures.published_count import CountForecast, later_count
from afterfall.evaluate.record.scoring import ALONE, MODEL, PEOPLE, REGRESSION, summarise
from afterfall.run import Run, RunError


@pytest.fixture(scope="module")
def forecast(run: Run, later: Case) -> CountForecast:
    return CountForecast.of(run, later)


def test_every_outcome_is_scored_once(scores: Scores, later: Case) -> None:
    assert scores.scored.outcomes == select(later, "2015-06-30", 12).outcomes
    assert len(scores.scored.outcomes) == 6
    assert all(len(marks.crps) == 6 for marks in scores.scored.marks.values())


def test_a_figure_is_people_seen_as_it_would_see_them(run: Run, forecast: CountForecast, outcome: Outcome) -> None:
    exact = replace(outcome, error=0.0)
    whole = run.dataset["origins"].sel(origin="brom", quantity="returned", origin_month=outcome.month).values
    reported = run.parameter("reporting.returned")
    assert forecast.model_counts(exact) == pytest.approx(whole * reported)
    fighters = forecast.model_counts(replace(exact, definition="fighters"))
    families = np.exp(run.parameter("role.adult")) + np.exp(run.parameter("role.minor"))
    left_out = run.parameter("definition.fighters") * families
    assert left_out.min() > 0
    assert fighters == pytest.approx(whole * reported / (1 + left_out))
    elsewhere = forecast.model_counts(replace(exact, definition="all_theatres"))
    assert elsewhere == pytest.approx(whole * reported / run.parameter("definition.in_theatre"))


def test_who_is_reported_neither_home_nor_dead_still_counts_as_in_the_theatre(
    run: Run, forecast: CountForecast, outcome: Outcome
) -> None:
    there = replace(outcome, quantity="in_theatre", error=0.0)
    seen = forecast.people(there)
    for quantity, name in (("returned", "reporting.returned"), ("killed_so_far", "reporting.killed")):
        gone = forecast.people(replace(there, quantity=quantity))
        seen = seen + (1.0 - run.parameter(name)) * gone
        assert gone.max() > 0
    assert forecast.model_counts(there) == pytest.approx(seen)


def test_the_error_of_a_figure_is_that_of_its_source(forecast: CountForecast, outcome: Outcome) -> None:
    exact, rough = (
        forecast.model_counts(replace(outcome, error=0.0)),
        forecast.model_counts(replace(outcome, error=0.3)),
    )
    some = exact > 0
    logs = np.log(rough[some] / exact[some])
    assert 0.15 < logs.std() < 0.45  # 40 draws of sd 0.3: five standard errors either way
    assert forecast.model_counts(replace(outcome, error=0.3)) == pytest.approx(rough)
    assert forecast.model_counts(replace(outcome, error=0.3, figure="another")) != pytest.approx(rough)


def test_the_forecast_of_a_count_is_half_the_model_and_half_the_regression(
    run: Run, forecast: CountForecast, outcome: Outcome
) -> None:
    n = run.request.trajectories
    pooled = forecast.counts(outcome)
    assert pooled[:n].tolist() == forecast.model_counts(outcome).tolist()
    assert sorted(pooled[n:]) == forecast.regression.samples(outcome, n).tolist()


def test_a_count_of_dead_fighters_leaves_out_fewer_families_than_one_of_travellers(
    forecast: CountForecast, outcome: Outcome
) -> None:
    """By the share of families among the dead of the region; their hazard is wide, so in most simulations."""
    dead = replace(outcome, quantity="killed_so_far", definition="fighters")
    unit, everyone = forecast.people_per_unit(dead), forecast.people_per_unit(replace(dead, quantity="travelled"))
    assert (unit > 1.0).all()
    assert np.mean(unit < everyone) > 0.6


def test_a_later_count_is_read_as_an_outcome_of_the_same_place(forecast: CountForecast, outcome: Outcome) -> None:
    later = later_count(forecast, outcome.quantity, outcome.place, outcome.month, "B")
    assert (later.offset, later.last_published, later.refers_to) == (25.0, 25.0, forecast.run.date(outcome.month))
    assert (later.error, later.definition) == (0.05, "affiliates"), "those of the last figure"
    none = later_count(forecast, "prosecuted", outcome.place, outcome.month, "B")
    assert (none.error, none.definition, none.last_published) == (0.15, "", None)
    same = replace(later, figure=outcome.figure, error=outcome.error, definition=outcome.definition)
    assert forecast.counts(same).tolist() == forecast.counts(outcome).tolist()


def test_every_forecast_is_scored_and_covers_by_two_rules(scores: Scores) -> None:
    assert {MODEL, ALONE, REGRESSION, PEOPLE} < scores.scored.marks.keys()
    for name in (MODEL, PEOPLE):
        low, high = (scores.scored.quantiles[name][:, column] for column in (0, -1))
        values = np.array([o.value for o in scores.scored.outcomes])
        assert scores.scored.inside_range(name).tolist() == ((low <= values) & (values <= high)).tolist()
    known = scores.overall[0]
    assert known.coverage.counts_increment == known.coverage90[0]
    assert known.against_regression.model == known.skill.model != known.alone.model


def test_the_world_is_read_from_the_world(run: Run, forecast: CountForecast, outcome: Outcome) -> None:
    world = replace(outcome, place="WLD", quantity="travelled")
    assert (
        forecast.people(world).tolist()
        == run.dataset["world"].sel(quantity="travelled", month=world.month).values.tolist()
    )


def test_crps_is_of_what_is_added_to_the_last_public_figure(
    forecast: CountForecast, scores: Scores, outcome: Outcome
) -> None:
    row = scores.scored.outcomes.index(outcome)
    samples = on_scale(forecast.counts(outcome), 25)
    assert outcome.offset == 25
    assert scores.scored.marks[MODEL].crps[row] == pytest.approx(crps(np.array([math.log(6)]), samples[None])[0])


def test_hindsight_is_summed_up_apart(scores: Scores) -> None:
    known, late = scores.overall
    assert (known.skill.figures, late.skill.figures) == (5, 1)
    assert {s.quantity for s in scores.summaries if s.hindsight} == {"detained"}


def test_misses_come_first(scores: Scores) -> None:
    whole = [s.skill.skill for s in scores.summaries if s.months is None]
    assert whole == sorted(whole)
    assert len(whole) == 4


def test_lead_times_part_the_figures(scores: Scores) -> None:
    each = [summarise(scores.scored, "", lead, False, 7).skill.figures for lead in ((1, 7), (8, None))]
    assert each == [0, 5]


def test_the_split_and_the_stronghold_are_scored(scores: Scores) -> None:
    (split,) = scores.splits
    assert split.figures == ("split-returned", "split-killed", "split-there")
    (fall,) = scores.falls.holdings
    assert (fall.holding, fall.month) == ("harbour", 5)
    assert scores.falls.dropped == {"a part of the remainder": len(scores.run.dataset["holding"]) - 1}


def test_the_same_run_scores_the_same(run: Run, later: Case, scores: Scores) -> None:
    again = score(run, later)
    assert again.overall[0] == scores.overall[0]
    assert again.splits == scores.splits


def test_a_run_of_another_case_is_refused(run: Run, later: Case) -> None:
    other = replace(later, figures=later.figures[1:])
    with pytest.raises(RunError, match="forecast again, or give the case"):
        score(run, other)


def test_pairs_and_report_families_are_resampled_together(scores: Scores) -> None:
    for summary in scores.summaries:
        rows = [
            o
            for o, late in zip(scores.scored.outcomes, scores.scored.hindsight, strict=True)
            if o.quantity == summary.quantity and late == summary.hindsight
        ]
        if summary.months is None:
            units = len({o.cluster for o in rows}), len({o.family for o in rows})
            assert summary.skill.independent == min(units)


def test_figures_published_by_the_as_of_date_are_kept(scores: Scores) -> None:
    assert set(scores.published) == {o.cluster for o in scores.scored.outcomes}
    assert all(f.published.last_day <= scores.run.as_of for found in scores.published.values() for f in found)
    assert any(scores.published.values())
