"""The engine against plain NumPy on the same small problem: milliseconds per trajectory, and their ratio.

    python benchmarks/against_numpy.py

Both use one thread, the same scheme and the same rates; their means are compared first. Read the ratios: times depend
on the machine. Then the cost with ten and a hundred times as many people: it grows with cells, not with people.
"""

from __future__ import annotations

import sys

import numpy as np
from plain_numpy import simulate
from small_problem import MONTHS, PEOPLE, STATES, Small, small_problem
from timing import interleaved

from afterfall.engine.counts import run_trajectory
from afterfall.engine.program import Longs

CHECKED, BATCH = 200, 50  #: trajectories to compare, and to time
FARTHEST = 5.0  #: largest allowed difference of means in standard errors; chance exceeds it once in 1,000 runs


def ours(problem: Small, *, trajectories: int, seed: int) -> Longs:
    """People by trajectory, month and state, ``[N, T + 1, S]``."""
    out = np.empty((trajectories, MONTHS + 1, STATES), dtype=np.int64)
    for i in range(trajectories):
        given = (problem.program, problem.index, problem.rate_factors, problem.start, problem.counters)
        out[i] = run_trajectory(*given, seed, i).world
    return out


def farthest_apart(one: Longs, other: Longs) -> float:
    """Largest difference of the two means ``[T + 1, S]``, in standard errors."""
    error = np.sqrt(one.var(axis=0) / len(one) + other.var(axis=0) / len(other))
    apart = np.abs(one.mean(axis=0) - other.mean(axis=0))[error > 0] / error[error > 0]
    return float(apart.max())


def main() -> int:
    """Print the comparison; 1 when the two do not agree."""
    problem = small_problem()
    apart = farthest_apart(ours(problem, trajectories=CHECKED, seed=1), simulate(problem, trajectories=CHECKED, seed=2))
    print(f"means of both, over all months and states: at most {apart:.1f} standard errors apart")
    if apart > FARTHEST:
        print(f"they do not agree (more than {FARTHEST})")
        return 1
    print(f"\n{'people':>10}  {'ours, ms':>9}  {'NumPy, ms':>9}  NumPy / ours")
    first = 0.0
    for people in (PEOPLE, 10 * PEOPLE, 100 * PEOPLE):
        problem = small_problem(people=people)
        timed = interleaved(
            {
                "ours": lambda p=problem: ours(p, trajectories=BATCH, seed=1),  # type: ignore[misc]
                "NumPy": lambda p=problem: simulate(p, trajectories=BATCH, seed=1),  # type: ignore[misc]
            },
            rounds=5 if people == PEOPLE else 2,
        )
        ms = {name: timed.median(name) / BATCH * 1000 for name in timed.seconds}
        first = first or ms["ours"]
        print(f"{people:>10,}  {ms['ours']:>9.2f}  {ms['NumPy']:>9.2f}  {timed.ratio('ours', 'NumPy')}", end="")
        print("" if ms["ours"] == first else f";  ours, against {PEOPLE:,} people: {ms['ours'] / first:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
