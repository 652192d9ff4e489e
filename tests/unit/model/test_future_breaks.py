"""Breaks of custody to come: where and how often, that they move people and lose nobody, and that the fit stays."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.engine.band_inputs import band_inputs
from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.means import run_means
from afterfall.engine.program import EVENT_RAMP, Floats, Ints
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_forced_series, draw_shared_series, fire_series, series_of, unforced
from afterfall.model import Model, build, nowcast, sample, under_policy
from afterfall.model.compile.reduced_model import reduced_model
from afterfall.model.levers import Policy, Setting, open_levers
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.custody_events import UNRECORDED
from afterfall.model.mechanisms.future_breaks import MOST, break_event, broken_out, collapse_event, successors
from afterfall.model.mechanisms.learned_breaks import captor_risks, held_sites, outcomes
from afterfall.reference.custody_breaks import SDF

DAY, HORIZON, SEED, MONTH = "2024-12-08", 6, 11, 3
SDF_FIRST = "ne-syria-camp"


@pytest.fixture(scope="module")
def model() -> Model:
    return build(open_case("isis", as_of=DAY), horizon=HORIZON)


@pytest.fixture(scope="module")
def started(model: Model) -> tuple[Floats, Floats, Floats]:
    """Parameters, people and counters at the start of one trajectory."""
    draws = sample(model, trajectories=1, seed=SEED)
    people, counters = nowcast(model, draws, seed=SEED, trajectories=[0])
    return draws.values[0], people[0], counters[0]


def event(model: Model, name: str) -> int:
    return [e.name for e in model.structure.dated_events].index(name)


def only(model: Model, name: str = "", month: int = MONTH) -> Ints:
    """No event of custody but one, in a given month."""
    forced = unforced(model.program)
    forced[len(model.holdings) :] = HORIZON + 1
    if name:
        forced[event(model, name)] = month
    return forced


def people_after(model: Model, started: tuple[Floats, Floats, Floats], forced: Ints, trajectory: int = 0) -> Floats:
    """People of every quantity ``[T + 1, Q]`` in one trajectory."""
    theta, people, counters = started
    path, fired, _ = draw_forced_series(model.program, theta, SEED, 0, forced)
    factors = rate_factors(model.program, theta, path)
    inputs = band_inputs(model.bands, theta, path, fired, SEED, trajectory)
    lists = index(model.program)
    return run_trajectory(model.program, lists, factors, people, counters, SEED, trajectory, inputs).world


def test_a_case_without_custody_events_has_none() -> None:
    for name, day in (("isis-2017", "2017-02-13"), ("isis", "2018-07-31"), ("tiny", None)):
        plain = build(open_case(name, as_of=day) if day else open_case(name), horizon=1)
        assert plain.custody_breaks == ()
        assert len(plain.holdings) == len(plain.program.token_key)
        assert not [s.name for s in plain.states if s.name.startswith(broken_out(""))]
        assert not [p for p in plain.parameter_names if p.startswith(("custody_break.", "custody_collapse."))]


def test_the_past_knows_nothing_of_breaks_to_come(model: Model) -> None:
    small = reduced_model(model)
    assert len(small.program.token_key) == len(model.holdings)
    assert not [s.name for s in small.states if s.name.startswith(broken_out(""))]
    assert not [n for n in small.names if n.startswith(("custody_break", "custody_collapse", "broken_out"))]
    assert (model.history.token_month[len(model.holdings) :] == model.history.horizon + 1).all()


def test_sites_share_the_rate_of_their_captor(model: Model) -> None:
    sites = {site.code: site for site in held_sites(model.view)}
    assert {"al-hol", "roj", "ne-syria-prison", "iraq", "syria-other"} == set(sites)
    for captor in {site.captor for site in sites.values()}:
        assert sum(s.share for s in sites.values() if s.captor == captor) == pytest.approx(1.0)
    camps = [sites["al-hol"], sites["roj"]]
    assert camps[0].share == camps[1].share
    assert sum(site.part or 0.0 for site in camps) == pytest.approx(1.0)
    assert 0.6 < (sites["al-hol"].part or 0.0) < 0.95
    assert sites["ne-syria-prison"].part is None
    assert sites["ne-syria-prison"].share > sites["al-hol"].share, "two breaks of prisons, one of a camp that is gone"
    risk = next(r for r in captor_risks(model.view) if r.captor.custodians[0] == SDF_FIRST)
    assert (risk.record, risk.events) == (SDF, 3)


def test_a_site_that_is_empty_cannot_break() -> None:
    sites = {site.code for site in held_sites(build(open_case("isis", as_of="2026-03-12"), horizon=1).view)}
    assert "al-hol" not in sites
    assert "roj" in sites
    early = {site.code for site in held_sites(build(open_case("isis", as_of="2019-03-31"), horizon=1).view)}
    assert "ne-syria-camp" in early, "no site was counted yet"


def test_events_fire_at_the_rate_of_the_class(model: Model) -> None:
    """The chance within the horizon, of many draws, against that of the rates themselves."""
    n = 1500
    theta = sample(model, trajectories=n, seed=SEED).values
    path = np.zeros((len(model.program.path_kind), HORIZON + 1))
    fired, _ = fire_series(*series_of(model.program), theta, SEED, 0, unforced(model.program), path)
    chance = outcomes(model.view).collapse.mean()
    risks = {risk.captor.custodians[0]: risk for risk in captor_risks(model.view)}
    for site in held_sites(model.view):
        rate = risks[site.captor].rate * site.share * (1.0 - chance) * HORIZON / 12.0
        expected, found = float(-np.expm1(-rate).mean()), fired[:, event(model, break_event(site.code))] <= HORIZON
        assert found.mean() == pytest.approx(expected, abs=4.0 * np.sqrt(expected / n)), site.code
        second = fired[:, event(model, break_event(site.code, 2))]
        assert (second[~found] > HORIZON).all()
    for first, risk in risks.items():
        expected = float(-np.expm1(-risk.rate * chance * HORIZON / 12.0).mean())
        found = fired[:, event(model, collapse_event(first))] <= HORIZON
        assert found.mean() == pytest.approx(expected, abs=4.0 * np.sqrt(expected / n)), first


def test_a_break_counts_once_in_its_month_and_breaks_follow_one_another(model: Model) -> None:
    row = [p.name for p in model.structure.paths].index("breaks_al-hol")
    forced = only(model)
    for number in range(1, MOST + 1):
        forced[event(model, break_event("al-hol", number))] = 2 * number
    path, _, _ = draw_forced_series(model.program, sample(model, trajectories=1, seed=SEED).values[0], SEED, 0, forced)
    assert path[row] == pytest.approx([0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0])


def test_a_break_moves_people_in_its_month_and_loses_nobody(model: Model, started: tuple) -> None:
    names = {q.name: i for i, q in enumerate(model.quantities)}
    calm = people_after(model, started, only(model))
    broken = people_after(model, started, only(model, break_event("al-hol")))
    everyone, out = names["everyone"], names["broke_out"]
    assert (calm[:MONTH, :] == broken[:MONTH, :]).all(), "nothing differs before it"
    parts = [i for i, q in enumerate(model.quantities) if q.group in ("pathway", "fate")]
    assert (broken[:, parts].sum(axis=1) == broken[:, everyone]).all()
    assert (broken[:, everyone] == broken[:, names["travelled"]] + broken[:, names["born"]]).all()
    assert calm[-1, out] == 0
    hazard = np.exp(started[0][model.parameter_names.index("custody_break.out.al-hol")])
    held = calm[MONTH, names[detained_state(SDF_FIRST)]]
    assert broken[MONTH, out] == pytest.approx(held * -np.expm1(-hazard), rel=0.1)
    assert broken[-1, names["retaken"]] > 0
    assert broken[-1, names["retaken"]] < broken[-1, out]


def test_the_mean_of_the_counts_is_the_expected_flow(model: Model, started: tuple) -> None:
    theta, people, counters = started
    forced = only(model, break_event("ne-syria-prison"), 2)
    path, fired, _ = draw_forced_series(model.program, theta, SEED, 0, forced)
    factors, lists, program = rate_factors(model.program, theta, path), index(model.program), model.program
    expected = run_means(program, factors, people.astype(float), counters.astype(float))[0]
    states = [s.name for s in model.states].index
    where = [states(detained_state("ne-syria-prison")), states(broken_out("ne-syria-prison")), states(UNRECORDED)]
    n, found = 120, []
    for trajectory in range(n):
        inputs = band_inputs(model.bands, theta, path, fired, SEED, trajectory)
        final = run_trajectory(program, lists, factors, people, counters, SEED, trajectory, inputs).final
        found.append(final[:, where].sum(axis=0))
    values = np.array(found, dtype=float)
    error = values.std(axis=0, ddof=1) / np.sqrt(n)
    assert (values[:, 1] > 0).any()
    assert values.mean(axis=0) == pytest.approx(expected[-1][:, where].sum(axis=0), abs=4.5 * error.max())


def test_a_collapse_hands_over_those_who_do_not_get_out(model: Model, started: tuple) -> None:
    names = {q.name: i for i, q in enumerate(model.quantities)}
    risk = next(r for r in captor_risks(model.view) if r.captor.custodians[0] == SDF_FIRST)
    assert successors(model.view, risk.captor) == ("syria-other",)
    calm = people_after(model, started, only(model))
    fallen = people_after(model, started, only(model, collapse_event(SDF_FIRST)))
    held = [names[detained_state(k)] for k in risk.captor.custodians]
    assert fallen[MONTH, held].sum() < 0.02 * calm[MONTH, held].sum()
    moved = fallen[MONTH, names["broke_out"]] + fallen[MONTH, names["handed_over"]]
    assert moved == pytest.approx(calm[MONTH, held].sum(), rel=0.03)
    share = np.exp(started[0][model.parameter_names.index(f"custody_collapse.out.{SDF_FIRST}")]) / 8.0
    assert fallen[MONTH, names["broke_out"]] / moved == pytest.approx(share, abs=0.03)


def test_detention_security_acts_on_the_hazard(model: Model) -> None:
    lever = open_levers().levers["detention-security"]
    guarded = under_policy(model, Policy("guards", "guards", (Setting(lever, 1.0, None, 1),)))
    whole = build(model.case, horizon=HORIZON, policy=Policy("guards", "guards", (Setting(lever, 1.0, None, 1),)))
    assert guarded.model_hash == whole.model_hash
    for name, value in guarded.program._asdict().items():
        assert np.array_equal(np.asarray(value), np.asarray(getattr(whole.program, name))), name
    terms = guarded.program.token_term
    breaks = [k for k, e in enumerate(model.structure.dated_events) if e.name.startswith("custody_break.")]
    assert sorted(terms[terms[:, 1] == EVENT_RAMP][:, 0].tolist()) == breaks, "breaks, not collapses"
    theta = sample(guarded, trajectories=400, seed=SEED).values
    theta[:, guarded.parameter_names.index("lever.detention-security.escape")] = np.log(1e-6)
    path = np.zeros((len(guarded.program.path_kind), HORIZON + 1))
    fired, _ = fire_series(*series_of(guarded.program), theta, SEED, 0, unforced(guarded.program), path)
    months, _ = fire_series(
        *series_of(model.program),
        sample(model, trajectories=400, seed=SEED).values,
        SEED,
        0,
        unforced(model.program),
        path,
    )
    assert (fired[:, breaks] >= months[:, breaks]).all()
    assert (fired[:, breaks] <= HORIZON).sum() < 0.7 * (months[:, breaks] <= HORIZON).sum()
    others = [k for k in range(len(guarded.program.token_key)) if k not in breaks]
    assert (fired[:, others] == months[:, others]).all()


def test_other_draws_are_those_of_the_same_names(model: Model) -> None:
    """A draw depends on its name: the same path of noise with and without the events of custody."""
    theta = sample(model, trajectories=1, seed=SEED).values[0]
    path, _ = draw_shared_series(model.program, theta, SEED, 0)
    forced, _, _ = draw_forced_series(model.program, theta, SEED, 0, only(model, break_event("iraq")))
    custody = [i for i, p in enumerate(model.structure.paths) if p.name.startswith(("breaks_", "collapse_"))]
    rest = [i for i in range(len(path)) if i not in custody]
    assert np.array_equal(path[rest], forced[rest])
    assert not np.array_equal(path[custody], forced[custody])
