"""Published stocks choose an origin's start among candidates; other origins keep theirs."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from afterfall.case import Case, Figure, PartialDate, open_case
from afterfall.engine.keys import START, subkey
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import EVERY_ROLE, ROLES
from afterfall.model.observation import counting
from afterfall.model.observation.candidates import CANDIDATES, LEAST_LOG_WEIGHT, choose_candidate, chosen, log_weight
from afterfall.model.observation.further_figures import competing_stocks
from afterfall.model.observation.nowcast import _beliefs as beliefs_of
from afterfall.model.observation.nowcast import history

SEED = 11
N = 200


def stock(case: Case, origin: str, people: float, name: str = "a", **changes: Any) -> Figure:
    """A stock in the theatre of an origin, dated as the latest figure of the case."""
    total = max(case.figures, key=lambda f: f.refers_to.last_day)
    given = {
        "figure": f"in-theatre-{origin}-{name}",
        "quantity": "in_theatre",
        "place": origin,
        "organisation": "",
        "role": "",
        "bound": "",
        "low": people,
        "value": people,
        "high": people,
        "grade": "B2",
        "basis": "stock",
        "definition": "affiliates",
        "family": f"count-{name}",
    }
    return replace(total, **given | changes)


def plain(case: Case) -> Case:
    """The case without stocks in the theatre."""
    return replace(case, figures=tuple(f for f in case.figures if f.quantity != "in_theatre"))


def with_stocks(case: Case, *stocks: Figure) -> Model:
    return build(replace(plain(case), figures=(*plain(case).figures, *stocks)), horizon=3)


def start_of(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """People by origin, role and state, and counters."""
    draws = sample(model, trajectories=N, seed=SEED)
    start, counters = nowcast(model, draws, seed=SEED, trajectories=range(N))
    return start.reshape(N, len(model.origins), len(EVERY_ROLE), -1), counters


def seen(model: Model, start: np.ndarray, origin: str) -> np.ndarray:
    """People of an origin in the theatre, by trajectory."""
    there = np.array([s.stage in ("theatre", "detained") for s in model.states])
    return start[:, model.origins.index(origin)][..., there].sum(axis=(1, 2))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def tiny() -> Case:
    return open_case("tiny")


@pytest.fixture(scope="module")
def origin(tiny: Case) -> str:
    return CaseView(tiny).named[0]


def test_a_stock_moves_its_origin_towards_it_and_no_other(tiny: Case, origin: str) -> None:
    before = with_stocks(tiny)
    start, counters = start_of(before)
    usual = float(np.median(seen(before, start, origin)))
    for people in (0.5 * usual, 1.6 * usual):
        model = with_stocks(tiny, stock(tiny, origin, people))
        moved, counted = start_of(model)
        now = float(np.median(seen(model, moved, origin)))
        assert abs(math.log(now / people)) < 0.7 * abs(math.log(usual / people))
        others = [o for o in range(len(model.origins)) if model.origins[o] != origin]
        assert np.array_equal(moved[:, others], start[:, others])
        assert np.array_equal(counted[:, :, others], counters[:, :, others])


def test_everyone_is_somewhere(tiny: Case, origin: str) -> None:
    model = with_stocks(tiny, stock(tiny, origin, 40.0))
    start, counters = start_of(model)
    travelled = counters[:, [q.name for q in model.quantities].index("travelled")]
    assert np.array_equal(start[:, :, : len(ROLES)].sum(axis=(2, 3)), travelled)
    assert (start >= 0).all()


def test_the_same_seed_gives_the_same_start(tiny: Case, origin: str) -> None:
    model = with_stocks(tiny, stock(tiny, origin, 40.0))
    start, _ = start_of(model)
    alone = sample(model, trajectories=[17], seed=SEED)
    again, _ = nowcast(model, alone, seed=SEED, trajectories=[17])
    assert np.array_equal(again[0].reshape(start.shape[1:]), start[17])


def test_figures_of_one_family_share_one_weight(tiny: Case, origin: str) -> None:
    twice = with_stocks(
        tiny, stock(tiny, origin, 40.0, family="one"), stock(tiny, origin, 40.0, name="again", family="one")
    )
    assert np.array_equal(start_of(twice)[0], start_of(with_stocks(tiny, stock(tiny, origin, 40.0)))[0])


def test_an_impossible_stock_leaves_the_first_candidate(tiny: Case, origin: str) -> None:
    assert chosen(np.full(4, LEAST_LOG_WEIGHT - 1.0), 0.9) == 0
    assert chosen(np.full(4, -np.inf), 0.9) == 0
    model = with_stocks(tiny, stock(tiny, origin, 1e30, grade="A1"))
    assert np.array_equal(start_of(model)[0], start_of(with_stocks(tiny))[0])


def test_candidates_are_chosen_by_weight() -> None:
    log_weights = np.log(np.array([0.1, 0.0001, 0.6, 0.2999]))
    found = np.bincount([chosen(log_weights - 300.0, u) for u in (np.arange(20_000) + 0.5) / 20_000], minlength=4)
    assert np.allclose(found / 20_000, np.exp(log_weights), atol=1e-4)


@pytest.mark.parametrize("changes", [{"role": "woman"}, {"definition": "involved"}])
def test_stocks_of_a_role_or_of_something_else_are_not_read(tiny: Case, origin: str, changes: dict[str, str]) -> None:
    one = stock(tiny, origin, 40.0)
    view = CaseView(replace(plain(tiny), figures=(*plain(tiny).figures, one)))
    assert competing_stocks(view, origin)
    other = CaseView(replace(plain(tiny), figures=(*plain(tiny).figures, replace(one, **changes))))  # type: ignore[arg-type]
    assert not competing_stocks(other, origin)


def test_what_is_left_of_a_total_that_is_read_is_not_read_again() -> None:
    turkey = open_case("isis-2017", as_of="2016-08-01")
    assert turkey.figures_of("in_theatre", place="TUR")
    assert not competing_stocks(CaseView(turkey), "TUR")


def test_what_is_left_of_a_total_that_is_not_read_is_read() -> None:
    view = CaseView(open_case("isis-2017", as_of="2016-08-01"))
    found = [f.value for group in competing_stocks(view, "FRA") for family in group.families for f in family]
    assert found == [650.0]


def test_a_stock_older_than_a_newer_count_is_not_carried_across_it(tiny: Case, origin: str) -> None:
    """Of a family the latest day counts, with all its figures; another family counts unless it is outdated."""
    old, new = stock(tiny, origin, 400.0), stock(tiny, origin, 40.0)
    later = replace(new, figure="later", refers_to=PartialDate("2015-03"))
    twin = replace(later, figure="twin", definition="fighters", value=30.0)
    aged = replace(old, figure="aged", refers_to=PartialDate("2013-01"), family="another")
    case = plain(tiny)
    view = CaseView(
        replace(case, figures=(*case.figures, replace(old, refers_to=PartialDate("2014-06")), later, twin, aged))
    )
    found = {f.figure for group in competing_stocks(view, origin) for family in group.families for f in family}
    assert found == {"later", "twin"}


def reference_log_weight(plan: Any, beliefs: Any, o: int, people: float, home: float, dead: float) -> float:
    """Log weight of a candidate, in plain NumPy."""
    g, total = plan.region[o], 0.0

    def then(share: float, which: int, t: int) -> float:
        growth = beliefs.nodes[which, -1, g] / max(beliefs.nodes[which, t, g], 1e-6)
        return min(share / float(np.clip(growth, 0.2, 5.0)), 1.0)

    units = counting.people_per_unit(beliefs.left_out, beliefs.in_theatre, beliefs.role_weight[1:].sum())
    for j in range(plan.first_group[o], plan.first_group[o + 1]):
        families = range(plan.first_family[j], plan.first_family[j + 1])
        logs = []
        for f in families:
            each = []
            for i in range(plan.first_stock[f], plan.first_stock[f + 1]):
                t = plan.stock_column[i]
                returned, d = then(home, 0, t), then(dead, 1, t)
                killed, there = (1 - returned) * d, (1 - returned) * (1 - d) * beliefs.theatre[t, g]
                share = counting.seen_in_theatre(there, returned, killed, *beliefs.reporting)
                mean = people * beliefs.people[t, g] / beliefs.people[-1, g] * share / units[plan.stock_kind[i]]
                sd = math.sqrt(math.log1p(plan.stock_sd[i] ** 2 + beliefs.discrepancy**2))
                middle = math.log(mean) - sd**2 / 2
                bound = plan.stock_bound[i]
                tail = norm.logcdf(bound * (middle - plan.stock_log[i]) / sd)
                each.append(tail if bound else norm.logpdf(plan.stock_log[i], middle, sd))
            logs.append(plan.log_family_weight[f] + np.mean(each))
        total += float(np.logaddexp.reduce(logs))
    return total


def test_the_compiled_weight_is_that_of_a_plain_reference() -> None:
    case = open_case("isis-2017", as_of="2017-02-13")
    known = next(f for f in case.figures if f.figure == "in-theatre-can-2016-08")
    bound = replace(known, figure="bound", family="another", bound="at_least", value=120.0, low=120.0, high=120.0)
    model = build(replace(case, figures=(*case.figures, bound)), horizon=3)
    draws = sample(model, trajectories=3, seed=SEED)
    past, plan = history(model.nowcaster, model.history, draws.values, SEED), model.nowcaster.plan
    column = {name: i for i, name in enumerate(draws.names)}
    compared = 0
    for i in range(3):
        beliefs = beliefs_of(past, i, draws, column)._replace(discrepancy=0.2 * i)
        for o in np.flatnonzero(np.diff(plan.first_group)):
            for people, home, dead in ((90.0, 0.1, 0.2), (1500.0, 0.3, 0.05), (6000.0, 0.9, 0.9)):
                expected = reference_log_weight(plan, beliefs, int(o), people, home, dead)
                assert log_weight(plan, beliefs, int(o), people, home, dead) == pytest.approx(expected, rel=1e-9)
                compared += 1
    assert compared >= 45
    assert (plan.stock_bound != 0).any()


def test_the_first_candidate_is_what_was_drawn() -> None:
    model = build(open_case("isis-2017", as_of="2016-08-01"), horizon=3)
    draws = sample(model, trajectories=1, seed=SEED)
    past, plan = history(model.nowcaster, model.history, draws.values, SEED), model.nowcaster.plan
    beliefs = beliefs_of(past, 0, draws, {name: i for i, name in enumerate(draws.names)})
    o, n = model.origins.index("FRA"), len(model.origins)
    totals, shares = np.full(n, 1000.0), np.full((2, n), 0.2)
    hopeless = plan._replace(stock_log=plan.stock_log + 400.0)
    choose_candidate(hopeless, beliefs, o, np.full((2, 2, n), 0.5), subkey(SEED, 0, START, 0), totals, shares)
    assert totals[o] == 1000.0
    assert (shares[:, o] == 0.2).all()
    assert CANDIDATES > 1
