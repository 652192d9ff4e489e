"""What common random numbers save: trajectories needed to see a hazard cut by 5 % with a standard error of 5 %.

    python benchmarks/coupling.py

Two scenarios differ in one hazard; parameters and initial state are fixed. With the same seed they use the same random
numbers, with different seeds they do not. The number of pairs needed is the variance of the difference over the square
of a twentieth of its mean. Outcome: people at the horizon in the state that the hazard leads to (small problem), and
people killed (bundled cases, where shared noise and dates of falls also change with the seed).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from small_problem import small_problem

from afterfall.case import open_case
from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.program import Floats
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, build, nowcast, sample

CUT, WANTED_ERROR = 0.95, 0.05
SEED, OTHER_SEED = 1, 2
EDGE = 3  #: the transition of the small problem whose hazard is cut

#: The outcome of one trajectory: (factor on the hazard, seed, trajectory) -> people.
Outcome = Callable[[float, int, int], float]


def of_small_problem() -> Outcome:
    """People at the horizon in the state the cut transition leads to."""
    problems = {factor: small_problem(changed=(EDGE, factor)) for factor in (1.0, CUT)}
    dest = problems[1.0].program.dest[EDGE]

    def outcome(factor: float, seed: int, trajectory: int) -> float:
        p = problems[factor]
        record = run_trajectory(p.program, p.index, p.rate_factors, p.start, p.counters, seed, trajectory)
        return float(record.world[-1, dest])

    return outcome


def of_case(name: str) -> Outcome:
    """People killed by the horizon, when being killed in the ranks is cut; parameters are those of trajectory 0."""
    model = build(open_case(name))
    draws = sample(model, trajectories=[0], seed=SEED)
    starts, counters = nowcast(model, draws, seed=SEED, trajectories=[0])
    theta, lists = draws.values[0], index(model.program)
    killed = [q.name for q in model.quantities].index("killed")

    def outcome(factor: float, seed: int, trajectory: int) -> float:
        changed = theta_with(model, theta, factor)
        path, _ = draw_shared_series(model.program, changed, seed, trajectory)
        put = rate_factors(model.program, changed, path)
        record = run_trajectory(model.program, lists, put, starts[0], counters[0], seed, trajectory)
        return float(record.world[-1, killed])

    return outcome


def theta_with(model: Model, theta: Floats, factor: float) -> Floats:
    """Parameters with the hazards of being killed multiplied, for every role (their scale is the log)."""
    out = theta.copy()
    for i, name in enumerate(model.parameter_names):
        if name in {"killing.fighter", "killing.adult", "killing.minor"}:
            out[i] += math.log(factor)
    return out


def needed(outcome: Outcome, *, pairs: int) -> tuple[float, float, float]:
    """Mean difference in people, and pairs needed with common and with separate random numbers."""
    before = np.array([outcome(1.0, SEED, i) for i in range(pairs)])
    same = before - np.array([outcome(CUT, SEED, i) for i in range(pairs)])
    other = before - np.array([outcome(CUT, OTHER_SEED, i) for i in range(pairs)])
    effect = same.mean()  # the more precise of the two estimates
    wanted = (WANTED_ERROR * effect) ** 2
    return float(effect), float(same.var(ddof=1) / wanted), float(other.var(ddof=1) / wanted)


def main() -> None:
    """Print the pairs needed, and their ratio, for the small problem and the bundled cases."""
    print(f"pairs needed for a standard error of {WANTED_ERROR:.0%}, a hazard cut to {CUT}\n")
    print(f"{'':<14}  {'difference':>10}  {'common':>11}  {'separate':>9}  {'ratio':>6}")
    for name, outcome, pairs in (
        ("small problem", of_small_problem(), 400),
        ("tiny", of_case("tiny"), 400),
        ("isis-2017", of_case("isis-2017"), 150),
    ):
        effect, common, separate = needed(outcome, pairs=pairs)
        print(f"{name:<14}  {effect:>10.1f}  {common:>11.1f}  {separate:>9.0f}  {separate / common:>6.0f}")


if __name__ == "__main__":
    main()
