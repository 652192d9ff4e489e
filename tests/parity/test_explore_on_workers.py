"""Workers of a scheduler and threads of this process explore the same cases, byte for byte, also if one is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

import afterfall
from afterfall.run import Progress
from afterfall.run.workers import Workers

NEEDED = "pip install 'afterfall[explore,cluster]' to run this test"
ASKED: dict[str, Any] = {"country": "Brom", "scenarios": 24, "horizon": 6, "trajectories": 5, "seed": 4}
OPTIONS = ["border: border=0.9", "programmes: programmes=0.9"]


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ema_workbench", reason=NEEDED)
    distributed = pytest.importorskip("distributed", reason=NEEDED)
    monkeypatch.setattr("afterfall.exploration.exploring.IN_A_BLOCK", 30)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as cluster:
        workers = Workers(cluster.scheduler_address)
        ids = dict(workers.client.run(os.getpid))
        killed = list[int]()

        def kill_at_the_first_block(step: Progress) -> None:
            if step.stage == "simulating" and not killed:
                killed.append(next(iter(ids.values())))
                os.kill(killed[0], signal.SIGKILL)

        there = afterfall.explore(
            "tiny", OPTIONS, run_dir=tmp_path / "there", scheduler=workers, progress=kill_at_the_first_block, **ASKED
        )
        assert killed
        assert set(workers.client.run(os.getpid).values()) != set(ids.values())
        workers.close()
    here = afterfall.explore("tiny", OPTIONS, run_dir=tmp_path / "here", **ASKED)
    assert there.path is not None
    assert here.path is not None
    assert there.plan.blocks == 12
    for name in ("exploration.json", "people.bin"):
        assert (there.path / name).read_bytes() == (here.path / name).read_bytes(), name
