"""Counts are lowered by those taken home since, by role; families held raise the families of an origin."""

import math
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from afterfall.case import Figure, PartialDate, open_case
from afterfall.model import build
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.custody.families_held import MOST, families_factor
from afterfall.model.observation.custody.held_after_events import UNTRIED, before_arrivals, states_of
from afterfall.model.observation.custody.moved_in import moved_lately
from afterfall.model.observation.custody.others_in_theatre import REBELS, THEATRE, others_in_theatre, states_in_theatre
from afterfall.model.observation.custody.taken_home import (
    left_after_repatriations,
    part_of_role,
    repatriated_since,
)
from afterfall.model.observation.held_figures import FAMILIES, custodians_of, held_groups, roles_of


@pytest.fixture(scope="module")
def view() -> CaseView:
    return CaseView(open_case("isis", as_of="2026-03-12"))


def figure(quantity: str, day: str, value: float, **changes: Any) -> Figure:
    one = Figure(
        figure=f"{quantity}-{day}-{changes.get('role', '')}",
        quantity=quantity,
        place="CAN",
        low=value,
        value=value,
        high=value,
        refers_to=PartialDate(day),
        published=PartialDate(day),
        basis="stock" if quantity != "repatriated" else "cumulative",
        definition="affiliates",
        source="un-2178",
        grade="B2",
        verified=True,
    )
    return replace(one, **changes)


def of(view: CaseView, *figures: Figure) -> CaseView:
    rest = tuple(f for f in view.case.figures if f.place != "CAN" or f.quantity == "travelled")
    return CaseView(replace(view.case, figures=(*rest, *figures)))


def test_running_totals_are_read_between_two_days(view: CaseView) -> None:
    totals = [figure("repatriated", "2021-12-31", 100.0), figure("repatriated", "2023-12-31", 300.0)]
    case = of(view, *totals)
    assert repatriated_since(case, figure("detained", "2022-12-31", 500.0)) == pytest.approx(100.0, abs=1.0)
    assert repatriated_since(case, figure("detained", "2024-01-31", 500.0)) == 0.0
    assert repatriated_since(case, figure("detained", "2020-01-31", 500.0)) == 0.0, "no total of that time"


def test_a_count_of_a_role_is_lowered_by_those_of_the_role(view: CaseView) -> None:
    women = figure("repatriated", "2024-05", 6.0, role="woman", basis="operation")
    minors = figure("repatriated", "2024-05-02", 14.0, role="minor", basis="operation")
    case = of(view, women, minors)
    assert left_after_repatriations(case, figure("detained", "2024-01", 10.0, role="woman")) == pytest.approx(0.4)
    assert left_after_repatriations(case, figure("detained", "2024-01", 10.0, role="man")) == 1.0
    assert left_after_repatriations(case, figure("detained", "2024-01", 40.0)) == pytest.approx(0.5)


def test_without_the_role_its_usual_part_is_taken(view: CaseView) -> None:
    everyone = figure("repatriated", "2024-05", 20.0, basis="operation")
    case, women = of(view, everyone), figure("detained", "2024-01", 100.0, role="woman")
    part = part_of_role(case, "woman")
    assert 0.1 < part < 0.6
    assert part + part_of_role(case, "minor") == pytest.approx(1.0)
    assert left_after_repatriations(case, women) == pytest.approx(1.0 - 20.0 * part / 100.0)


def test_that_none_of_a_role_was_taken_home_is_a_count(view: CaseView) -> None:
    everyone = figure("repatriated", "2024-05", 20.0, basis="operation")
    none = figure("repatriated", "2024-05-02", 0.0, role="woman", basis="operation")
    women = figure("detained", "2024-01", 100.0, role="woman")
    assert left_after_repatriations(of(view, everyone, none), women) == 1.0
    lone_total = figure("repatriated", "2024-05-02", 9.0, role="woman")
    assert left_after_repatriations(of(view, everyone, lone_total), women) < 1.0, "no total before it: nothing is known"
    earlier = figure("repatriated", "2023-05", 9.0, role="woman")
    assert left_after_repatriations(of(view, everyone, earlier, lone_total), women) == 1.0
    more = figure("repatriated", "2023-05", 12.0, role="woman")
    assert left_after_repatriations(of(view, everyone, more, lone_total), women) < 1.0, "totals that contradict"


def test_families_of_one_source_are_of_families_with_every_custodian(view: CaseView) -> None:
    kyrgyz = next(f for f in view.case.figures_of("detained", place="KGZ") if f.definition == "women_and_children")
    assert roles_of(view, kyrgyz) == FAMILIES
    assert {"ne-syria-camp", "iraq"} <= set(custodians_of(view, kyrgyz))
    assert any(kyrgyz in group.figures for group in held_groups(view, "KGZ"))


def test_those_with_rebels_and_those_of_a_role_in_the_theatre(view: CaseView) -> None:
    words = {word for word, _ in others_in_theatre(view, "CHN")}
    assert words == {REBELS}
    assert {word for word, _ in others_in_theatre(view, "MAR")} == {THEATRE}
    states = build(view.case, horizon=1).states
    rebels = [s.name for s, of in zip(states, states_in_theatre(view, REBELS, states), strict=True) if of]
    assert "rival_turkistan-islamic-party" in rebels
    assert all(name.startswith("rival_") for name in rebels)


def test_those_moved_lately_are_not_yet_sentenced(view: CaseView) -> None:
    ((custodian, tunisians),) = moved_lately(view, "TUN")
    assert (custodian, tunisians.value, tunisians.bound) == ("iraq", 234.0, "at_least")
    states = build(view.case, horizon=1).states
    names = [s.name for s, of in zip(states, states_of(view, ("iraq" + UNTRIED,), states), strict=True) if of]
    assert names == ["detained_iraq"]


def test_a_count_from_before_others_came_is_a_bound(view: CaseView) -> None:
    old = figure("detained", "2024-12", 3.0, role="man", definition="iraq")
    assert before_arrivals(view, old, ("iraq",)).bound == "at_least"
    assert before_arrivals(view, old, ("iraq", "ne-syria-prison")).bound == "", "those who came were counted"


class Plan(NamedTuple):
    """The fields of a plan that are read."""

    family_floor_log: np.ndarray
    family_floor_sd: np.ndarray
    origin_key: np.ndarray
    regional: np.ndarray
    cohorts_of: np.ndarray
    node: np.ndarray


class Beliefs(NamedTuple):
    """The fields of beliefs that are read."""

    shares: np.ndarray
    fathers: float


def plan(least: float) -> Any:
    return Plan(
        family_floor_log=np.array([math.log(least) if least else -math.inf]),
        family_floor_sd=np.array([0.0]),
        origin_key=np.array([7], dtype=np.uint64),
        regional=np.arange(4, dtype=np.int32),
        cohorts_of=np.array([[0, 1, 2]], dtype=np.int32),
        node=np.array([0, 1], dtype=np.int32),
    )


def test_families_are_raised_to_those_held_and_no_further() -> None:
    shares = np.array([[50.0, 50.0], [10.0, 0.0], [10.0, 0.0], [5.0, 0.0]])
    beliefs: Any = Beliefs(shares, 0.0)
    weights, left = np.array([1.0, 0.1, 0.1]), np.array([0.5, 0.5, 0.5])
    raised = families_factor
    there = 1200 / 1.2 * (0.1 * 0.5 * 1.5 + 0.1 * 0.5)
    assert raised(plan(0.0), beliefs, 0, 1200, weights, left, np.uint64(1)) == 1.0
    assert raised(plan(there / 2.0), beliefs, 0, 1200, weights, left, np.uint64(1)) == 1.0
    assert raised(plan(3.0 * there), beliefs, 0, 1200, weights, left, np.uint64(1)) == pytest.approx(3.0)
    assert raised(plan(1000.0 * there), beliefs, 0, 1200, weights, left, np.uint64(1)) == pytest.approx(MOST / 0.2)
