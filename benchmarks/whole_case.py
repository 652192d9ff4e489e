"""A whole case: how long 1,000 simulations of isis-2017 take, and how that grows with the number of people.

    python benchmarks/whole_case.py [TRAJECTORIES]

First `forecast` as a user calls it, in memory, on all processors, after the kernel is compiled. Then the parts on one
thread, in milliseconds per trajectory: the simulation with ten and a hundred times the people at the as-of date, and
without organisations. Last, the cost of organisations: the simulation, and a whole trajectory (draws and nowcast
included), with and without them, timed alternately.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np
from timing import interleaved

import afterfall
from afterfall.engine.band_inputs import band_inputs
from afterfall.engine.bands import NO_BANDS, Bands
from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.program import Floats, Longs
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, nowcast, sample

CASE, SEED, SAMPLE, ROUNDS = "isis-2017", 1, 20, 7
FACTORS = (1, 10, 100)


def whole(model: Model, trajectories: int) -> float:
    """Wall seconds of a forecast."""
    begin = time.perf_counter()
    afterfall.forecast(model, trajectories=trajectories, seed=SEED)
    return time.perf_counter() - begin


@dataclass(frozen=True)
class Started:
    """A model with parameters and the state at the as-of date of some trajectories drawn, and what drawing took."""

    model: Model
    values: Floats
    starts: Longs
    counters: Longs
    milliseconds: float

    def simulate(self, factor: int, bands: Bands) -> None:
        """Simulate each trajectory once, with `factor` times the people at the as-of date and these organisations."""
        model, lists = self.model, index(self.model.program)
        for i, theta in enumerate(self.values):
            path, lost = draw_shared_series(model.program, theta, SEED, i)
            put = rate_factors(model.program, theta, path)
            inputs = band_inputs(bands, theta, path, lost, SEED, i)
            run_trajectory(
                model.program, lists, put, self.starts[i] * factor, self.counters[i] * factor, SEED, i, inputs
            )


def started(model: Model) -> Started:
    """Draw `SAMPLE` trajectories on one thread."""
    begin = time.thread_time()
    draws = sample(model, trajectories=SAMPLE, seed=SEED)
    starts, counters = nowcast(model, draws, seed=SEED, trajectories=range(SAMPLE))
    return Started(model, draws.values, starts, counters, (time.thread_time() - begin) / SAMPLE * 1000)


def growth(some: Started) -> None:
    """Print milliseconds per trajectory by number of people."""
    people = some.starts.sum(axis=(1, 2)).mean()
    for factor in FACTORS:
        begin = time.thread_time()
        some.simulate(factor, some.model.bands)
        each = (time.thread_time() - begin) / SAMPLE * 1000
        print(f"simulation, {people * factor:>9,.0f} people {each:>7.1f} ms a trajectory")


def added(some: Started) -> None:
    """Print the cost of organisations, as ratios of processor time taken alternately."""
    timed = interleaved(
        {
            "with": lambda: some.simulate(1, some.model.bands),
            "without": lambda: some.simulate(1, NO_BANDS),
        },
        rounds=ROUNDS,
    )
    with_, without = (1000 * timed.median(name) / SAMPLE for name in ("with", "without"))
    print(f"\nsimulation without organisations {without:.1f} ms a trajectory")
    print(f"with organisations against without: {timed.ratio('without', 'with')}")
    whole = (some.milliseconds + with_) / (some.milliseconds + without)
    print(
        f"a whole trajectory, draws and nowcast included: {whole:.3f}, {with_ - without:+.1f} s for 1,000 on one thread"
    )


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
    print(f"{trajectories:,} simulations: {seconds:.1f} s, {seconds / trajectories * 1000:.1f} ms each\n")
    some = started(model)
    print(f"draws and nowcast {some.milliseconds:.1f} ms a trajectory, one thread")
    growth(some)
    added(some)


if __name__ == "__main__":
    main()
