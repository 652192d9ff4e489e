"""Workers of a scheduler and this process make the same run, byte for byte, also where a worker is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

import afterfall
from afterfall.model import Model
from afterfall.run import Progress, Run
from afterfall.run.chunk_orders import KEPT_ORDERS, Order, OtherNumbers, Side, chunk_on_worker, first_simulation
from afterfall.run.errors import SettingError
from afterfall.run.request import request_of
from afterfall.run.run_making import AsArrays
from afterfall.run.workers import Workers

ASKED: dict[str, Any] = {"trajectories": 24, "horizon": 12, "chunk_size": 3}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes of one thread each, which a nanny starts again."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as found:
        yield found


@pytest.fixture(scope="module")
def workers(cluster: Any) -> Iterator[Workers]:
    found = Workers(cluster.scheduler_address)
    yield found
    found.close()


def files(run: Run) -> dict[str, bytes]:
    assert run.path is not None
    return {p.name: p.read_bytes() for p in run.path.iterdir() if p.name != "provenance.json"}


def test_a_worker_that_is_killed_in_mid_run_costs_no_byte(cluster: Any, workers: Workers, tmp_path: Path) -> None:
    process_ids, seen = workers.client.run(os.getpid), list[Progress]()

    def kill_at_the_first_chunk(step: Progress) -> None:
        seen.append(step)
        if step.stage == "simulating" and step.done == ASKED["chunk_size"]:
            os.kill(next(iter(process_ids.values())), signal.SIGKILL)

    there = afterfall.forecast(
        "tiny",
        run_dir=tmp_path / "there",
        scheduler=cluster.scheduler_address,
        progress=kill_at_the_first_chunk,
        **ASKED,
    )
    here = afterfall.forecast("tiny", run_dir=tmp_path / "here", **ASKED)
    assert files(there) == files(here)
    assert sorted(files(there)) == ["request.json", "run.nc"]
    assert set(workers.client.run(os.getpid).values()) != set(process_ids.values())
    assert [step.done for step in seen if step.stage == "simulating"] == list(range(3, 25, 3))
    assert {"connecting", "assembling", "done"} <= {step.stage for step in seen}


def test_an_interrupted_run_goes_on_where_it_stopped(workers: Workers, tmp_path: Path) -> None:
    def stop(step: Progress) -> None:
        if step.stage == "simulating" and step.done == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        afterfall.forecast("tiny", run_dir=tmp_path / "there", scheduler=workers, progress=stop, **ASKED)
    there = afterfall.forecast("tiny", run_dir=tmp_path / "there", scheduler=workers, **ASKED)
    assert (there.provenance.chunks_found, there.provenance.chunks_computed) == (3, 5)
    assert there.provenance.threads == 2
    assert files(there) == files(afterfall.forecast("tiny", run_dir=tmp_path / "here", **ASKED))


def test_a_conditional_run_in_memory(workers: Workers) -> None:
    asked = ASKED | {"trajectories": 120, "chunk_size": 50, "given": ["all fall by 2017-06"], "horizon": 24}
    there, here = (afterfall.forecast("tiny", scheduler=at, **asked) for at in (workers, None))
    assert there.request == here.request
    xr.testing.assert_identical(there.dataset.drop_attrs(), here.dataset.drop_attrs())


def test_a_comparison(workers: Workers) -> None:
    asked: dict[str, Any] = {
        "levers": ["border=0.9", "detention-security=0.9"],
        "country": "Arda",
        "trajectories": 10,
        "horizon": 6,
    }
    there, here = (afterfall.compare("tiny", scheduler=at, **asked) for at in (workers, None))
    assert there.at_rho
    assert there.differences == here.differences
    assert there.at_rho == here.at_rho


def test_a_hindcast_makes_all_its_runs_there(workers: Workers) -> None:
    asked: dict[str, Any] = {"as_of": "2015-06-30", "horizon": 12, "trajectories": 20}
    there, here = (afterfall.hindcast("tiny", scheduler=at, **asked) for at in (workers, None))
    assert there.run.provenance.threads == 2
    assert there.summaries == here.summaries
    assert there.falls_skill == here.falls_skill


def order_of(model: Model, **changes: Any) -> Order:
    """An order of one run of five simulations in memory."""
    request = request_of(model, trajectories=5, seed=3, chunk_size=5)
    side = Side(model.case, model.levers_set, model.held_at, None, request, None, AsArrays(None))
    return Order((side,), changes.get("first", first_simulation(model, request, None, None)))


def test_a_worker_that_computes_other_numbers_refuses(tiny: Model) -> None:
    assert chunk_on_worker(order_of(tiny), 0, [0])[0][2] == 5
    with pytest.raises(OtherNumbers, match="computes other numbers from the same versions"):
        chunk_on_worker(order_of(tiny, first="0" * 32), 0, [0])


def test_a_model_that_the_case_does_not_make_is_refused(tiny: Model) -> None:
    changed = replace(tiny, program=tiny.program._replace(capacity=tiny.program.capacity * 2))
    with pytest.raises(OtherNumbers, match=r"program_hash differ.*changed by hand"):
        chunk_on_worker(order_of(changed), 0, [0])


def test_a_refusal_by_a_worker_is_one_message(workers: Workers, tiny: Model, tmp_path: Path) -> None:
    changed = replace(tiny, program=tiny.program._replace(capacity=tiny.program.capacity * 2))
    with pytest.raises(SettingError, match=r"scheduler tcp://.*changed by hand"):
        afterfall.forecast(changed, trajectories=5, run_dir=tmp_path, scheduler=workers)
    assert not list(tmp_path.rglob("*.nc"))


def test_orders_are_known_by_their_number(tiny: Model) -> None:
    one, other = order_of(tiny), order_of(tiny)
    assert one != other
    assert len({one, other, one}) == 2
    assert KEPT_ORDERS == 2
