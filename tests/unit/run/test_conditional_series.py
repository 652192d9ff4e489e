"""Series given conditions: weights against rejection by brute force, exact forcing, and what says nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.unit.posterior.conftest import made_up_origin

from afterfall.case import Case, bundled_cases, open_case
from afterfall.engine.program import PATH
from afterfall.engine.series_filter import effective_number, filter_series, systematic
from afterfall.engine.shared_series import FREE, draw_forced_series, draw_shared_series, fire_series, series_of
from afterfall.model import Model, build
from afterfall.model.compile.past_noise import past_noises
from afterfall.posterior import Posterior, draw
from afterfall.posterior.sample import DISCREPANCY, components, draw_named
from afterfall.run import forecasting
from afterfall.run.condition_windows import conditions_on
from afterfall.run.conditional_series import SeriesPlan, plan_series
from afterfall.run.errors import SettingError
from afterfall.run.event_inputs import event_inputs, noise_read_elsewhere, read_elsewhere

SEED, BRUTE, N = 5, 4000, 600
HARBOUR, MONTH = 0, 5
ALL_DATED = ("harbour falls 2015-11", "rest-of-territory/1 falls 2015-12", "rest-of-territory/2 falls 2016-03")


@pytest.fixture(scope="module")
def short(case: Case) -> Model:
    """A model of `tiny` over a year."""
    return build(case, horizon=12)


@pytest.fixture(scope="module")
def free(short: Model) -> forecasting.Run:
    """Many unconditional trajectories."""
    return forecasting.forecast(short, trajectories=BRUTE, seed=SEED, draws="prior")


def _plan(model: Model, *given: str, n: int = N, seed: int = SEED) -> SeriesPlan:
    conditions = conditions_on(given, model)
    assert conditions is not None
    return plan_series(model, conditions, trajectories=n, seed=seed)


def _apart(one: np.ndarray, other: np.ndarray, effective: float) -> float:
    """How far two means are apart in standard errors, where the second rests on so many independent draws."""
    error = np.sqrt(one.var() / len(one) + other.var() / min(len(other), effective))
    return float(abs(one.mean() - other.mean()) / error)


def test_weights_of_a_fall_agree_with_rejection_by_brute_force(short: Model, free: forecasting.Run) -> None:
    _agrees(short, free, free.dataset["lost"].values[:, HARBOUR] == MONTH, "harbour falls 2015-11")


def test_weights_of_a_merger_agree_with_rejection_where_neither_may_end_before(case: Case) -> None:
    often = build(case, horizon=12, fixed={"merger.base": 0.01, "absorption.base": 1e-9})
    free = forecasting.forecast(often, trajectories=BRUTE, seed=SEED, draws="prior")
    names = free.organisation_record.label("event")
    merged = free.dataset["events"].values[:, names.index("merger.free-column")]
    _agrees(often, free, merged <= 9, "merger free-column by 2016-03")
    run = forecasting.forecast(often, trajectories=50, seed=SEED, draws="prior", given="merger free-column by 2016-03")
    fired = run.dataset["events"].values[:, names.index("merger.free-column")]
    assert int(fired.max()) <= 9


def test_after_an_absorption_nothing_merges(case: Case) -> None:
    often = build(case, horizon=12, fixed={"merger.base": 0.05, "absorption.base": 0.2})
    free = forecasting.forecast(often, trajectories=BRUTE, seed=SEED, draws="prior")
    names = free.organisation_record.label("event")
    merged, one, other = (
        free.dataset["events"].values[:, names.index(f"{kind}.free-column")]
        for kind in ("merger", "absorption", "absorption_by")
    )
    absorbed = np.minimum(one, other)
    assert float((absorbed <= 12).mean()) > 0.2
    assert int(((merged <= 12) & (absorbed < merged)).sum()) == 0
    assert int(((absorbed <= 12) & (merged < absorbed)).sum()) == 0
    assert int(((one <= 12) & (other <= 12)).sum()) == 0


def _agrees(model: Model, free: forecasting.Run, kept: np.ndarray, *given: str) -> None:
    """The probability of a condition, and what follows from it, against the unconditional trajectories that meet it."""
    assert kept.sum() > 60
    lost, short = free.dataset["lost"].values, model
    plan = _plan(short, *given)
    assert plan.probability == pytest.approx(kept.mean(), abs=4 * np.sqrt(kept.mean() / BRUTE))
    run = forecasting.forecast(short, trajectories=N, seed=SEED, draws="prior", given=given)
    for name in ("remain", "defect", "disengage"):
        brute = free.quantity(name).sel(month=12).values[kept].astype(float)
        assert _apart(brute, run.quantity(name).sel(month=12).values.astype(float), plan.effective) < 4.5
    for k in range(3):  # what is not given follows as well
        brute = lost[kept, k].astype(float)
        ours = run.dataset["lost"].values[:, k].astype(float)
        if brute.std() > 0:
            assert _apart(brute, ours, plan.effective) < 4.5


def test_the_condition_tells_of_parameters(short: Model, free: forecasting.Run) -> None:
    kept = free.dataset["lost"].values[:, HARBOUR] == MONTH
    run = forecasting.forecast(short, trajectories=N, seed=SEED, draws="prior", given="harbour falls 2015-11")
    effective = _plan(short, "harbour falls 2015-11").effective
    for name in ("territory.tempo", "territory.focus", "merger.base"):
        assert _apart(free.parameter(name)[kept], run.parameter(name), effective) < 4.5
    everyone = free.parameter("territory.tempo")
    assert _apart(everyone, run.parameter("territory.tempo"), effective) > 3.0  # it does carry information


def test_by_is_rejection_and_takes_the_series_that_satisfy(short: Model, free: forecasting.Run) -> None:
    plan = _plan(short, "harbour falls by 2015-11", n=200)
    kept = np.flatnonzero(free.dataset["lost"].values[:, HARBOUR] <= MONTH)
    assert plan.number.tolist() == kept[:200].tolist()
    assert plan.effective == 200
    assert np.array_equal(plan.fired, free.dataset["lost"].values[kept[:200]])


def test_all_falls_dated_are_forced_without_weights_and_exact(short: Model) -> None:
    plan = _plan(short, *ALL_DATED, n=30)
    assert (plan.effective, plan.drawn, plan.probability) == (30.0, 0, None)
    free_run = forecasting.forecast(short, trajectories=30, seed=SEED, draws="prior")
    run = forecasting.forecast(short, trajectories=30, seed=SEED, draws="prior", given=ALL_DATED)
    assert np.unique(run.dataset["lost"].values, axis=0).tolist() == [[5, 6, 9]]
    assert np.array_equal(run.dataset["parameters"].values, free_run.dataset["parameters"].values)
    for i in range(30):  # a trajectory with the months already: forcing changes nothing
        theta = run.dataset["parameters"].values[i]
        path, fired = draw_shared_series(short.program, theta, SEED, i)
        again, forced, _ = draw_forced_series(short.program, theta, SEED, i, fired)
        assert np.array_equal(path, again)
        assert np.array_equal(fired, forced)


def test_the_weight_of_a_forced_month_is_its_probability(short: Model) -> None:
    """The log weight is that of the months among many draws of the exponentials alone."""
    theta = forecasting.forecast(short, trajectories=1, seed=SEED, draws="prior").dataset["parameters"].values[0]
    names = list(short.parameter_names)
    theta[names.index("noise.campaign_sd")] = 1e-9  # the noise would differ between trajectories
    months = np.array([draw_shared_series(short.program, theta, SEED, i)[1][HARBOUR] for i in range(4000)])
    forced = np.full(3, FREE, dtype=np.int32)
    forced[HARBOUR] = 3
    share = float((months == 3).mean())
    weights = [np.exp(draw_forced_series(short.program, theta, SEED, i, forced)[2]) for i in range(4000)]
    assert abs(np.mean(weights) - share) < 4.5 * np.sqrt(share / 4000)


def test_a_certain_event_changes_nothing(case: Case) -> None:
    sure = build(case, horizon=12, fixed={"territory.tempo": 1e4, "territory.remainder": 1.0})
    kw = {"trajectories": 20, "seed": SEED, "draws": "prior"}
    plain = forecasting.forecast(sure, **kw)  # type: ignore[arg-type]
    given = forecasting.forecast(sure, given="all fall by 2016-06", **kw)  # type: ignore[arg-type]
    for name in plain.dataset.data_vars:
        assert np.array_equal(plain.dataset[name].values, given.dataset[name].values), name
    assert given.conditioned is not None
    assert given.conditioned.probability == 1.0


def test_a_certain_merger_changes_nothing(case: Case) -> None:
    sure = build(case, horizon=12, fixed={"merger.base": 1e4})
    kw = {"trajectories": 20, "seed": SEED, "draws": "prior"}
    plain = forecasting.forecast(sure, **kw)  # type: ignore[arg-type]
    given = forecasting.forecast(sure, given="merger free-column", **kw)  # type: ignore[arg-type]
    assert np.array_equal(plain.dataset["events"].values, given.dataset["events"].values)


def test_chunks_threads_and_folders_change_no_number(short: Model, tmp_path: Path) -> None:
    given = "harbour falls 2015-11"
    one = forecasting.forecast(short, trajectories=20, seed=SEED, draws="prior", given=given, threads=1)
    two = forecasting.forecast(
        short, trajectories=20, seed=SEED, draws="prior", given=given, threads=2, chunk_size=7, run_dir=tmp_path
    )
    for name in one.dataset.data_vars:
        assert np.array_equal(one.dataset[name].values, two.dataset[name].values), name
    assert one.conditioned == two.conditioned
    assert (one.dataset["lost"].values[:, HARBOUR] == MONTH).all()


def test_too_rare_a_condition_is_refused_with_what_to_do(case: Case) -> None:
    slow = build(case, horizon=12, fixed={"merger.base": 1e-12, "merger.collapse": 0.0, "territory.tempo": 1e-15})
    with pytest.raises(SettingError, match=r"effective number .* expected at least 100.*looser.*more simulations"):
        _plan(slow, "harbour falls by 2015-11", n=20)


@pytest.mark.parametrize("name", bundled_cases())
def test_events_of_the_bundled_cases_are_read_by_nothing_else(name: str) -> None:
    short = build(open_case(name), horizon=12)
    inputs = event_inputs(short.program, short.bands)
    assert "territory.tempo" in inputs.names(short)
    assert not read_elsewhere(short.program, short.bands, inputs)
    both = inputs.parameters | {int(short.program.term[0, 3])}
    assert read_elsewhere(short.program, short.bands, type(inputs)(both, inputs.noise))
    people = frozenset(int(z) for z in short.program.term[short.program.term[:, 1] == PATH][:, 2])
    assert noise_read_elsewhere(short.program, short.bands, type(inputs)(inputs.parameters, inputs.noise | people))


def test_no_figure_that_is_fitted_reads_parameters_of_events_and_of_people(short: Model) -> None:
    """Given the series, people's parameters are independent of the conditions, also in a posterior."""
    named = set(event_inputs(short.program, short.bands).parameters)
    assert not named & set(short.history.term[:, 3].tolist())
    noises = past_noises(short.structure, short.view.history_months)
    assert not {short.parameter_names[p] for p in named} & {name for noise in noises for name in noise.names}


def test_a_series_brings_its_component_of_a_posterior(short: Model) -> None:
    """Draws of the fit fall late here, and those of the priors early: given an early fall, people are the priors'."""
    names, fitted = ("territory.tempo", "killing.fighter", DISCREPANCY), np.arange(60) % 2 == 0
    values = np.where(fitted[:, None], [-9.0, -5.0, 0.1], [3.0, -2.0, 0.1]).astype(np.float32)  # logarithms
    ones = np.ones(3, dtype=np.float32)
    both = Posterior(made_up_origin(short, 60), names, values, ones, ones, ones, stats={"fitted": fitted})
    conditions = conditions_on(("harbour falls by 2015-11",), short)
    assert conditions is not None
    plan = plan_series(short, conditions, trajectories=100, seed=SEED, posterior=both)
    before = draw(short, both, trajectories=range(100), seed=SEED)
    after = plan.carried(short, both, before, SEED)
    assert before.fitted is not None
    assert after.fitted is not None
    assert before.fitted.mean() == pytest.approx(0.5, abs=0.05)
    assert after.fitted.mean() < 0.05
    assert after.fitted.tolist() == components(both, plan.number.tolist(), SEED).tolist()
    for name, column in (("territory.tempo", 0), ("killing.fighter", 1)):
        of = after.values[:, after.names.index(name)]
        assert of.tolist() == np.where(after.fitted, values[0, column], values[1, column]).astype(float).tolist()


def test_the_filter_agrees_with_weights_of_whole_series(short: Model) -> None:
    """Resampling on the way changes neither the probability nor what the months tell of parameters."""
    inputs = event_inputs(short.program, short.bands)
    m, forced = 20_000, np.array([9, 3, 4], dtype=np.int32)
    draws = draw_named(short, None, inputs.names(short), trajectories=range(m), seed=SEED)
    columns = np.array([short.parameter_names.index(name) for name in draws.names], dtype=np.int32)
    theta, blank = np.zeros((m, len(short.parameter_names))), np.zeros((len(short.program.path_kind), 13))
    theta[:, columns] = draws.values
    _, plain = fire_series(*series_of(short.program), theta, SEED, 0, forced, blank)
    latest = np.full(3, 13, dtype=np.int32)
    found = filter_series(short.program, draws.values, columns, SEED, forced, latest)
    assert len(np.unique(found.root)) < m  # some were resampled
    assert (found.fired == forced).all()
    weight, error = np.exp(plain), float(np.exp(plain).std() / np.sqrt(m))
    assert abs(np.exp(found.log_probability) - weight.mean()) < 4.5 * 1.5 * error
    chosen = found.root[systematic(found.log_weight, 4000, SEED, 0)]
    effective = min(effective_number(plain), effective_number(found.log_weight, found.root))
    for j in range(len(columns)):
        of = draws.values[:, j]
        mean = float((weight * of).sum() / weight.sum())
        assert abs(of[chosen].mean() - mean) < 4.5 * of.std() * np.sqrt(2.0 / effective)


def test_effective_numbers_and_systematic_resampling() -> None:
    log_weight = np.log([0.5, 0.25, 0.25, 1e-300])
    assert effective_number(log_weight) == pytest.approx(1 / 0.375)
    assert effective_number(np.full(3, -np.inf)) == 0.0
    chosen = systematic(log_weight, 8, SEED, 0)
    assert np.bincount(chosen, minlength=4).tolist() == [4, 2, 2, 0]
    assert np.array_equal(chosen, systematic(log_weight, 8, SEED, 0))


@pytest.fixture(scope="module")
def held() -> Model:
    """A model of `isis` after all ground was lost, over half a year."""
    return build(open_case("isis", as_of="2024-12-08"), horizon=6)


def _months_of(model: Model, n: int) -> np.ndarray:
    path = np.zeros((len(model.program.path_kind), model.horizon + 1))
    theta = draw(model, None, trajectories=range(n), seed=SEED).values
    return fire_series(*series_of(model.program), theta, SEED, 0, np.full(len(model.program.token_key), FREE), path)[0]


def test_a_break_of_custody_is_given_by_rejection_though_all_ground_is_lost(held: Model) -> None:
    plan = _plan(held, "break ne-syria-prison by 2025-05", n=100)
    k = [e.name for e in held.structure.dated_events].index("custody_break.ne-syria-prison.1")
    months = _months_of(held, 4000)
    assert plan.probability == pytest.approx(float((months[:, k] <= 6).mean()), rel=0.25)
    assert (plan.fired[:, k] <= 6).all()
    assert (plan.fired[plan.number < 4000] == months[plan.number[plan.number < 4000]]).all(), (
        "the series that satisfy it"
    )


def test_weights_of_a_break_in_one_month_agree_with_the_share_of_it(held: Model) -> None:
    k = [e.name for e in held.structure.dated_events].index("custody_break.iraq.1")
    plan = _plan(held, "break iraq 2025-03", n=100)
    assert (plan.fired[:, k] == 4).all()  # month 4 ends on 8 April 2025
    found = float((_months_of(held, 6000)[:, k] == 4).mean())
    assert plan.probability == pytest.approx(found, abs=4 * np.sqrt(found / 6000))
    assert plan.effective >= 100
