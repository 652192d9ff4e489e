"""Children born in the theatre, and minors who pass 18."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.made_up.expected_runs import theta_of

from afterfall.engine.keys import START, subkey
from afterfall.engine.means import run_means
from afterfall.engine.program import Floats
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, nowcast, sample
from afterfall.model.compile.reduced_model import reduced_model
from afterfall.model.language.vocabulary import EVERY_ROLE, ROLES
from afterfall.model.mechanisms.growing_up import CHILDHOOD, coming_of_age
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.births_so_far import at_node, born_per_parent, draw_born
from afterfall.model.observation.initial_state_plan import DEAD, REST, RETURNED

N, SEED = 60, 4
MAN, WOMAN, MINOR, BORN = (EVERY_ROLE.index(role) for role in ("fighter", "adult", "minor", "born"))


def expected(model: Model, people: dict[tuple[int, str], float], **changes: float) -> tuple[Floats, Floats]:
    """Expected people and counters by month, with every hazard shut but those given, and no arrivals."""
    program, theta = model.program, theta_of(model, **changes)
    put = rate_factors(program, theta, draw_shared_series(program, theta, SEED, 0)[0])
    base = put.base.copy()
    base[program.inflow_rate[~program.inflow_per.any(axis=1)]] = 0.0
    names, start = [s.name for s in model.states], np.zeros(program.cell_key.shape)
    for (cohort, state), count in people.items():
        start[cohort, names.index(state)] = count
    return run_means(program, put._replace(base=base), start, np.zeros((len(model.quantities), program.n_origins)))


def test_women_bear_children_where_they_are_and_of_their_origin(tiny: Model) -> None:
    custodian = next(s.name for s in tiny.states if s.name.startswith("detained_"))
    people = {(WOMAN, "ranks_stayer"): 1000.0, (WOMAN, custodian): 1000.0, (WOMAN, "lying_low"): 1000.0}
    stocks, counted = expected(tiny, people, births__rate=math.log(0.01), births__held=math.log(0.5))
    names, months = [s.name for s in tiny.states], tiny.horizon
    born = stocks[-1, BORN]
    assert born[names.index("ranks_stayer")] == pytest.approx(10.0 * months)
    assert born[names.index(custodian)] == pytest.approx(5.0 * months)
    assert born.sum() == pytest.approx(15.0 * months)
    assert stocks[-1].sum() == pytest.approx(3000.0 + 15.0 * months)
    by_name = {q.name: counted[-1, i] for i, q in enumerate(tiny.quantities)}
    assert by_name["born"][0] == pytest.approx(15.0 * months)
    assert by_name["born"][1:].sum() == by_name["travelled"].sum() == 0.0


def test_men_have_children_with_local_wives_where_they_are_at_large(tiny: Model) -> None:
    others = {(EVERY_ROLE.index(role), "ranks_stayer"): 1000.0 for role in ("fighter", "minor", "born")}
    stocks, _ = expected(tiny, others, births__rate=math.log(0.01))
    assert stocks[-1].sum() == pytest.approx(3000.0)
    custodian = next(s.name for s in tiny.states if s.name.startswith("detained_"))
    men = {(MAN, "ranks_stayer"): 1000.0, (MAN, custodian): 1000.0}
    stocks, counted = expected(tiny, men, births__rate=math.log(0.01), births__local=math.log(0.2))
    by_state = stocks[-1, BORN]
    assert by_state[[s.name for s in tiny.states].index("ranks_stayer")] == pytest.approx(2.0 * tiny.horizon)
    assert by_state.sum() == pytest.approx(2.0 * tiny.horizon)
    assert counted[-1, [q.name for q in tiny.quantities].index("born")].sum() == pytest.approx(2.0 * tiny.horizon)


def test_minors_pass_18_where_they_are_but_not_at_home_and_the_born_do_not(tiny: Model) -> None:
    custodian = next(s.name for s in tiny.states if s.name.startswith("detained_"))
    people = {(MINOR, custodian): 500.0, (MINOR, "minor_home"): 500.0, (BORN, custodian): 500.0}
    stocks, _ = expected(tiny, people, growing_up__pace=0.0)
    at, home = [[s.name for s in tiny.states].index(x) for x in (custodian, "minor_home")]
    share = coming_of_age(ArrivalCurve.of(tiny.view))
    left = 500.0 * math.exp(-sum(share(month) for month in range(1, tiny.horizon + 1)))
    assert stocks[-1, MINOR, at] == pytest.approx(left)
    assert stocks[-1, WOMAN, at] == pytest.approx((500.0 - left) / 2.0)
    assert stocks[-1, MAN, at] == pytest.approx((500.0 - left) / 2.0)
    assert stocks[-1, MINOR, home] == stocks[-1, BORN, at] == 500.0


def test_women_and_minors_leave_by_their_factors_of_the_hazard_of_men(tiny: Model) -> None:
    people = {(role, "ranks_mover"): 1000.0 for role in range(len(EVERY_ROLE))}
    factors = {"leaving__adult": math.log(0.5), "leaving__minor": math.log(0.2)}
    stocks, _ = expected(tiny, people, leaving__mover=math.log(0.1), third__pull=0.0, **factors)
    there = stocks[1, :, [s.name for s in tiny.states].index("ranks_mover")]
    hazard = -np.log(there[: len(EVERY_ROLE)] / 1000.0)
    assert hazard[MAN] > 0.01
    assert hazard / hazard[MAN] == pytest.approx([1.0, 0.5, 0.2, 0.2])
    assert {"leaving.adult", "leaving.minor"} <= set(reduced_model(tiny).names)


def test_the_share_who_come_of_age_is_that_of_even_ages() -> None:
    """All arrive in one month with ages spread evenly: after a months the youngest 216 - a of 216 are left."""
    share = coming_of_age(ArrivalCurve((-31, -30), (50.0, 0.0)))
    left = math.exp(-sum(share(month) for month in range(-29, 31)))
    assert left == pytest.approx((CHILDHOOD - 60.0) / CHILDHOOD, rel=0.005)


def test_the_born_are_treated_as_minors(tiny: Model) -> None:
    """Where rates differ by role, the newborn have those of minors; only births and arrivals differ."""
    program, theta = tiny.program, sample(tiny, trajectories=[0], seed=1).values[0]
    put = rate_factors(program, theta, draw_shared_series(program, theta, SEED, 0)[0])
    moving = np.unique([*program.rate, *program.choice_rate])
    assert np.array_equal(put.base[moving, MINOR], put.base[moving, BORN])
    assert np.array_equal(program.open[:, MINOR], program.open[:, BORN])
    assert put.base[moving, MINOR] != pytest.approx(put.base[moving, 0])


def test_the_start_has_the_born_of_the_history(tiny: Model) -> None:
    draws = sample(tiny, trajectories=N, seed=SEED)
    start, counters = nowcast(tiny, draws, seed=SEED, trajectories=range(N))
    by_role = start.reshape(N, -1, len(EVERY_ROLE), len(tiny.states))
    names = [q.name for q in tiny.quantities]
    assert np.array_equal(by_role[:, :, BORN].sum(axis=2), counters[:, names.index("born")])
    assert by_role[:, :, BORN].sum() > 0
    none = draws.values.copy()
    none[:, draws.names.index("births.rate")] = -80.0
    without, _ = nowcast(tiny, type(draws)(draws.names, none, draws.trajectories), seed=SEED, trajectories=range(N))
    childless = without.reshape(by_role.shape)
    assert childless[:, :, BORN].sum() == 0
    other, travelled = (table[:, :, : len(ROLES)] for table in (childless, by_role))
    assert np.array_equal(other.sum(axis=3), travelled.sum(axis=3))
    assert abs(other - travelled).sum() < 0.01 * travelled.sum(), "places for repatriation are all they share"


def test_born_follow_the_parents_of_their_origin() -> None:
    """Two origins of a region, one with ten times the parents: by state in the theatre, by node at home and dead."""
    node = np.array([REST, REST, RETURNED, RETURNED, DEAD], dtype=np.int32)
    people = np.zeros((1, len(EVERY_ROLE), 5))
    people[0, WOMAN], people[0, BORN] = [100.0, 50.0, 20.0, 0.0, 10.0], [50.0, 5.0, 0.0, 10.0, 1.0]
    assert born_per_parent(node, people, 0.0)[0] == pytest.approx([0.5, 0.1, 0.0, 0.5, 0.1])
    people[0, MAN] = [1000.0, 0.0, 200.0, 0.0, 0.0]  # at a tenth of a woman each, twice the parents where men are
    ratio = born_per_parent(node, people, 0.1)
    assert ratio[0] == pytest.approx([0.25, 0.1, 0.0, 0.25, 0.1])
    women = np.array([[4000, 0, 1000, 0, 0], [400, 0, 100, 0, 0]])
    assert at_node(node, women[0].astype(float)).tolist() == [4000, 0, 1000, 1000, 0]
    start = np.zeros((2 * len(EVERY_ROLE), 5), dtype=np.int64)
    mean = at_node(node, women.astype(float)) * ratio
    keys = np.arange(start.size, dtype=np.uint64).reshape(start.shape) * np.uint64(7919)
    total = np.zeros((2, 5))
    for trajectory in range(200):
        one = start.copy()
        key = subkey(1, trajectory, START, 0)
        draw_born(mean, keys[:2, 0], 50.0, keys, key, one)
        total += one[BORN :: len(EVERY_ROLE)]
    assert total[0] / 200 == pytest.approx([1000.0, 0.0, 0.0, 250.0, 0.0], rel=0.05)
    assert total[1] / 200 == pytest.approx([100.0, 0.0, 0.0, 25.0, 0.0], rel=0.05)


def test_a_fit_leaves_births_and_growing_up_out(tiny: Model) -> None:
    small = reduced_model(tiny)
    assert not any(name.startswith(("births.", "growing_up.")) for name in small.names)
    assert not small.program.inflow_per.any()
    assert (small.program.pass_to < 0).all()
    assert len(small.program.origin) == len(ROLES) * len(tiny.view.regions)
