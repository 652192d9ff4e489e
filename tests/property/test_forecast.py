"""The small case run forward: people are conserved, every mechanism acts, and each does what its text says."""

import numpy as np
import pytest

from afterfall.engine.counts import run_trajectory
from afterfall.engine.index import index
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, nowcast, sample

SEED = 11
N = 40


@pytest.fixture(scope="module")
def runs(tiny: Model):  # type: ignore[no-untyped-def]
    draws = sample(tiny, trajectories=N, seed=SEED)
    start, counters = nowcast(tiny, draws, seed=SEED, trajectories=range(N))
    records = []
    lookup = index(tiny.program)
    for i in range(N):
        theta = draws.values[i]
        path, _ = draw_shared_series(tiny.program, theta, SEED, i)
        put = rate_factors(tiny.program, theta, path)
        records.append(run_trajectory(tiny.program, lookup, put, start[i], counters[i], SEED, i))
    return start, counters, records


def _column(model: Model, name: str) -> int:
    return [q.name for q in model.quantities].index(name)


def test_pathways_and_fates_sum_to_all_who_travelled_or_were_born_there_in_every_month(tiny: Model, runs) -> None:  # type: ignore[no-untyped-def]
    parts = [i for i, q in enumerate(tiny.quantities) if q.group in ("pathway", "fate")]
    entered = [_column(tiny, "travelled"), _column(tiny, "born")]
    for record in runs[2]:
        assert np.array_equal(record.world[:, parts].sum(axis=1), record.world[:, entered].sum(axis=1))
        assert np.array_equal(record.origins[:, :, parts].sum(axis=2), record.origins[:, :, entered].sum(axis=2))


def test_counters_never_fall(tiny: Model, runs) -> None:  # type: ignore[no-untyped-def]
    counters = [i for i, q in enumerate(tiny.quantities) if q.kind == "counter"]
    for record in runs[2]:
        assert (np.diff(record.world[:, counters], axis=0) >= 0).all()


def test_counters_are_at_least_the_stock_that_implies_them(tiny: Model, runs) -> None:  # type: ignore[no-untyped-def]
    killed, so_far = _column(tiny, "killed"), _column(tiny, "killed_so_far")
    home = [i for i, q in enumerate(tiny.quantities) if q.name in ("disengage", "returned_at_risk", "imprisoned")]
    abroad = _column(tiny, "imprisoned_abroad")
    for record in runs[2]:
        assert np.array_equal(record.world[:, killed], record.world[:, so_far])
        at_home = record.world[:, home].sum(axis=1) - record.world[:, abroad]
        assert (at_home <= record.world[:, _column(tiny, "returned")]).all()


def test_every_pathway_and_fate_is_reached(tiny: Model, runs) -> None:  # type: ignore[no-untyped-def]
    total = sum(record.world.sum(axis=0) for record in runs[2])
    empty = [q.name for q, n in zip(tiny.quantities, total, strict=True) if n == 0 and q.group != "place"]
    assert not empty
