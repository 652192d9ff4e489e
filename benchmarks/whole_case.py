"""The whole of a case: how long 1,000 futures of isis-2017 take, and how that grows with the number of people.

    python benchmarks/whole_case.py [TRAJECTORIES]

First `forecast` as a user calls it, in memory, on all processors, after the kernel is compiled. Then the parts on one
thread, in milliseconds a trajectory; then the simulation alone, without organisations, and with ten and a hundred times
the people at the as-of date.
"""

from __future__ import annotations

import sys
import time

import numpy as np

import afterfall
from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.muster import muster, nobody
from afterfall.engine.path import draw_path
from afterfall.engine.tables import tables
from afterfall.model import Model, nowcast, sample

CASE, SEED, SAMPLE = "isis-2017", 1, 20
FACTORS = (1, 10, 100)


def whole(model: Model, trajectories: int) -> float:
    """Wall seconds of a forecast."""
    begin = time.perf_counter()
    afterfall.forecast(model, trajectories=trajectories, seed=SEED)
    return time.perf_counter() - begin


def parts(model: Model) -> dict[str, float]:
    """Milliseconds a trajectory on one thread: parameters and state at the as-of date, then simulation by people."""
    begin = time.thread_time()
    draws = sample(model, trajectories=SAMPLE, seed=SEED)
    starts, counters = nowcast(model, draws, seed=SEED, trajectories=range(SAMPLE))
    out = {"draws and nowcast": (time.thread_time() - begin) / SAMPLE * 1000}
    lists, people = index(model.program), starts.sum(axis=(1, 2)).mean()
    kinds = [(f"simulation, {people * factor:,.0f} people", factor, True) for factor in FACTORS]
    for name, factor, organised in (*kinds, ("the first without organisations", 1, False)):
        begin = time.thread_time()
        for i in range(SAMPLE):
            path, lost = draw_path(model.program, draws.values[i], SEED, i)
            put = tables(model.program, draws.values[i], path)
            company = muster(model.bands, draws.values[i], path, lost, SEED, i) if organised else nobody(model.horizon)
            run_trajectory(model.program, lists, put, starts[i] * factor, counters[i] * factor, SEED, i, company)
        out[name] = (time.thread_time() - begin) / SAMPLE * 1000
    return out


def main() -> None:
    """Print wall time, parts and growth."""
    trajectories = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    begin = time.perf_counter()
    case = afterfall.open_case(CASE)
    opened = time.perf_counter()
    model = afterfall.build(case)
    built = time.perf_counter()
    cells = np.array(model.program.cell_key.shape)
    print(
        f"{CASE}: {cells[0]} cohorts x {cells[1]} states, {len(model.transitions)} transitions, {model.horizon} months"
    )
    print(f"open the case {opened - begin:.1f} s, build the model {built - opened:.1f} s")
    whole(model, 1)
    seconds = whole(model, trajectories)
    print(f"{trajectories:,} futures: {seconds:.1f} s, {seconds / trajectories * 1000:.1f} ms each\n")
    told = parts(model)
    first = next(ms for name, ms in told.items() if name.startswith("simulation"))
    for name, ms in told.items():
        print(f"{name:<32} {ms:>7.1f} ms a trajectory, one thread; against the first simulation {ms / first:.1f}")


if __name__ == "__main__":
    main()
