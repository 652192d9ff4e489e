"""Orders against what happened: exact p-values, ties, and the two bundled cases; strengths against later figures."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tests.json_schemas import problems
from tests.made_up.figures import LATEST, figure, known_later
from typer.testing import CliRunner

from afterfall.case import cut, open_case
from afterfall.case.dates import months_between
from afterfall.cli.app import app
from afterfall.evaluate.baselines.baseline_calibration import ENOUGH, GRID, UNCALIBRATED
from afterfall.evaluate.baselines.baselines import BaselineError
from afterfall.evaluate.baselines.persistence import Persistence, fit_persistence, pairs, score_persistence
from afterfall.evaluate.core.bootstrap import skill
from afterfall.evaluate.events.spread_scores import SpreadScores, first_attacks, ordering, score_spread
from afterfall.model import build
from afterfall.report.scores.spread_json import spread_json
from afterfall.report.scores.spread_tables import spread_grids, spread_notes
from afterfall.run import Run, RunError, forecast


def brute(score: np.ndarray, observed: np.ndarray) -> tuple[float, float]:
    """The statistic and its p-value by listing every way to say what happened."""

    def auc(which: tuple[int, ...]) -> float:
        others = [i for i in range(len(score)) if i not in which]
        wins = [(score[i] > score[j]) + 0.5 * (score[i] == score[j]) for i in which for j in others]
        return float(np.mean(wins))

    found = auc(tuple(np.flatnonzero(observed)))
    ways = [auc(which) for which in itertools.combinations(range(len(score)), int(observed.sum()))]
    return found, float(np.mean([way >= found - 1e-12 for way in ways]))


@pytest.mark.parametrize("seed", range(8))
def test_p_values_are_those_of_all_ways(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 4, 9) / 4.0 if seed % 2 else rng.random(9)
    observed = np.arange(9) < rng.integers(1, 8)
    rng.shuffle(observed)
    found = ordering(score, observed)
    assert (found.auc, found.p_value) == pytest.approx(brute(score, observed))


def test_a_perfect_order_and_a_reversed_one() -> None:
    observed = np.array([True, True, False, False, False])
    best = ordering(np.array([5.0, 4.0, 3.0, 2.0, 1.0]), observed)
    assert (best.auc, best.p_value) == (1.0, pytest.approx(1 / math.comb(5, 2)))
    worst = ordering(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), observed)
    assert (worst.auc, worst.p_value) == (0.0, 1.0)
    assert ordering(np.ones(5), observed).auc == 0.5
    assert math.isnan(ordering(np.ones(5), np.zeros(5, dtype=bool)).auc)


@pytest.fixture(scope="module")
def mali() -> SpreadScores:
    run = forecast(build(open_case("mali-2013"), horizon=84), trajectories=150, seed=3)
    return score_spread(run, open_case("mali-2013", as_of=LATEST))


def test_mali_lists_neighbours_and_the_next_ring_with_what_happened(mali: SpreadScores) -> None:
    first, second = mali.rankings
    assert (first.by, second.by) == (dt.date(2016, 12, 31), dt.date(2019, 12, 31))
    places = {p.place: p for p in first.places}
    assert len(places) == 20
    assert "GIN" in places
    assert "elsewhere" not in places
    assert {p for p, one in places.items() if one.borders} == {"DZA", "NER", "BFA", "CIV", "GIN", "SEN", "MRT"}
    assert places["DZA"].before
    assert not places["NER"].before
    assert places["NER"].reached == dt.date(2013, 5, 23)
    assert places["GIN"].reached is None
    assert [p.chance for p in first.places] == sorted((p.chance for p in first.places), reverse=True)
    assert 0 < second.model.p_value <= 1
    assert 0 <= second.nearest.auc <= 1


def test_mali_by_hand_from_its_places(mali: SpreadScores) -> None:
    ranking = mali.rankings[1]
    tested = [p for p in ranking.places if not p.before]
    score = np.array([p.chance for p in tested])
    observed = np.array([p.reached is not None and p.reached <= ranking.by for p in tested])
    assert (ranking.model.auc, ranking.model.p_value) == pytest.approx(brute(score, observed))
    assert int(observed.sum()) == 5


def test_tables_and_json_hold_every_place(mali: SpreadScores) -> None:
    grids = spread_grids(mali)
    for grid in grids:
        assert {len(row) for section in grid.sections for row in section} == {len(grid.columns)}
    assert len(grids[0].sections[0]) == 20
    later = grids[2].sections[0][1]
    assert later[1] == "5 of 19"
    assert float(later[2]) == pytest.approx(sum(p.chance for p in mali.rankings[1].places if not p.before), abs=0.06)
    made = spread_json(mali)
    assert problems(made) == []
    assert [len(r["places"]) for r in made["rankings"]] == [20, 20]
    assert "0.5: no skill" in spread_notes(mali)[0]


@pytest.fixture(scope="module")
def tiny() -> Run:
    return forecast(build(open_case("tiny"), horizon=24), trajectories=60, seed=3)


def later_strength(value: float) -> SpreadScores:
    """Scores of `tiny` with one strength of the core published a year later."""
    made = figure(
        "later-strength", quantity="strength", place="theatre", organisation="dusk-league", basis="stock", value=value
    )
    run = forecast(build(open_case("tiny"), horizon=24), trajectories=60, seed=3)
    return score_spread(run, known_later("tiny", [made]))


def test_a_strength_is_scored_against_its_month_and_no_change() -> None:
    near, far = later_strength(1400.0), later_strength(40_000.0)
    (one,), (other,) = near.strengths, far.strengths
    assert one.inside
    assert not other.inside
    assert one.crps < other.crps
    assert one.last_published == 1500.0
    for scores in (near, far):
        assert "of persistence: too few to judge (1 organisation)" in spread_notes(scores)[0]
    assert near.crps == pytest.approx(one.crps)
    assert spread_grids(far)[0].sections[0][0][-1] == spread_grids(far)[0].sections[0][0][-3] == "no"
    assert not near.rankings


def test_words_say_which_of_the_two_is_better() -> None:
    scores = later_strength(1400.0)
    worse = replace(scores, skill=skill([2.0] * 5, [1.0] * 5, list(range(5)), name="x", seed=1))
    better = replace(scores, skill=skill([1.0] * 5, [2.0] * 5, list(range(5)), name="x", seed=1))
    assert "of persistence: worse (5 organisations)" in spread_notes(worse)[0]
    assert "of persistence: better (5 organisations)" in spread_notes(better)[0]


def test_no_change_has_an_error_and_is_not_a_point() -> None:
    """Its CRPS is that of a normal on log1p around the last count; a point would score the distance."""
    scores = later_strength(4000.0)
    (one,) = scores.strengths
    sd = scores.baseline.error.at(months_between(scores.run.as_of, one.date))
    z = (math.log1p(4000.0) - math.log1p(1500.0)) / sd
    normal = sd * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert one.baseline_crps == pytest.approx(normal, rel=0.02)
    assert one.baseline_low < 1500.0 < one.baseline_high
    assert one.baseline_low == pytest.approx(1501 * math.exp(-1.645 * sd) - 1, rel=0.02)


def test_the_error_of_no_change_is_learned_by_august_2016_alone(tiny: Run) -> None:
    """What is published after that does not touch it, what is before does; without pairs it is the convention."""
    whole = open_case("isis-2017", as_of=LATEST)
    as_of = open_case("isis-2017").as_of

    def forecast_changes(late: bool) -> Persistence:
        changed = tuple(
            replace(f, value=f.value * (1 + 50 * (i % 2)))
            if f.quantity == "strength" and (f.published.last_day > dt.date(2016, 8, 1)) is late
            else f
            for i, f in enumerate(whole.figures)
        )
        return fit_persistence(replace(whole, figures=changed), as_of)

    known = fit_persistence(whole, as_of)
    assert known.pairs >= ENOUGH
    assert forecast_changes(late=True) == known
    assert forecast_changes(late=False).error.size > known.error.size
    assert fit_persistence(open_case("tiny", as_of=LATEST), tiny.as_of).error == UNCALIBRATED


def test_no_other_error_scores_better_on_the_pairs() -> None:
    whole = open_case("isis-2017", as_of=LATEST)
    known = fit_persistence(whole, open_case("isis-2017").as_of)
    held = pairs(cut(whole, dt.date(2016, 8, 1)))
    by_organisation = [[p for p in held if p.organisation == o] for o in {p.organisation for p in held}]

    def mean(error: BaselineError) -> float:
        scores = [[score_persistence(p.last, error, p.months, p.observed) for p in some] for some in by_organisation]
        return float(np.mean([np.mean(some) for some in scores]))

    assert mean(known.error) == pytest.approx(min(mean(error) for error in GRID))
    assert all(p.months > 0 for p in held)


def test_another_case_is_refused(tiny: Run) -> None:
    with pytest.raises(RunError, match="was made from case tiny"):
        score_spread(tiny, open_case("mali-2013", as_of=LATEST))


def test_first_attacks_take_the_earliest() -> None:
    whole = open_case("mali-2013", as_of=LATEST)
    found = first_attacks(whole)
    assert found["BFA"] == dt.date(2015, 4, 4)
    assert "SEN" not in found


def test_the_command_prints_tables_and_json(tmp_path: Path) -> None:
    kept = forecast(build(open_case("tiny"), horizon=6), trajectories=4, seed=3, run_dir=tmp_path)
    runner = CliRunner()
    told = runner.invoke(app, ["spread", str(kept.path)])
    assert told.exit_code == 0
    assert "no later strength" in told.output
    as_json = runner.invoke(app, ["spread", str(kept.path), "--json"])
    assert json.loads(as_json.stdout)["case"] == "tiny"
    assert runner.invoke(app, ["spread", str(tmp_path / "nowhere")]).exit_code != 0
