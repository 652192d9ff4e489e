"""An origin has at least as many at home as it has repatriated; world counts that are bounds err both ways."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.model import build, nowcast
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.custody.families_home import OF_EVERYONE, OF_FAMILIES, families_missing
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


def missing(everyone: int, families: int) -> tuple[int, int]:
    """Women and minors added; each woman at home is expected to have two born to her in the region."""
    least = np.zeros((1, 2), dtype=np.int64)
    least[0, OF_EVERYONE], least[0, OF_FAMILIES] = everyone, families
    plan: Any = Plan(
        least_at_home=least,
        origin_key=np.array([7], dtype=np.uint64),
        regional=np.arange(4, dtype=np.int32),
        cohorts_of=np.array([[0, 1, 2]], dtype=np.int32),
        node=np.array([REST, RETURNED], dtype=np.int32),
    )
    beliefs: Any = Beliefs(np.array([[50.0, 50.0], [10.0, 4.0], [10.0, 4.0], [5.0, 8.0]]), 0.0)
    return families_missing(plan, beliefs, 0, HOME, WEIGHTS, np.uint64(1))


@pytest.mark.parametrize(("everyone", "families"), [(0, 0), (70, 0), (0, 40), (70, 40)])
def test_who_is_at_home_already_is_not_added(everyone: int, families: int) -> None:
    assert missing(everyone, families) == (0, 0)


@pytest.mark.parametrize(("everyone", "families", "short"), [(0, 140, 100), (170, 0, 100), (110, 140, 100)])
def test_the_missing_are_added_with_the_born_among_them(everyone: int, families: int, short: int) -> None:
    women, minors = missing(everyone, families)
    assert short <= women * 3 + minors <= short + 1
    assert women == pytest.approx(short / 4, abs=1)


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
    # the born at home are drawn around their mean, so that a start may have a few less
    assert (people[:, published > 0] >= 0.75 * published[published > 0] - 5).all()
    code = [q.name for q in model.nowcaster.quantities].index("repatriated")
    assert (counters[:, code, kazakhstan] >= 500).all()


def test_a_bound_of_the_world_is_drawn_around_its_count() -> None:
    group = WorldGroup(("camp",), np.array([True]), (0,), (np.log(1000.0),), (0.2,), (1.0,), 1)
    numbers = np.array([group.number(np.uint64(k)) for k in range(400)])
    assert np.median(numbers) == pytest.approx(1000.0, rel=0.05)
    assert (numbers < 1000.0).any()
