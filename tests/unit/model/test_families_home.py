"""An origin has at least as many at home as it has repatriated; world counts that are bounds err both ways."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.model import build, nowcast
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.custody.families_home import (
    OF_EVERYONE,
    OF_FAMILIES,
    born_at_home,
    families_missing,
)
from afterfall.model.observation.custody.repatriated_so_far import least_at_home, repatriated_so_far
from afterfall.model.observation.custody.world_held import WorldGroup
from afterfall.model.observation.initial_state_plan import REST, RETURNED
from afterfall.posterior import draw

HOME = np.array([30, 10, 10], dtype=np.int64)
WEIGHTS = np.array([1.0, 0.5, 0.5])


class Plan(NamedTuple):
    """The fields of a plan that are read."""

    least_at_home: np.ndarray
    origin_key: np.ndarray
    regional: np.ndarray
    cohorts_of: np.ndarray
    node: np.ndarray


class Beliefs(NamedTuple):
    """The fields of beliefs that are read."""

    shares: np.ndarray
    fathers: float
    mixing: float


class Added(NamedTuple):
    """Women and minors added, and the born at home before and after."""

    women: int
    minors: int
    born_before: int
    born: int


def missing(everyone: int, families: int, key: int) -> Added:
    """Who is added; each woman at home is expected to have two born to her in the region."""
    least = np.zeros((1, 2), dtype=np.int64)
    least[0, OF_EVERYONE], least[0, OF_FAMILIES] = everyone, families
    plan: Any = Plan(
        least_at_home=least,
        origin_key=np.array([7], dtype=np.uint64),
        regional=np.arange(4, dtype=np.int32),
        cohorts_of=np.array([[0, 1, 2]], dtype=np.int32),
        node=np.array([REST, RETURNED], dtype=np.int32),
    )
    beliefs: Any = Beliefs(np.array([[50.0, 50.0], [10.0, 4.0], [10.0, 4.0], [5.0, 8.0]]), 0.0, 50.0)
    cells, subkey = np.arange(8, dtype=np.uint64).reshape(4, 2), np.uint64(key)
    women, minors = families_missing(plan, beliefs, 0, HOME, WEIGHTS, cells, subkey)
    before, after = (born_at_home(plan, beliefs, 0, float(HOME[1] + w), cells, subkey) for w in (0, women))
    return Added(women, minors, before, after)


@pytest.mark.parametrize(("everyone", "families"), [(0, 0), (50, 0), (0, 20), (50, 20)])
def test_who_is_at_home_already_is_not_added(everyone: int, families: int) -> None:
    assert [missing(everyone, families, key)[:2] for key in range(20)] == [(0, 0)] * 20


@pytest.mark.parametrize(("everyone", "families"), [(0, 140), (170, 0), (110, 140)])
def test_as_many_are_at_home_as_the_bound_says(everyone: int, families: int) -> None:
    added = [missing(everyone, families, key) for key in range(100)]
    at_home = np.array([HOME[1] + HOME[2] + one.women + one.minors + one.born for one in added])
    short = np.array([140 - HOME[1] - HOME[2] - one.born_before for one in added])
    assert (at_home >= 140).all()
    assert np.mean(at_home == 140) > 0.9, "no more are added than are missing"
    assert np.mean([one.women for one in added] - short / 4) == pytest.approx(0.0, abs=0.5)


def test_families_are_no_more_than_everyone() -> None:
    least = least_at_home(CaseView(open_case("isis")))
    assert (least[:, OF_FAMILIES] > 0).sum() > 5
    assert (least[:, OF_EVERYONE] >= least[:, OF_FAMILIES]).all()


def test_every_start_has_whom_the_origin_repatriated() -> None:
    model = build(open_case("isis"), horizon=1)
    which = range(4)
    counts, counters = nowcast(model, draw(model, None, trajectories=which, seed=1), seed=1, trajectories=which)
    at_home = np.array([s == RETURNED for s in model.nowcaster.node])
    people = counts.reshape(len(which), len(model.origins), 4, -1)[..., at_home].sum(axis=(2, 3))
    published = repatriated_so_far(model.view)
    kazakhstan = model.origins.index("KAZ")
    assert published[kazakhstan] == 700
    assert (people[:, published > 0] >= published[published > 0]).all()
    code = [q.name for q in model.nowcaster.quantities].index("repatriated")
    assert (counters[:, code, published > 0] == published[published > 0]).all()


def test_a_bound_of_the_world_is_drawn_around_its_count() -> None:
    group = WorldGroup(("camp",), np.array([True]), (0,), (np.log(1000.0),), (0.2,), (1.0,), 1)
    numbers = np.array([group.number(np.uint64(k)) for k in range(400)])
    assert np.median(numbers) == pytest.approx(1000.0, rel=0.05)
    assert (numbers < 1000.0).any()
