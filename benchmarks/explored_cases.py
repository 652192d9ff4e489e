"""Thousands of explored cases: how long they take on threads, and whether Dask makes the same bytes, a worker killed.

    python benchmarks/explored_cases.py [sets] [simulations] [case]

Canada in isis-2017 over 36 months: policy as it is and three options, so that 500 sets of assumptions are 2,000 cases.
First on two threads into a folder; then again on a local Dask cluster of two worker processes, of which one is killed
when the first block has come. The files of both are compared byte by byte. Times are of the clock and of processors.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import afterfall
from afterfall.report.explore.case_table import case_file
from afterfall.run import Progress
from afterfall.run.workers import Workers

OPTIONS = (
    "border: border=0.8",
    "programmes: programmes=0.9 assessment=0.6",
    "repatriate: repatriation=0.8 prosecution=0.8 assessment=0.6",
)
OVER = ("effects", "rho", "leaving.mover", "way.border", "disposition.committed")


def explored(folder: Path, asked: dict[str, Any], **how: Any) -> tuple[afterfall.Exploration, float, float]:
    """An exploration in a folder, with the seconds of the clock and of this process's processors that it took."""
    clock, processor = time.perf_counter(), time.process_time()
    found = afterfall.explore(
        asked["case"],
        OPTIONS,
        over=OVER,
        country="CAN",
        horizon=36,
        scenarios=asked["sets"],
        trajectories=asked["simulations"],
        run_dir=folder,
        **how,
    )
    return found, time.perf_counter() - clock, time.process_time() - processor


def on_workers(folder: Path, asked: dict[str, Any]) -> tuple[afterfall.Exploration, float]:
    """The same on two worker processes, of which one is killed when the first block has come."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as cluster:
        workers = Workers(cluster.scheduler_address)
        ids = dict(workers.client.run(os.getpid))
        killed = list[int]()

        def kill_one(step: Progress) -> None:
            if step.stage == "simulating" and not killed:
                killed.append(next(iter(ids.values())))
                os.kill(killed[0], signal.SIGKILL)
                print(f"killed worker {killed[0]} after {step.done:,} of {step.total:,} simulations", flush=True)

        found, clock, _ = explored(folder, asked, scheduler=workers, progress=kill_one)
        workers.close()
    assert killed, "no worker was killed: ask for more cases"
    return found, clock


def main() -> None:
    """Print the times, and whether the bytes are equal."""
    given = sys.argv[1:]
    asked = {
        "sets": int(given[0]) if given else 500,
        "simulations": int(given[1]) if len(given) > 1 else 10,
        "case": given[2] if len(given) > 2 else "isis-2017",
    }
    with tempfile.TemporaryDirectory() as folder:
        here, clock, processor = explored(Path(folder) / "here", asked, threads=2)
        simulated = here.cases * here.simulations
        print(
            f"{here.cases:,} cases of {here.simulations} simulations ({simulated:,}) on two threads: {clock:.0f} s, "
            f"{processor:.0f} s of processors, {1000 * processor / simulated:.1f} ms a simulation",
            flush=True,
        )
        began = time.perf_counter()
        here.findings()
        print(f"findings: {time.perf_counter() - began:.0f} s", flush=True)
        there, clock = on_workers(Path(folder) / "there", asked)
        print(f"the same on two Dask workers, one killed: {clock:.0f} s", flush=True)
        assert here.path is not None
        assert there.path is not None
        for name in ("exploration.json", "people.bin"):
            equal = (here.path / name).read_bytes() == (there.path / name).read_bytes()
            print(f"{name}: {'equal' if equal else 'DIFFERENT'} bytes")
        equal = case_file(here, ".parquet") == case_file(there, ".parquet")
        print(f"cases.parquet: {'equal' if equal else 'DIFFERENT'} bytes")


if __name__ == "__main__":
    main()
