"""The error of the engine's step against continuous time.

    python benchmarks/step_error.py

First a fast state, fed at 0.08 a month from a large one and left at a high hazard: its stock after a year if people
leave once a month with ``1 - exp(-hazard)``, if they do so four times a month, and under the engine's two sweeps. Then
the small problem without feedback, all states over all months, against the matrix exponential.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.linalg import expm  # type: ignore[import-untyped]
from small_problem import MONTHS, STATES, Small, small_problem

from afterfall.engine.means import run_means
from afterfall.engine.program import Floats

FEED, YEAR = 0.08, 12
HAZARDS = (0.25, 1.0, 4.0)
NOTABLE = (1.0, 100.0)  #: people: relative errors are reported for stocks larger than this


def exact(generator: Floats, start: Floats, months: int) -> Floats:
    """Expected people ``[T + 1, S]`` in continuous time; ``generator[s, d]`` is the hazard from s to d."""
    rows = [start]
    step = expm(generator)
    for _ in range(months):
        rows.append(rows[-1] @ step)
    return np.array(rows)


def generator_of(problem: Small, cohort: int) -> Floats:
    """Hazards a month of one cohort from state to state, ``[S, S]``."""
    rates = np.zeros((STATES, STATES))
    np.add.at(rates, (problem.source, problem.program.dest), problem.hazard[:, cohort])
    return rates - np.diag(rates.sum(axis=1))


def plain_steps(exit_hazard: float, steps: int) -> float:
    """Stock of the fast state after a year in plain steps, `steps` a month: entrants cannot leave in the same step."""
    reservoir, fast = 1.0, 0.0
    for _ in range(YEAR * steps):
        fed, left = reservoir * -math.expm1(-FEED / steps), fast * -math.expm1(-exit_hazard / steps)
        reservoir, fast = reservoir - fed, fast + fed - left
    return fast


def fast_state(exit_hazard: float) -> tuple[float, float]:
    """Stock of the fast state after a year: by the engine, and exactly."""
    problem = two_step_problem(exit_hazard)
    start = np.zeros_like(problem.start, dtype=np.float64)
    start[0, 0] = 1.0
    stocks, _ = run_means(problem.program, problem.rate_factors, start, problem.counters.astype(np.float64))
    return float(stocks[YEAR, 0, 1]), float(exact(generator_of(problem, 0), start[0], YEAR)[YEAR, 1])


def two_step_problem(exit_hazard: float) -> Small:
    """The small problem with all but the chain 0 -> 1 -> 2 shut."""
    problem = small_problem(feedback=False)
    hazard = np.zeros_like(problem.hazard)
    pairs = list(zip(problem.source.tolist(), problem.program.dest.tolist(), strict=True))
    hazard[pairs.index((0, 1))], hazard[pairs.index((1, 2))] = FEED, exit_hazard
    return Small(
        problem.program,
        problem.index,
        problem.rate_factors._replace(base=hazard),
        problem.start,
        problem.source,
        hazard,
        problem.fed_edges,
    )


def small_problem_errors() -> tuple[Floats, Floats]:
    """Relative errors of the world's stocks of the small problem, and the stocks themselves, ``[T + 1, S]``."""
    problem = small_problem(feedback=False)
    stocks, _ = run_means(
        problem.program, problem.rate_factors, problem.start.astype(np.float64), problem.counters.astype(np.float64)
    )
    truth = np.zeros((MONTHS + 1, STATES))
    for c, start in enumerate(problem.start.astype(np.float64)):
        truth += exact(generator_of(problem, c), start, MONTHS)
    return np.abs(stocks.sum(axis=1) / np.maximum(truth, 1e-300) - 1.0), truth


def main() -> None:
    """Print both comparisons."""
    print(f"a fast state fed at {FEED} a month, stock after a year against continuous time\n")
    print(f"{'exit hazard':>11}  {'1 a month':>9}  {'4 a month':>9}  {'engine':>8}")
    for hazard in HAZARDS:
        engine, truth = fast_state(hazard)
        errors = [plain_steps(hazard, 1) / truth - 1, plain_steps(hazard, 4) / truth - 1, engine / truth - 1]
        print(f"{hazard:>11}  {errors[0]:>+9.1%}  {errors[1]:>+9.1%}  {errors[2]:>+8.2%}")
    error, people = small_problem_errors()
    print("\nsmall problem, all months")
    for least in NOTABLE:
        some = error[people > least]
        print(f"stocks over {least:>3.0f} people: largest error {some.max():.2%}, median {np.median(some):.3%}")


if __name__ == "__main__":
    main()
