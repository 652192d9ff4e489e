"""Quantities that are sums of others: found from their declarations, and true of every number of a real run."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.model import Model, Quantity, build
from afterfall.run import simulate
from afterfall.run.sums import Sums, sums_of


def stock(name: str, states: str, roles: frozenset[str] | None = None) -> Quantity:
    return Quantity(name, name, "stock", name, "detail", frozenset(states), roles)  # type: ignore[arg-type]


FIGHTERS = frozenset({"fighter"})


def test_the_finest_are_stored() -> None:
    found = sums_of([stock("all", "abc"), stock("some", "ab"), stock("c", "c"), stock("a", "a")])
    assert found == ["c + some", "", "", ""]


def test_a_difference_is_a_sum_too_and_roles_count() -> None:
    others = frozenset({"adult", "minor", "born"})
    found = sums_of([stock("held", "a"), stock("fighters", "a", FIGHTERS), stock("rest", "a", others)])
    assert found == ["fighters + rest", "", ""]
    assert sums_of([stock("x", "ab"), stock("y", "bc"), stock("z", "abcd"), stock("w", "cd")]) == ["", "", "x + w", ""]
    overlapping = [stock("x", "ab"), stock("y", "bc"), stock("w", "cd"), stock("v", "ad")]
    assert sums_of(overlapping) == ["", "", "", "x - y + w"]


def test_counters_and_what_is_the_sum_of_none_are_stored() -> None:
    counter = Quantity("moved", "moved", "counter", "moved", "counter")
    assert sums_of([counter, stock("a", "a"), stock("b", "b"), stock("half", "a", FIGHTERS)]) == [""] * 4


def test_parts_and_whole() -> None:
    sums = Sums(("a", "b", "all", "gap"), ("", "", "a + b", "- a + b"))
    every = np.array([[3, 5, 8, 2], [0, 1, 1, 1]])
    assert sums.stored == [0, 1]
    np.testing.assert_array_equal(sums.made_of, [[1, 0], [0, 1], [1, 1], [-1, 1]])
    np.testing.assert_array_equal(sums.split(every), every[:, :2])
    assert Sums.none(["a", "b"]).made_of.tolist() == [[1, 0], [0, 1]]


@pytest.fixture(scope="module", params=["tiny", "isis-2017"])
def real(request: pytest.FixtureRequest) -> Model:
    return build(open_case(request.param), horizon=6)


def test_every_sum_is_true_of_a_run(real: Model) -> None:
    """`split` refuses any number that is not the sum declared for it."""
    sums = Sums(tuple(q.name for q in real.quantities), tuple(sums_of(real.quantities)))
    batch = simulate(real, seed=3, trajectories=range(3))
    assert sums.split(batch.origins).shape[-1] == len(sums.stored) < 0.9 * len(sums.names)
