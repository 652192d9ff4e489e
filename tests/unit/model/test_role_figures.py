"""How published counts of women and of minors place the roles of an origin."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.engine.keys import START, subkey
from afterfall.engine.program import Floats
from afterfall.model import Model, build, sample
from afterfall.model.observation.initial_state import ALIKE, role_weights
from afterfall.model.observation.initial_state_plan import InitialStateBeliefs
from afterfall.model.observation.nowcast import _beliefs, history
from afterfall.model.observation.role_figures import role_counts, role_ratios

DRAWS = 4000


@pytest.fixture(scope="module")
def early() -> Model:
    """ISIS as of August 2016."""
    return build(open_case("isis-2017", as_of="2016-08-01"), horizon=3)


@pytest.fixture(scope="module")
def beliefs(early: Model) -> InitialStateBeliefs:
    draws = sample(early, trajectories=[0], seed=1)
    past = history(early.nowcaster, early.history, draws.values, 1)
    made = _beliefs(past, 0, draws, {name: i for i, name in enumerate(draws.names)})
    return made._replace(role_weight=np.array([2.0, 0.3, 0.2]), role_spread=0.7)


def logs(early: Model, beliefs: InitialStateBeliefs, o: int, **changes: Floats) -> Floats:
    plan = early.nowcaster.plan._replace(**changes)
    found = [role_weights(plan, beliefs, o, subkey(1, i, START, 0)) for i in range(DRAWS)]
    return np.log(np.array(found)[:, 1:])


def test_a_count_is_read_against_the_total_of_its_source(early: Model) -> None:
    women, minors = role_ratios(early.view, "BEL")[0]
    assert (math.exp(women), math.exp(minors)) == pytest.approx((86 / 328, 43 / 328))
    only_women = role_ratios(early.view, "KGZ")
    assert math.exp(only_women[0][0]) == pytest.approx(49 / 303)
    assert only_women[1][1] == math.inf > only_women[1][0]
    assert [f.role for f in role_counts(early.view, "BEL")] == ["woman", "minor"]
    assert role_counts(early.view, "TUN") == ()


def test_ratios_have_the_mean_of_the_history_and_the_spread_of_the_parameter(
    early: Model, beliefs: InitialStateBeliefs
) -> None:
    o = early.view.origins.index("TUN")
    found = logs(early, beliefs, o)
    assert np.exp(found).mean(axis=0) == pytest.approx([0.15, 0.1], rel=0.06)
    assert found.std(axis=0) == pytest.approx([0.7, 0.7], rel=0.05)
    assert np.corrcoef(found.T)[0, 1] == pytest.approx(ALIKE, abs=0.04)


def test_without_a_spread_every_origin_is_as_the_history(early: Model, beliefs: InitialStateBeliefs) -> None:
    same = beliefs._replace(role_spread=0.0)
    for origin in ("BEL", "TUN"):
        weights = role_weights(early.nowcaster.plan, same, early.view.origins.index(origin), np.uint64(5))
        assert weights == pytest.approx([1.0, 0.15, 0.1])


@pytest.mark.parametrize("known", [(True, True), (True, False), (False, True)])
def test_counts_condition_both_ratios_exactly(
    early: Model, beliefs: InitialStateBeliefs, known: tuple[bool, bool]
) -> None:
    o = early.view.origins.index("BEL")
    sd = np.full_like(early.nowcaster.plan.role_sd, math.inf)
    sd[o] = [0.3 if yes else math.inf for yes in known]
    seen = early.nowcaster.plan.role_log.copy()
    seen[o] = [0.2, -0.5]
    found = logs(early, beliefs, o, role_sd=sd, role_log=seen)
    v = 0.7**2
    prior = np.array([[v, ALIKE * v], [ALIKE * v, v]])
    pick = np.eye(2)[list(known)]
    gain = prior @ pick.T @ np.linalg.inv(pick @ prior @ pick.T + 0.09 * np.eye(len(pick)))
    mean = np.log([0.15, 0.1]) - v / 2.0
    mean = mean + gain @ (np.array([0.2, -0.5])[list(known)] - pick @ mean)
    covariance = prior - gain @ pick @ prior
    assert found.mean(axis=0) == pytest.approx(mean, abs=0.04)
    assert np.cov(found.T) == pytest.approx(covariance, abs=0.03)


def test_bounds_and_stocks_are_not_read(early: Model) -> None:
    case = early.view.case
    bound = tuple(replace(f, bound="at_least") if f.role else f for f in case.figures)
    assert role_counts(build(replace(case, figures=bound), horizon=3).view, "BEL") == ()
