"""World counts move the expected shares to what they say, keep everyone, and leave counted origins alone."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.custody.world_held import (
    BORN,
    MEN,
    MINORS,
    WOMEN,
    WorldGroup,
    moved_men,
    moved_odds,
    tilted,
    world_groups,
)
from afterfall.model.observation.initial_state_plan import DEAD, REST, RETURNED

#: States: at large, camp, prison, home, dead.
NODE = np.array([REST, REST, REST, RETURNED, DEAD], dtype=np.int32)
AT_LARGE, CAMP, PRISON = range(3)


class Beliefs(SimpleNamespace):
    """The fields that are moved."""

    def _replace(self, **changes: Any) -> "Beliefs":
        return Beliefs(**{**vars(self), **changes})


def beliefs() -> Beliefs:
    shares = np.array(
        [
            [[300.0, 10.0, 90.0, 200.0, 400.0], [60.0, 20.0, 5.0, 40.0, 25.0], [50.0, 30.0, 0.0, 40.0, 10.0]],
            [[100.0, 5.0, 45.0, 300.0, 100.0], [40.0, 30.0, 5.0, 20.0, 5.0], [60.0, 20.0, 0.0, 20.0, 10.0]],
        ]
    )
    born = shares[:, WOMEN] * 0.5
    born[:, 3:] = 10.0
    rows = np.concatenate([shares, born[:, None]], axis=1).reshape(8, 5)
    months = np.linspace(0.1, 0.4, 4)[:, None] * np.ones(2)
    return Beliefs(shares=rows, fathers=0.0, nodes=np.stack([months, months]), theatre=months)


def plan() -> Any:
    return SimpleNamespace(node=NODE, region=np.array([0, 1, 1]), in_theatre=np.array([1, 1, 1, 0, 0], dtype=np.uint8))


def start(of: Beliefs) -> np.ndarray:
    """Origins of which each has as many as its region."""
    by_region = of.shares.reshape(2, 4, 5).astype(np.int64)
    return by_region[[0, 1, 1]].reshape(12, 5)


def group(state: int, roles: tuple[int, ...], bound: int = 0) -> WorldGroup:
    return WorldGroup((f"s{state}",), np.arange(5) == state, roles, (0.0,), (0.1,), (1.0,), bound)


def expected(of: Beliefs, state: int, roles: list[int]) -> float:
    people = of.shares.reshape(2, 4, 5)[[0, 1, 1]]
    return float(people[:, roles, state].sum())


def moved(groups: list[WorldGroup], numbers: list[float], pinned: np.ndarray | None = None) -> tuple[Beliefs, Beliefs]:
    before = beliefs()
    nobody = np.zeros((3, 4, 5), dtype=np.bool_)
    after: Any = tilted(
        groups,
        numbers,
        plan(),
        before,
        before,
        nobody if pinned is None else pinned,
        start(before),  # type: ignore[arg-type]
    )
    return before, after


def test_expected_numbers_meet_the_counts_and_everyone_is_kept() -> None:
    groups = [group(CAMP, (WOMEN, MINORS)), group(PRISON, (MEN,))]
    before, after = moved(groups, [400.0, 100.0])
    assert expected(after, CAMP, [WOMEN, MINORS, BORN]) == pytest.approx(400.0, rel=0.02)
    assert expected(after, PRISON, [MEN]) == pytest.approx(100.0, rel=0.02)
    rows = [r for r in range(8) if r % 4 != BORN]
    assert after.shares[rows].sum(axis=1) == pytest.approx(before.shares[rows].sum(axis=1))


def test_a_bound_that_is_met_moves_nothing() -> None:
    before, after = moved([group(CAMP, (WOMEN,), 1), group(PRISON, (MEN,), -1)], [1.0, 1e6])
    assert after.shares == pytest.approx(before.shares)
    assert after.nodes[0] == pytest.approx(moved_odds(before.nodes[0], after.nodes[0, -1]))


def test_those_whom_their_origin_counts_are_taken_off() -> None:
    pinned = np.zeros((3, 4, 5), dtype=np.bool_)
    pinned[0, MEN, PRISON] = True
    _, after = moved([group(PRISON, (MEN,))], [190.0], pinned)
    free = after.shares.reshape(2, 4, 5)[1, MEN, PRISON]
    assert 2.0 * free == pytest.approx(190.0 - 90.0, rel=0.02), "the two origins of the other region share the rest"


def test_the_odds_of_the_past_move_with_those_of_the_last_month() -> None:
    past = np.array([[0.2], [0.5]])
    assert moved_odds(past, np.array([0.5])) == pytest.approx(past)
    assert moved_odds(past, np.array([0.8]))[:, 0] == pytest.approx([0.5, 0.8])


def test_men_moved_to_iraq_are_the_sum_of_their_parts() -> None:
    assert moved_men(CaseView(open_case("isis", as_of="2026-03-12"))) == 710 + 983
    assert moved_men(CaseView(open_case("isis", as_of="2024-12-08"))) == 0


def test_there_are_none_without_custody_events() -> None:
    assert world_groups(CaseView(open_case("isis", as_of="2018-07-31")), ()) == ()
