"""Trajectories of the real model: the same bits alone or among many, in any chunk, on any number of threads."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.model import Model
from afterfall.run import forecast, request_of, simulate, simulate_chunk
from afterfall.run.chunk import _narrowed
from afterfall.run.errors import RunError
from afterfall.run.run_layout import RECORDED, Batch, labels, sizes

SEED = 5
N = 9


@pytest.fixture(scope="module")
def together(tiny: Model) -> Batch:
    return simulate(tiny, seed=SEED, trajectories=range(N), threads=1)


def _rows(batch: Batch, rows: list[int]) -> Batch:
    return Batch(**{name: array[rows] for name, array in batch.arrays().items()})


def _same(one: Batch, other: Batch) -> None:
    for name, array in one.arrays().items():
        np.testing.assert_array_equal(array, other.arrays()[name], err_msg=name, strict=True)


def test_shapes_and_types_are_as_declared(tiny: Model, together: Batch) -> None:
    lengths = sizes(labels(tiny), N)
    for recorded in RECORDED:
        array = together.arrays()[recorded.name]
        assert array.shape == tuple(lengths[d] for d in recorded.dims), recorded.name
        assert array.dtype == recorded.dtype, recorded.name


def test_threads_change_nothing(tiny: Model, together: Batch) -> None:
    _same(simulate(tiny, seed=SEED, trajectories=range(N), threads=2), together)


@pytest.mark.parametrize("trajectory", [0, 4, 8])
def test_one_alone_is_the_same_one_among_many(tiny: Model, together: Batch, trajectory: int) -> None:
    _same(simulate(tiny, seed=SEED, trajectories=[trajectory]), _rows(together, [trajectory]))


def test_order_is_that_asked_for(tiny: Model, together: Batch) -> None:
    asked = [7, 2, 5]
    _same(simulate(tiny, seed=SEED, trajectories=asked, threads=2), _rows(together, asked))


@pytest.mark.parametrize("chunk_size", [1, 4, 50])
def test_chunks_join_to_the_whole(tiny: Model, together: Batch, chunk_size: int) -> None:
    request = request_of(tiny, trajectories=N, seed=SEED, chunk_size=chunk_size)
    parts = [simulate_chunk(tiny, request, number).arrays() for number in range(request.chunks)]
    _same(Batch(**{name: np.concatenate([p[name] for p in parts]) for name in parts[0]}), together)


def test_more_trajectories_leave_the_first_ones_as_they_were(tiny: Model, together: Batch) -> None:
    more = forecast(tiny, trajectories=N + 3, seed=SEED, chunk_size=5, threads=2, draws="prior").dataset
    for name, array in together.arrays().items():
        np.testing.assert_array_equal(more[name].values[:N], array, err_msg=name)


def test_another_seed_is_another_future(tiny: Model, together: Batch) -> None:
    other = simulate(tiny, seed=SEED + 1, trajectories=range(N))
    assert (other.world[:, -1] != together.world[:, -1]).any(axis=1).all()


def test_origins_add_up_to_the_world(tiny: Model, together: Batch) -> None:
    months = tiny.program.origin_month
    np.testing.assert_array_equal(together.origins.sum(axis=2), together.world[:, months])


def test_pathways_and_fates_count_everyone_once(tiny: Model, together: Batch) -> None:
    counted = [q.group in ("pathway", "fate") for q in tiny.quantities]
    entered = [q.name in ("travelled", "born") for q in tiny.quantities]
    np.testing.assert_array_equal(together.world[..., counted].sum(axis=-1), together.world[..., entered].sum(axis=-1))


def test_a_count_too_large_for_its_array_is_refused() -> None:
    with pytest.raises(RunError, match="origins: found a count of 2,147,483,648"):
        _narrowed("origins", np.array([1, 2**31]), "<i4")
    assert _narrowed("origins", np.array([2**31 - 1]), "<i4").dtype == np.int32


def test_the_request_names_the_case_and_the_model(tiny: Model) -> None:
    request = request_of(tiny, trajectories=N, seed=SEED)
    assert (request.case, request.as_of, request.horizon) == ("tiny", tiny.case.as_of, 24)
    assert request.record_months == tuple(range(0, 25, 3))
    assert request.model_hash == tiny.model_hash


def test_asked_for_months_are_recorded_by_country(tiny: Model) -> None:
    run = forecast(tiny.case, trajectories=2, horizon=6, seed=SEED, at=[2, "2015-11"])
    assert run.request.record_months == (0, 2, 3, 5, 6)
    assert run.summary(at=2, country=tiny.origins[0])["mean"].notna().all()
