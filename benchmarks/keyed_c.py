"""The engine against C: the same scheme and the same bits on the small problem (`keyed.c`).

    python benchmarks/keyed_c.py

Builds the C program with the compiler that ``CC`` names (by default ``cc``) and says so where there is none. Both run
on one thread and must give equal counts in every month. Then processor time of each, taken in turns, for 40 thousand,
400 thousand and 4 million people, and that of NumPy for 40 thousand.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from plain_numpy import simulate
from small_problem import FEEDBACKS, MONTHS, PEOPLE, SCALE, STATES, Small, small_problem
from timing import interleaved

from afterfall.engine import keys, quantiles
from afterfall.engine.counts import run_trajectory
from afterfall.engine.program import Keys, Longs

SOURCE = Path(__file__).with_name("keyed.c")
#: As fast as the compiler can without changing a bit: a fused multiply-add would.
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-std=gnu11", "-shared", "-fPIC")
SEED, ROUNDS = 1, 7
#: Trajectories of each round, by number of people.
BATCHES = {PEOPLE: 24, 10 * PEOPLE: 8, 100 * PEOPLE: 3}

Array = npt.NDArray[np.generic]


class CProblem(ctypes.Structure):
    """The struct `problem` of `keyed.c`."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("cohorts", "states", "edges", "months", "feedbacks")),
        *((name, ctypes.c_void_p) for name in ("key", "first", "dest", "base", "fed_edge", "read_state")),
        ("coefficient", ctypes.c_void_p),
        ("scale", ctypes.c_double),
        ("stirling_error", ctypes.c_void_p),
    )


def built(folder: Path) -> ctypes.CDLL | None:
    """The C program as a library in `folder`, or None where there is no compiler."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        return None
    library = folder / "keyed.so"
    subprocess.run([compiler, *FLAGS, "-o", str(library), str(SOURCE), "-lm"], check=True)
    return ctypes.CDLL(str(library))


class InC:
    """The small problem as the C program takes it."""

    def __init__(self, library: ctypes.CDLL, problem: Small) -> None:
        program = problem.program
        read, coefficient = zip(*FEEDBACKS, strict=True)
        self._start = np.ascontiguousarray(problem.start.T)
        self._run = library.run
        self._arrays: dict[str, Array] = {
            "key": np.ascontiguousarray(program.cell_key.T),
            "first": program.first_edge,
            "dest": program.dest,
            "base": problem.rate_factors.base,
            "fed_edge": np.array(problem.fed_edges, dtype=np.int32),
            "read_state": np.array(read, dtype=np.int32),
            "coefficient": np.array(coefficient),
            "stirling_error": quantiles.STIRLING_ERROR,
        }
        states, cohorts = self._start.shape
        self._problem = CProblem(
            cohorts=cohorts,
            states=states,
            edges=program.dest.size,
            months=MONTHS,
            feedbacks=len(FEEDBACKS),
            scale=SCALE,
            **{name: array.ctypes.data for name, array in self._arrays.items()},
        )

    def __call__(self, subkeys: Keys) -> tuple[Longs, Longs]:
        """People by month and state ``[T + 1, S]``, and by cohort and state at the end ``[C, S]``."""
        n, world = self._start.copy(), np.empty((MONTHS + 1, STATES), dtype=np.int64)
        given = (subkeys, n, world)
        if self._run(ctypes.byref(self._problem), *(ctypes.c_void_p(a.ctypes.data) for a in given)):
            raise MemoryError
        return world, n.T


def month_keys(trajectory: int) -> Keys:
    """The subkey of every month of a trajectory ``[T + 1]``."""
    return np.array([keys.subkey(SEED, trajectory, keys.MONTH, t) for t in range(MONTHS + 1)], dtype=np.uint64)


def in_engine(problem: Small, trajectory: int) -> tuple[Longs, Longs]:
    """What `InC` gives, by the engine."""
    given = (problem.program, problem.index, problem.rate_factors, problem.start, problem.counters)
    record = run_trajectory(*given, SEED, trajectory)
    return record.world, record.final


def differing(problem: Small, c: InC, trajectories: int) -> list[int]:
    """Trajectories in which any count differs."""
    return [i for i in range(trajectories) if not all(map(np.array_equal, in_engine(problem, i), c(month_keys(i))))]


def compared(library: ctypes.CDLL, people: int) -> None:
    """Check equality, then print times and ratios for a number of people."""
    problem, batch = small_problem(people=people), BATCHES[people]
    c, subkeys = InC(library, problem), [month_keys(i) for i in range(batch)]
    if wrong := differing(problem, c, batch):
        raise SystemExit(f"{people:,} people: the engine and C differ in trajectories {wrong}")
    alternatives: dict[str, Callable[[], object]] = {
        "C": lambda: [c(s) for s in subkeys],
        "ours": lambda: [in_engine(problem, i) for i in range(batch)],
    }
    if people == PEOPLE:
        alternatives["NumPy"] = lambda: simulate(problem, trajectories=2 * batch, seed=SEED)
    timed = interleaved(alternatives, rounds=ROUNDS)
    row = f"{people:>10,}  {1000 * timed.median('C') / batch:>6.2f}  {timed.ratio('C', 'ours'):<34}"
    if people == PEOPLE:
        each = [b / 2 / a for a, b in zip(timed.seconds["ours"], timed.seconds["NumPy"], strict=True)]
        row += f"  {np.median(each):.2g} ({min(each):.2g} to {max(each):.2g})"
    print(row, flush=True)


def main() -> int:
    """Print the comparison."""
    with tempfile.TemporaryDirectory() as folder:
        library = built(Path(folder))
        if library is None:
            print("no C compiler was found (CC names one): the engine is not compared with C")
            return 0
        print(f"{'people':>10}  {'C, ms':>6}  {'ours / C':<34}  NumPy / ours")
        for people in BATCHES:
            compared(library, people)
    return 0


if __name__ == "__main__":
    sys.exit(main())
