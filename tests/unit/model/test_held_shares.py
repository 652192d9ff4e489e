"""Published counts of people held move how many of an origin start in custody, by custodian."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from afterfall.case import Case, Figure, PartialDate, open_case
from afterfall.engine.keys import START, subkey
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import ROLES
from afterfall.model.observation.count_density import log_held
from afterfall.model.observation.held_figures import custodians_of, held_groups, why_not_held
from afterfall.model.observation.held_shares import HELD_WORTH, choose_held, expected_held
from afterfall.model.observation.initial_state_plan import REST
from afterfall.model.observation.nowcast import _beliefs as beliefs_of
from afterfall.model.observation.nowcast import history

N, SEED = 100, 5


@pytest.fixture(scope="module")
def case() -> Case:
    return open_case("isis-2017")


def held(case: Case, people: float, **changes: Any) -> Figure:
    one = next(f for f in case.figures if f.place == "SAU" and f.quantity == "detained")
    given = {"figure": f"held-{people}", "place": "FRA", "low": people, "value": people, "high": people}
    return replace(one, **given | {"definition": "affiliates", "refers_to": PartialDate("2017-01")} | changes)


def start_of(case: Case, *figures: Figure) -> tuple[Model, np.ndarray]:
    """People of France by trajectory, role and state."""
    model = build(replace(case, figures=(*case.figures, *figures)), horizon=1)
    start, _ = nowcast(model, sample(model, trajectories=N, seed=SEED), seed=SEED, trajectories=range(N))
    by_origin = start.reshape(N, len(model.origins), -1, start.shape[-1])
    return model, by_origin[:, model.origins.index("FRA")]


def in_states(model: Model, start: np.ndarray, *names: str) -> float:
    which = np.array([s.stage == "detained" and (not names or s.name in names) for s in model.nowcaster.states])
    return float(np.median(start[..., which].sum(axis=(1, 2))))


def number_held(model: Model, start: np.ndarray) -> np.ndarray:
    which = np.array([s.stage == "detained" for s in model.nowcaster.states])
    return start[..., which].sum(axis=(1, 2))  # type: ignore[no-any-return]


def range_of(model: Model, start: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(number_held(model, start), (0.05, 0.95))
    return float(low), float(high)


def test_a_count_of_the_held_moves_them_and_not_the_rest_of_the_origin(case: Case) -> None:
    model, usual = start_of(case)
    for people in (30.0, 200.0):
        _, moved = start_of(case, held(case, people))
        assert in_states(model, moved) == pytest.approx(people, rel=0.1)
        low, high = range_of(model, moved)
        assert 0.7 * people < low < people < high < 1.4 * people
        travelled = slice(0, len(ROLES))  # the born follow their mothers
        now, before = (np.median(x[:, travelled].sum(axis=(1, 2))) for x in (moved, usual))
        assert now == pytest.approx(before, rel=0.05)


def test_origins_without_counts_of_the_held_keep_their_start(case: Case) -> None:
    plain, one = (build(c, horizon=1) for c in (case, replace(case, figures=(*case.figures, held(case, 90.0)))))
    starts = [
        nowcast(m, sample(m, trajectories=20, seed=SEED), seed=SEED, trajectories=range(20))[0] for m in (plain, one)
    ]
    by_origin = [s.reshape(20, len(plain.origins), -1) for s in starts]
    changed = (by_origin[0] != by_origin[1]).any(axis=(0, 2))
    assert [plain.origins[o] for o in np.flatnonzero(changed)] == ["FRA"]


def test_more_held_than_are_left_enlarge_the_total_within_its_readings(case: Case) -> None:
    """As many held as four draws in five have left: these are then unlikely."""
    model, usual = start_of(case)
    left = model.nowcaster.node == REST
    people = float(np.quantile(usual[:, : len(ROLES)][..., left].sum(axis=(1, 2)), 0.8))
    _, moved = start_of(case, held(case, people))
    now = moved[:, : len(ROLES)][..., left].sum(axis=(1, 2))
    assert np.median(now) > people
    assert in_states(model, moved) == pytest.approx(people, rel=0.2)


def test_overlapping_counts_are_of_the_same_people(case: Case) -> None:
    """Women, minors (the born with them), everyone in one place, and at least so many in all."""
    places = ("north_east_syria", "affiliates")
    model, start = start_of(
        case,
        held(case, 40.0, figure="women", role="woman"),
        held(case, 60.0, figure="minors", role="minor"),
        held(case, 150.0, figure="there", definition=places[0]),
        held(case, 190.0, figure="all", definition=places[1], bound="at_least"),
    )
    there = tuple(f"detained_{k}" for k in ("ne-syria-camp", "ne-syria-prison"))
    assert in_states(model, start[:, [1]]) == pytest.approx(40.0, rel=0.25)
    assert in_states(model, start[:, 2:]) == pytest.approx(60.0, rel=0.25)
    assert in_states(model, start, *there) == pytest.approx(150.0, rel=0.2)
    assert in_states(model, start) > 180.0


def test_values_that_contradict_each_other_are_a_mixture_and_a_bound_decides_between_them(case: Case) -> None:
    few, many = held(case, 30.0, figure="few", family="one"), held(case, 200.0, figure="many", family="other")
    model, start = start_of(case, few, many)
    number = number_held(model, start)
    assert 0.15 < (number < 80).mean() < 0.85
    assert ((number > 60) & (number < 120)).mean() < 0.1
    model, start = start_of(case, few, many, held(case, 150.0, figure="least", family="third", bound="at_least"))
    assert (number_held(model, start) > 100).mean() > 0.97


def test_the_number_held_has_its_exact_posterior() -> None:
    """One count of everyone, one role, one custodian: beta-binomial prior times the lognormal count, enumerated."""
    model = build(replace(base := open_case("isis-2017"), figures=(*base.figures, held(base, 12.0))), horizon=1)
    draws = sample(model, trajectories=1, seed=SEED)
    past = history(model.nowcaster, model.history, draws.values, SEED)
    beliefs = beliefs_of(past, 0, draws, {name: i for i, name in enumerate(draws.names)})._replace(discrepancy=0.3)
    plan, o = model.nowcaster.plan, model.origins.index("FRA")
    people, pool = np.array([80, 0, 0]), (plan.node == REST).astype(np.uint8)
    found = []
    for i in range(1500):
        out = np.zeros((3, plan.held_cells.shape[2]), dtype=np.int64)
        assert choose_held(plan, beliefs, o, people, pool, model.program.cell_key, subkey(SEED, i, START, 0), out) > 5.0
        assert out.sum() == 80
        found.append(out[:, 1:].sum())
    share = expected_held(plan, beliefs, o, pool)[0, 1]
    numbers = np.arange(81)
    i = plan.first_held_figure[plan.first_held[o]]
    error = plan.held_sd[i] ** 2 + 0.3**2
    log = stats.betabinom(80, HELD_WORTH * share, HELD_WORTH * (1.0 - share)).logpmf(numbers)
    log += [log_held(plan.held_log[i], float(k), error, 0) for k in numbers]
    exact = np.exp(log - log.max()) / np.exp(log - log.max()).sum()
    mean = float(exact @ numbers)
    sd = float(np.sqrt(exact @ (numbers - mean) ** 2))
    assert np.mean(found) == pytest.approx(mean, abs=0.12 * sd)
    assert np.std(found) == pytest.approx(sd, rel=0.1)


def test_contained_counts_are_not_added_up_to_the_least_held(case: Case) -> None:
    figures = (
        held(case, 40.0, figure="women", role="woman"),
        held(case, 60.0, figure="minors", role="minor"),
        held(case, 130.0, figure="all"),
        held(case, 9.0, figure="most", definition="iraq", bound="at_most"),
    )
    model = build(replace(case, figures=(*case.figures, *figures)), horizon=1)
    plan, o = model.nowcaster.plan, model.origins.index("FRA")
    assert np.exp(plan.held_floor_log[o]) == pytest.approx(130.0)
    assert np.isneginf(np.delete(plan.held_floor_log, o)).all()
    groups = held_groups(model.view, "FRA")
    assert [sum(g.weights) for g in groups] == pytest.approx([1.0] * len(groups))


def test_a_count_of_one_custodian_moves_that_custodian(case: Case) -> None:
    camp = "ne-syria-camp"
    model, usual = start_of(case)
    _, moved = start_of(case, held(case, 60.0, definition=camp.replace("-", "_")))
    assert in_states(model, moved, f"detained_{camp}") == pytest.approx(60.0, rel=0.1)
    assert in_states(model, moved, "detained_turkey") <= in_states(model, usual, "detained_turkey")


def test_which_counts_are_read(case: Case) -> None:
    view = CaseView(case)
    assert custodians_of(view, held(case, 9.0)) == view.custodians
    assert set(custodians_of(view, held(case, 9.0, definition="north_east_syria"))) == {
        "ne-syria-camp",
        "ne-syria-prison",
    }
    assert "does not name" in why_not_held(view, held(case, 9.0, definition="abroad"))
    assert "months old" in why_not_held(view, held(case, 9.0, refers_to=PartialDate("2016-01")))
    assert not why_not_held(view, held(case, 9.0, role="minor"))
    assert not held_groups(view, "FRA")
