"""Attacks: keyed by names, taught by counts and by nothing later, heavy-tailed, and about no child."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.json_schemas import problems
from tests.made_up.figures import figure, known_later

from afterfall.attack.attack_model import attacks
from afterfall.attack.attack_result import SOURCES, Attacks, place_of
from afterfall.attack.attack_samplers import attempts_a_month, pick, waves_by_year
from afterfall.attack.border_crossings import border_screening
from afterfall.attack.exposure import (
    ABROAD,
    EFFORT,
    HOME,
    LEAVING,
    SALIENCE,
    attack_exposure,
    history_shape,
    medians,
    people_before,
    thousands_travelled,
)
from afterfall.attack.ideology_reach import population_shares, reach
from afterfall.attack.importance_resampling import (
    ATTEMPT_PARAMETERS,
    CANDIDATES,
    AttemptCount,
    published_counts,
)
from afterfall.case import Case, CountryGroup, Covariate, PartialDate, UnknownPlace, cut, open_case
from afterfall.case.dates import month_number
from afterfall.conflict.violence_model import months_of
from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.evaluate.events.attack_counts import (
    OVERDISPERSED,
    POISSON,
    WINDOWS,
    CountBaseline,
    LaterCount,
    best_baseline,
    dispersion,
    later_counts,
    year_pairs,
)
from afterfall.model import Model, build
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.territory import held_now
from afterfall.report.attacks.attack_json import attack_json
from afterfall.report.attacks.attack_tables import (
    attack_grids,
    attack_notes,
    returnee_chance,
)
from afterfall.report.attacks.later_tables import later_grids, later_notes
from afterfall.report.kit.number_formats import per_thousand, rare_share
from afterfall.run import Run, RunError, forecast
from afterfall.run.presence import by_origin

YEARLY: dict[str, Any] = {
    "quantity": "attacks",
    "basis": "year",
    "definition": "completed_failed_foiled",
    "source": "lesson-survey",
}


def counted(name: str, value: float, year: str, published: str, **changed: Any) -> Any:
    return figure(name, value=value, refers_to=year, published=published, **{**YEARLY, **changed})


@pytest.fixture(scope="module")
def whole() -> Case:
    """`tiny` with attempts in Arda counted in 2014, once known then and once later, and in 2015, known later."""
    figures = [counted("old", 9, "2014", "2015-05"), counted("then", 6, "2014", "2015-06")]
    later = [counted("revised", 40, "2014", "2016-02"), counted("next", 8, "2015", "2016-02")]
    return known_later("tiny", [*figures, *later])


@pytest.fixture(scope="module")
def model(whole: Case) -> Model:
    return build(cut(whole, "2015-06-30"), horizon=30)


@pytest.fixture(scope="module")
def followed(model: Model) -> Run:
    return forecast(model, trajectories=60, seed=7)


@pytest.fixture(scope="module")
def drawn(followed: Run, model: Model) -> Attacks:
    return attacks(followed, model)


def test_counts_are_the_latest_that_was_public(whole: Case, model: Model) -> None:
    assert published_counts(model.case, model.origins) == (AttemptCount("arda", 2014, 6),)
    assert published_counts(whole, model.origins) == (AttemptCount("arda", 2014, 40), AttemptCount("arda", 2015, 8))


@pytest.mark.parametrize(
    "changed",
    [
        {"definition": "completed"},
        {"basis": "cumulative"},
        {"organisation": "dusk-league"},
        {"bound": "at_least"},
        {"place": "dusk"},
    ],
)
def test_counts_of_another_kind_are_not_read(model: Model, changed: dict[str, Any]) -> None:
    case = known_later("tiny", [counted("other", 6, "2014", "2015-06", **changed)])
    assert published_counts(case, model.origins) == ()


def test_the_same_again_and_nothing_reshuffled(drawn: Attacks, followed: Run, model: Model) -> None:
    again = attacks(followed, model)
    short = attacks(forecast(model, trajectories=20, seed=7), model)
    for name in ("attempts", "completed", "deaths", "expected", "attempt_parameters"):
        assert np.array_equal(getattr(drawn, name), getattr(again, name))
        assert np.array_equal(getattr(drawn, name)[:20], getattr(short, name))
    other = attacks(forecast(model, trajectories=20, seed=8), model)
    assert not np.array_equal(drawn.attempts[:20], other.attempts)


def test_what_is_published_later_changes_no_bit(drawn: Attacks, followed: Run) -> None:
    without = build(cut(known_later("tiny", [counted("then", 6, "2014", "2015-06")]), "2015-06-30"), horizon=30)
    assert np.array_equal(drawn.attempts, attacks(followed, without).attempts)
    earlier = build(cut(known_later("tiny", [counted("then", 60, "2014", "2015-06")]), "2015-06-30"), horizon=30)
    assert not np.array_equal(drawn.attempts, attacks(followed, earlier).attempts)


def test_a_count_pulls_the_attempts_towards_it(drawn: Attacks, followed: Run) -> None:
    none = attacks(followed, build(cut(known_later("tiny"), "2015-06-30"), horizon=30))
    many = build(cut(known_later("tiny", [counted("then", 200, "2014", "2015-06")]), "2015-06-30"), horizon=30)
    most = attacks(followed, many)
    means = [a.of(a.expected, "arda", 2014).sum(axis=1).mean() for a in (none, drawn, most)]
    assert means[0] < means[1] < means[2]
    assert none.effective_candidates == pytest.approx(float(CANDIDATES))
    assert drawn.effective_candidates.mean() < CANDIDATES


def test_completed_are_attempts_and_deaths_need_a_completed_one(drawn: Attacks) -> None:
    assert (drawn.completed <= drawn.attempts.sum(axis=-1)).all()
    assert (drawn.completed[drawn.deaths > 0] > 0).all()
    assert drawn.attempts.sum() > drawn.completed.sum() > 0


def test_expected_attempts_are_those_drawn(drawn: Attacks) -> None:
    """Over all trajectories and years the draws have the expected mean; twice as many would be noticed."""
    mean = drawn.expected.sum(axis=(1, 2, 3), dtype=np.float64)
    found = drawn.attempts.sum(axis=(1, 2, 3), dtype=np.float64)
    size = drawn.attempt_parameters[:, ATTEMPT_PARAMETERS.index("attack.waves")]
    spread = np.sqrt((mean + mean**2 / size).sum())  # at most: all months of all years in one wave
    assert abs(found.sum() - mean.sum()) < 5 * spread
    assert abs(2 * found.sum() - mean.sum()) > 5 * spread


@pytest.mark.parametrize("r", [0.001, 0.4, 0.9])
def test_a_wave_lasts_and_keeps_its_distribution(r: float) -> None:
    """Mean 1, variance 1 / a and correlation r of successive years; what is known of a year is handed on."""
    n, size, keys = 4000, 3.0, np.array([name_key("north"), name_key("south")], dtype=np.uint64)
    cell, known, waves = np.full((5, 2), -1, dtype=np.int32), np.array([[40.0, 20.0]]), np.empty((n, 5, 2))
    cell[1, 0] = 0
    for i in range(n):
        waves_by_year(subkey(1, i, EVENT, 0), keys, 34, r, size, cell, known, waves[i])
    error = 5 / np.sqrt(n)
    assert waves[:, :, 1].mean(axis=0) == pytest.approx(np.ones(5), abs=error / np.sqrt(size))
    assert waves[:, :, 1].var(axis=0) == pytest.approx(np.full(5, 1 / size), abs=error)
    assert np.corrcoef(waves[:, 2, 1], waves[:, 3, 1])[0, 1] == pytest.approx(r, abs=error)
    assert waves[:, 1, 0].mean() == pytest.approx(2.0, abs=error / 3)
    assert waves[:, 3, 0].mean() == pytest.approx(1 + r**2, abs=error)
    assert abs(np.corrcoef(waves[:, 3, 0], waves[:, 3, 1])[0, 1]) < error


def test_the_chance_of_an_attempt_is_that_of_the_draws(model: Model) -> None:
    run = attacks(forecast(model, trajectories=400, seed=3), model)
    year, place = run.years()[-1], min(run.countries, key=lambda code: run.attempts[:, :, run.where(code)].sum())
    drawn_share = (run.attempts_in(place, year) > 0).mean()
    assert 0 < drawn_share < 1
    assert run.chance(place, year) == pytest.approx(drawn_share, abs=4 * np.sqrt(0.25 / 400))


def test_no_child_is_behind_an_attempt(model: Model) -> None:
    """Every exposure is a sum of states that minors cannot be in."""
    names = {"home_committed", "committed_recent", "operative_home", "operative_abroad"}
    states = set().union(*(q.states for q in model.quantities if q.name in names))
    assert states
    entered = [t for t in model.transitions if t.dest in states]
    assert entered
    assert all(t.roles is not None and "minor" not in t.roles for t in entered)


def test_threat_meets_the_run_at_the_as_of_date(followed: Run, model: Model) -> None:
    found = attack_exposure(followed, model, history_shape(followed, model), 24)
    arda = model.origins.index("arda")
    assert found.recent.shape == (60, 24 + 31, len(model.origins))
    assert np.array_equal(found.recent[:, 24, arda], followed.quantity("committed_recent", "arda")[:, 0].values)
    assert (found.settled >= 0).all()
    sent = followed.dataset["origins"].sel(quantity=["operative_home", "operative_abroad"]).sum("quantity")
    assert found.sent[:, 24].sum(axis=1) == pytest.approx(sent.isel(origin_month=0).sum("origin").values)


def test_nobody_was_there_before_the_mobilisation(followed: Run, model: Model) -> None:
    back = model.view.history_months + 6
    found = attack_exposure(followed, model, history_shape(followed, model, back), back)
    assert not found.recent[:, :6].any()
    assert not found.sent[:, :6].any()


def test_those_expected_before_are_of_the_size_of_those_drawn(whole: Case) -> None:
    """The sent are expected until the as-of date and drawn after it: as many in the mean, within a factor of 1.5."""
    model = build(cut(whole, "2015-06-30"), horizon=1)
    run = forecast(model, trajectories=3000, seed=7)
    shape = history_shape(run, model)
    drawn = by_origin(run, [HOME, ABROAD], model.origins)[:, 0].sum()
    expected = sum(people_before(run, model, shape, name, 1)[:, -1].sum() for name in (HOME, ABROAD))
    assert drawn > 500
    assert 1 / 1.5 < expected / drawn < 1.5


def test_the_past_follows_the_parameters_of_the_run(followed: Run, model: Model) -> None:
    """A run whose hazard of being sent is half has half the operatives in its past."""
    values = followed.dataset["parameters"].copy(deep=True)
    values.loc[{"parameter": EFFORT}] += np.log(0.5)
    fewer = replace(followed, dataset=followed.dataset.assign(parameters=values))
    for name in (HOME, ABROAD):
        before = people_before(followed, model, history_shape(followed, model), name, 6)
        after = people_before(fewer, model, history_shape(fewer, model), name, 6)
        assert before.sum() > 0
        assert after == pytest.approx(0.5 * before, rel=0.02)


def test_those_expected_at_the_medians_are_the_history(followed: Run, model: Model) -> None:
    shape = history_shape(followed, model)
    values = followed.dataset["parameters"].copy(deep=True)
    for name in (EFFORT, SALIENCE, *LEAVING):
        values.loc[{"parameter": name}] = shape.medians[list(model.parameter_names).index(name)]
    run = replace(followed, dataset=followed.dataset.assign(parameters=values))
    sent = 1000.0 * thousands_travelled(followed)[:, None, :]
    for name in (HOME, ABROAD):
        assert people_before(run, model, shape, name, 6) == pytest.approx(sent * shape.by_quantity[name][-7:], rel=1e-6)


def test_medians_are_those_of_what_parameters_were_drawn_from(followed: Run, model: Model) -> None:
    """Near the medians of the trajectories, and the same whatever their number."""
    theta = medians(followed, model)
    few = forecast(model, trajectories=2, seed=7)
    assert np.array_equal(medians(few, model), theta)
    drawn = followed.dataset["parameters"].sel(parameter=list(model.parameter_names)).values
    middle, spread = np.median(drawn, axis=0), drawn.std(axis=0)
    assert (np.abs(theta - middle) <= 5 * 1.2533 * spread / np.sqrt(len(drawn)) + 1e-9).all()


def test_reach_follows_the_territory_until_the_as_of_date_and_the_run_s_own_stock_after(
    followed: Run, model: Model
) -> None:
    back = model.view.history_months
    held = population_shares(model, 0)
    still, quick = (reach(followed, held, np.full(60, fade), back) for fade in (1e-9, 50.0))
    assert still[:, : back + 1] == pytest.approx(still[:, :1] + np.zeros(back + 1))
    assert quick[:, back] == pytest.approx(held_now(model.view))
    own = followed.dataset["slow"].sel(slow_stock="reach").values
    for found in (still, quick, reach(followed, held, np.full(60, 0.1), 5)):
        now = found.shape[1] - 31
        assert found[:, now:] == pytest.approx(found[:, now : now + 1] * own)
    assert (own.std(axis=1) > 0).all()


def test_the_inspired_follow_the_reach_of_the_run(drawn: Attacks, followed: Run, model: Model) -> None:
    data = followed.dataset.copy(deep=True)
    data["slow"].loc[{"slow_stock": "reach", "month": slice(1, None)}] *= 2.0
    more = attacks(replace(followed, dataset=data), model)
    inspired, ahead = SOURCES.index("inspired"), slice(drawn.back + 1, None)
    assert more.expected[:, ahead, :, inspired] == pytest.approx(2 * drawn.expected[:, ahead, :, inspired], rel=1e-5)
    assert np.array_equal(more.expected[:, : drawn.back + 1], drawn.expected[:, : drawn.back + 1])


def test_more_of_the_same_compares_two_years_each_way(drawn: Attacks) -> None:
    """At most one attempt a month, by returnees alone: few enough that some trajectories have as many each way."""
    now = drawn.back
    few = np.minimum(drawn.attempts, 1)
    few[:, :, :, 1:] = 0
    found = replace(drawn, attempts=few)
    ahead = found.attempts[:, now + 1 : now + 25, found.where("brom")].sum(axis=(1, 2, 3))
    behind = found.attempts[:, now - 23 : now + 1, found.where("brom")].sum(axis=(1, 2, 3))
    more, same, fewer = found.more_of_the_same("brom")
    assert (more, same, fewer) == ((ahead > behind).mean(), (ahead == behind).mean(), (ahead < behind).mean())
    assert more + same + fewer == pytest.approx(1.0)
    assert same > 0
    title = attack_grids(found, "brom", None)[0].title
    assert f"as many {100 * same:.0f}%" in str(title)


def test_a_published_year_takes_the_place_of_its_draw(drawn: Attacks) -> None:
    """Of the 24 months to June 2015 twelve are 2014, which was counted: all six attempts are in."""
    window = np.arange(drawn.back - 23, drawn.back + 1)
    outside = window[drawn.year_of[window] != 2014]
    rest = drawn.attempts[:, outside][:, :, drawn.where("arda")].sum(axis=(1, 2, 3))
    assert np.array_equal(drawn.before("arda"), rest + 6)


NO_SHARES = np.zeros((0, 4)), np.zeros((0, 2)), np.zeros(0), np.zeros(0)
NO_COUNTS = np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=np.int32)
NO_LIST = np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=np.int32)
ONE_CELL = np.zeros((1, 4)), np.zeros(1), np.full(1, -1, dtype=np.int32)
#: A month of full reach for one thousand of the milieu.
INSPIRED = [0.0, 0.0, 0.0, 1.0]


def picked(
    number: int, candidates: int, moments: Any, counts: Any, listed: Any, shares: Any = NO_SHARES
) -> tuple[Any, Any]:
    """Parameters and waves picked for some trajectories, ``(number, 6)`` and ``(number, cells, 2)``."""
    keys = np.array([name_key(n) for n in ATTEMPT_PARAMETERS], dtype=np.uint64)
    found, waves = np.empty((number, 6)), np.empty((number, listed[1].size, 2))
    for i in range(number):
        start, choice = subkey(4, i, EVENT, 1), name_key("attack/pick")
        pick(start, keys, moments, counts, listed, shares, candidates, choice, found[i], waves[i])
    return found, waves


def inspired_only(log_mean: float, spread: float, size: float) -> Any:
    """Moments under which only the inspired attempt, with a known size of waves."""
    moments = np.zeros((6, 2))
    moments[4] = log_mean, spread
    moments[[0, 1, 2, 3, 5], 0] = np.log([1e-9, 1.0, 1e-9, 1.0, size])
    return moments


@pytest.mark.parametrize("part", [0.0, 5.0, 15.0])
def test_a_published_share_of_the_sent_moves_the_split(part: float) -> None:
    """Two sources with alike priors and one share of twenty: the split follows it, against the integral on a grid."""
    moments = np.zeros((6, 2))
    moments[[2, 4], 1] = 1.5
    moments[[0, 1, 5], 0] = np.log([1e-9, 1.0, 4.0])
    shares = np.array([[0.0, 0.0, 1.0, 1.0]]), np.array([[0.0, 1.0]]), np.array([part]), np.array([20.0])
    found, _ = picked(500, 512, moments, NO_COUNTS, NO_LIST, shares)
    split = np.log(found[:, 2] / found[:, 4])
    grid = np.linspace(-15.0, 15.0, 4001)
    chance = 1 / (1 + np.exp(-grid))
    density = stats.norm.pdf(grid, 0, 1.5 * np.sqrt(2)) * chance**part * (1 - chance) ** (20 - part)
    mean = float((density * chance).sum() / density.sum())
    assert float((1 / (1 + np.exp(-split))).mean()) == pytest.approx(mean, abs=0.03)


@pytest.mark.parametrize(("shift", "fine"), [(1.0, True), (1.6, False)])
def test_candidates_follow_the_posterior(shift: float, fine: bool) -> None:
    """One parameter that matters, one count: picked draws agree with the posterior on a grid, a shifted twin not."""
    counts = np.array([[0.0, 0.0, 0.0, 50.0]]), np.array([12.0]), np.zeros(1, dtype=np.int32)
    found, _ = picked(2000, 256, inspired_only(np.log(0.1), 1.0, 4.0), counts, ONE_CELL)
    grid = np.linspace(np.log(0.1) - 6, np.log(0.1) + 6, 4001)
    density = stats.norm.pdf(grid, np.log(0.1), 1.0) * stats.nbinom.pmf(12, 4, 4 / (4 + 50 * np.exp(grid)))
    below = np.cumsum(density) / density.sum()
    u = np.interp(np.log(found[:, 4] * shift), grid, below)
    assert bool(stats.kstest(u, "uniform").pvalue > 1e-6) is fine


def test_attempts_are_the_sum_of_three_sources() -> None:
    attempt_parameters = np.array([0.01, 0.5, 0.2, 4.0, 0.3, 2.0])
    assert attempts_a_month(attempt_parameters, 10.0, 20.0, 8.0, 2.0) == pytest.approx(0.01 * 20 + 0.2 / 4 * 8 + 0.6)


@pytest.mark.parametrize(("body", "fine"), [(2.0, True), (3.0, False)])
def test_deaths_have_the_stated_tail(body: float, fine: bool) -> None:
    """Deaths of 20,000 attacks against the stated survival function; a twin with another body must be caught."""
    from afterfall.attack.attack_samplers import _deaths

    outcome_parameters = np.array([0.5, 0.7, 2.4, 2.0])
    deaths = np.array([_deaths(np.uint64(5), name_key(f"a{i}"), 1, 8, outcome_parameters, 2.0) for i in range(20_000)])
    levels = np.array([1, 2, 5, 10, 30, 100, 300])
    predicted = 0.7 * ((levels + body) / (1 + body)) ** -1.4
    found = np.array([(deaths >= d).mean() for d in levels])
    z = (found - predicted) / np.sqrt(predicted * (1 - predicted) / len(deaths))
    assert bool(np.abs(z).max() < 5) is fine


def test_chances_resolve_what_counts_cannot(drawn: Attacks) -> None:
    scaled = replace(drawn, expected=drawn.expected * np.float32(1e-7))
    assert 0 < scaled.chance("arda", 2016) < 1e-4
    assert drawn.chance("arda", 2016, completed=True) < drawn.chance("arda", 2016)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.31, "31%"),
        (0.0031, "about 3 in 1,000"),
        (0.000042, "about 4 in 100,000"),
        (0.0, "none"),
        (0.0096, "about 10 in 1,000"),
    ],
)
def test_small_chances_in_words(chance: float, words: str) -> None:
    assert rare_share(chance) == words


def test_returnees_in_a_thousand(drawn: Attacks) -> None:
    chance = returnee_chance(drawn, "arda")
    ahead = drawn.expected[:, drawn.back + 1 :, drawn.where("arda"), 0].sum(axis=(1, 2)).mean()
    came = drawn.run.quantity("returned", "arda")[:, -1].mean() - drawn.run.quantity("home_minor", "arda")[:, -1].mean()
    assert chance == pytest.approx(float(ahead / came), rel=1e-5)
    assert per_thousand(0.0031) == "about 3"
    assert any("Of 1,000 adults" in line for line in attack_notes(drawn, "arda"))


def test_tables_and_json_agree(drawn: Attacks) -> None:
    years, sources = attack_grids(drawn, "arda", None)
    assert years.sections[0][0][0] == "2015"
    assert years.sections[0][-1][0] == "2017"
    assert len(sources.columns) == 1 + len(SOURCES)
    content = attack_json(drawn, "arda", None, None, "a command")
    assert problems(content) == []
    mean = content["places"]["arda"]["years"]["2016"]["attempts"]["mean"]
    assert mean == pytest.approx(drawn.attempts_in("arda", 2016).mean())
    assert content["estimated_from"] == [{"place": "arda", "year": 2014, "attempts": 6 and "6"}]


def test_later_counts_are_set_beside_and_scored(drawn: Attacks, whole: Case) -> None:
    (one,) = later_counts(drawn, whole)
    assert (one.place, one.year, one.observed, one.last_count) == ("arda", 2015, 8, 6)
    values = drawn.attempts_in("arda", 2015).astype(float)
    crps = np.abs(values - 8).mean() - np.abs(values[:, None] - values[None]).mean() / 2
    assert one.crps == pytest.approx(crps)
    assert not one.hindcast, "half of 2015 lies ahead"
    assert {b.name for b in one.baselines} == {(w, POISSON) for w in WINDOWS}, "one public year shows no spread"
    assert {b.mean for b in one.baselines} == {6.0}
    grid, baselines = later_grids(drawn, [one])
    assert ("(better)" in grid.sections[0][0][-1]) == (one.baseline_crps((1, POISSON)) < one.crps)
    assert [row[0] for row in baselines.sections[1]] == [
        "last count, Poisson (opponent)",
        "mean of the last 3 counts, Poisson",
        "mean of the last 5 counts, Poisson",
    ]


def test_a_year_that_was_over_is_told_apart(drawn: Attacks, whole: Case) -> None:
    (one,) = later_counts(drawn, whole)
    over = replace(one, year=2014, hindcast=True, crps=100.0)
    grid, _ = later_grids(drawn, [over, one])
    assert [row[1] for section in grid.sections[:2] for row in section] == ["2014, hindcast", "2015"]
    forecasts, everything = grid.sections[2]
    assert forecasts[-2] == f"{one.crps:.1f}"
    assert everything[-2] == f"{(100 + one.crps) / 2:.1f}"


def test_without_a_later_count_that_is_said(drawn: Attacks, whole: Case) -> None:
    (note,) = later_notes(drawn, "brom", ())
    assert "no yearly count of Brom" in note
    (last_count,) = later_notes(drawn, "arda", later_counts(drawn, whole))
    assert "nothing to fit" in last_count
    assert "One count cannot choose" in last_count
    counted_twice = replace(drawn, counts=(AttemptCount("arda", 2013, 2), *drawn.counts))
    assert "fitted on 1 year and" in later_notes(counted_twice, "arda", later_counts(drawn, whole))[0]


def test_dispersion_is_fitted_on_public_years_alone() -> None:
    """The likeliest size for a jump from 4 to 16 beats its neighbours; steady years are nearly Poisson."""
    pair = (AttemptCount("arda", 2014, 4), AttemptCount("arda", 2015, 16), AttemptCount("brom", 2013, 7))
    size = dispersion(pair)
    assert size is not None

    def chance(k: float) -> float:
        return float(stats.nbinom.pmf(16, k, k / (k + 4)))

    assert chance(size) > max(chance(size * 1.2), chance(size / 1.2))
    assert dispersion((AttemptCount("arda", 2014, 9), AttemptCount("arda", 2015, 9))) == pytest.approx(200.0)
    assert dispersion((AttemptCount("arda", 2013, 9), AttemptCount("arda", 2015, 9))) is None


def test_the_overdispersed_naive_forecast_is_scored(drawn: Attacks, whole: Case) -> None:
    counts = (AttemptCount("arda", 2013, 2), *drawn.counts)
    (one,) = later_counts(replace(drawn, counts=counts), whole)
    size = dispersion(counts)
    assert size is not None
    values = stats.nbinom.ppf((np.arange(999) + 0.5) / 999, size, size / (size + 6))
    crps = np.abs(values - 8).mean() - np.abs(values[:, None] - values[None]).mean() / 2
    assert one.baseline_crps((1, OVERDISPERSED)) == pytest.approx(crps)
    assert one.baseline_crps((1, OVERDISPERSED)) != one.baseline_crps((1, POISSON))
    assert len(one.baselines) == 2 * len(WINDOWS)
    assert {b.mean for b in one.baselines if b.years > 1} == {4.0}, "the mean of both public years"
    content = attack_json(drawn, "arda", None, [one], "a command")
    assert problems(content) == []
    assert [b["mean"] for b in content["later"][0]["baselines"]] == [6.0, 6.0, None, None, None, None], "under 5"


def made_up(observed: int, *, hindcast: bool = False, **crps: float) -> LaterCount:
    """A later count with a CRPS of 1 for the forecast, and baselines of which only scores matter."""
    names = {"last": (1, POISSON), "three": (3, POISSON), "wide": (3, OVERDISPERSED)}
    baselines = tuple(CountBaseline(*names[word], 9.0, value) for word, value in crps.items())
    return LaterCount("arda", 2015, hindcast, observed, (1.0, 2.0, 3.0), True, 1.0, 9, baselines)


def test_the_opponent_is_the_best_on_average_over_forecasts() -> None:
    later = [made_up(4, last=1.0, three=5.0, wide=2.0), made_up(9, last=6.0, three=1.0, wide=2.0)]
    found = best_baseline(later)
    assert found is not None
    assert (found.name, found.crps, found.counts) == ((3, OVERDISPERSED), 2.0, 2)
    assert found.forecast_crps == 1.0
    over = made_up(9, hindcast=True, last=0.0, three=90.0, wide=90.0)
    assert best_baseline([over, *later]) == found, "a hindcast has no vote"
    only = best_baseline([over, over])
    assert only is not None
    assert only.name == (1, POISSON)


def test_one_count_does_not_choose_among_baselines() -> None:
    found = best_baseline([made_up(4, last=6.0, three=1.0, wide=2.0)])
    assert found is not None
    assert (found.name, found.crps, found.means[3, POISSON]) == ((1, POISSON), 6.0, 1.0)
    assert best_baseline([]) is None
    assert best_baseline([made_up(4)]) is None, "no count was public"


def test_windows_of_past_years_give_their_own_size() -> None:
    counts = [AttemptCount("arda", 2010 + k, n) for k, n in enumerate((5, 20, 8, 30))]
    assert year_pairs(counts, 1) == [(5, 20), (20, 8), (8, 30)]
    assert year_pairs(counts, 3) == [(5, 20), (12.5, 8), (11, 30)]
    one, three = dispersion(counts, 1), dispersion(counts, 3)
    assert one is not None
    assert three is not None

    def chance(k: float) -> float:
        return float(sum(stats.nbinom.logpmf(n, k, k / (k + m)) for m, n in year_pairs(counts, 3)))

    assert chance(three) > max(chance(three * 1.2), chance(three / 1.2))


def test_small_published_counts_are_hidden(drawn: Attacks) -> None:
    few = replace(drawn, counts=(AttemptCount("arda", 2014, 3),))
    assert attack_json(few, "arda", None, None, "")["estimated_from"][0]["attempts"] == "<5"


def test_europe_is_its_members() -> None:
    case = open_case("isis-2017")
    covered = case.covered("XEU")
    assert len(covered) == 28 + 1
    assert {"DEU", "FRA", "GBR", "rest-western-europe"} < covered
    assert not {"CAN", "TUR", "CHE"} & covered
    assert case.covered("CAN") == {"CAN"}
    scene = CaseView(case)
    assert {place_of(word, scene) for word in ("EU", "europe", "XEU", "the European Union")} == {"XEU"}
    with pytest.raises(UnknownPlace, match="a group of the case, which has none"):
        place_of("EU", CaseView(open_case("tiny")))


def test_unknown_places_are_told_with_the_nearest(drawn: Attacks) -> None:
    assert drawn.place("ARDA") == "arda"
    with pytest.raises(UnknownPlace, match="arda"):
        drawn.place("Ardda")


def test_a_run_of_an_earlier_version_is_refused(followed: Run, model: Model) -> None:
    kept = [p for p in followed.dataset["parameter"].values if not str(p).startswith("attack.")]
    with pytest.raises(RunError, match=r"attack\.body"):
        attacks(replace(followed, dataset=followed.dataset.sel(parameter=kept)), model)


def test_entry_among_migrants_is_an_aggregate_rate(drawn: Attacks) -> None:
    assert border_screening(drawn) is None  # no count of crossings in the case
    date = PartialDate("2014")
    row = Covariate(
        place="XEU",
        covariate="irregular_crossings",
        value=200_000.0,
        unit="",
        refers_to=date,
        published=PartialDate("2015-04"),
        source="lesson-survey",
    )
    europe = CountryGroup(place="XEU", name="Europe", members=("arda",))
    case = replace(drawn.model.case, covariates=(*drawn.model.case.covariates, row), groups=(europe,))
    changed = replace(drawn, model=replace(drawn.model, case=case, view=type(drawn.model.view)(case)))
    found = border_screening(changed)
    assert found is not None
    assert found.years == (2016, 2017)
    assert found.rate == pytest.approx(found.entered / found.crossings * 1e6)
    assert (found.found <= found.entered).all()
    assert np.median(found.crossings) == pytest.approx(200_000, rel=0.35)
    sent = changed.run.dataset["origins"].sel(quantity="dispatched_so_far").sum("origin")
    assert (found.entered.sum(axis=1) <= (sent.isel(origin_month=-1) - sent.isel(origin_month=0)).values + 1e-9).all()


def test_random_numbers_of_attacks_are_not_those_of_violence() -> None:
    keys = np.array([name_key("attack/arda")], dtype=np.uint64)
    assert subkey(1, 1, EVENT, 0) != subkey(1, 1, EVENT, 1) != subkey(1, 1, EVENT, 2)
    assert uniforms_for(1, 1, EVENT, keys)[0] != uniforms_for(1, 2, EVENT, keys)[0]


@pytest.mark.parametrize(
    ("as_of", "first", "last"), [("2015-06-30", 7, 9), ("2015-07-01", 7, 9), ("2015-07-02", 8, 10)]
)
def test_months_ahead_are_those_of_the_run(whole: Case, as_of: str, first: int, last: int) -> None:
    """Seen from the first of a month, that month is the first ahead; none is skipped, and none added at the end."""
    model = build(cut(whole, as_of), horizon=3)
    run = forecast(model, trajectories=2, seed=7, draws="prior")
    found = attacks(run, model)
    ahead = found.months[found.back + 1 :]
    expected = list(range(month_number(f"2015-{first:02d}"), month_number(f"2015-{last:02d}") + 1))
    assert list(ahead) == expected == list(months_of(run))
