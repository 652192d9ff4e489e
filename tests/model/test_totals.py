"""Totals given an origin's own counts: the readings' own spread, weighed by how well they agree with the counts."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.engine.agreement import log_agreement
from afterfall.engine.keys import START, subkey
from afterfall.engine.start_plan import StartBeliefs
from afterfall.engine.totals import reading_of
from afterfall.model import Model, build, sample
from afterfall.model.nowcasting import _beliefs, history

N = 6000


@pytest.fixture(scope="module")
def tiny() -> Model:
    return build(open_case("tiny"), horizon=6)


@pytest.fixture(scope="module")
def beliefs(tiny: Model) -> StartBeliefs:
    draws = sample(tiny, trajectories=[3], seed=5)
    column = {name: i for i, name in enumerate(draws.names)}
    return _beliefs(history(tiny, draws.values, 5), 0, draws, column)


def logs(model: Model, beliefs: StartBeliefs, origin: str) -> np.ndarray:
    o = model.origins.index(origin)
    return np.array([reading_of(model.nowcaster.plan, beliefs, o, subkey(9, i, START, 0)) for i in range(N)])


@pytest.mark.parametrize("discrepancy", [0.0, 0.5])
def test_totals_follow_readings_and_counts(tiny: Model, beliefs: StartBeliefs, discrepancy: float) -> None:
    o, fitted = tiny.origins.index("arda"), beliefs._replace(fitted=True, discrepancy=discrepancy)
    assert (tiny.nowcaster.plan.evidence[:, o] >= 0.0).any()
    free = logs(tiny, beliefs, "arda")
    weight = np.exp([log_agreement(tiny.nowcaster.plan, fitted, o, x) for x in free])
    weight /= weight.sum()
    size = 1.0 / (weight**2).sum()
    mean = weight @ free
    sd = np.sqrt(weight @ (free - mean) ** 2)
    found = logs(tiny, fitted, "arda")
    assert found.mean() == pytest.approx(mean, abs=5.0 * sd * np.sqrt(1.0 / N + 1.0 / size))
    assert found.std() == pytest.approx(sd, rel=0.1)
    assert free.mean() != pytest.approx(mean, abs=5.0 * sd * np.sqrt(1.0 / N + 1.0 / size))


def test_a_larger_count_means_a_larger_total(tiny: Model, beliefs: StartBeliefs) -> None:
    o, fitted = tiny.origins.index("arda"), beliefs._replace(fitted=True)
    plan = tiny.nowcaster.plan
    higher = plan._replace(evidence=plan.evidence * 10.0)
    keys = [subkey(9, i, START, 0) for i in range(400)]
    more, less = (np.mean([reading_of(p, fitted, o, k) for k in keys]) for p in (higher, plan))
    assert more > less + 0.01


def test_an_origin_without_counts_is_read_as_it_stands(tiny: Model, beliefs: StartBeliefs) -> None:
    plan, luck = tiny.nowcaster.plan, subkey(9, 1, START, 0)
    none = plan._replace(evidence=np.full_like(plan.evidence, -1.0))
    for o in range(len(tiny.origins)):
        assert reading_of(none, beliefs._replace(fitted=True), o, luck) == reading_of(plan, beliefs, o, luck)
