"""The small problem in plain NumPy: a batch of trajectories at once, multinomial draws, the engine's own scheme.

Written as an experienced NumPy user would: draws only for cells that contain people, probabilities computed beforehand
unless a rate responds to a total. The engine is timed against it and checked by it: the means of both must agree.
"""

from __future__ import annotations

import numpy as np
from small_problem import FEEDBACKS, MONTHS, SCALE, STATES, Small

from afterfall.engine.program import Floats, Longs

SWEEPS = 2


def simulate(problem: Small, *, trajectories: int, seed: int) -> Longs:
    """People by trajectory, month and state, ``[N, T + 1, S]``."""
    rng = np.random.default_rng(seed)
    fixed = [_chances(problem.hazard[problem.source == s].T) for s in range(STATES)]
    fed_states = {int(problem.source[e]) for e in problem.fed_edges}
    n = np.repeat(problem.start[None], trajectories, axis=0)
    record = np.zeros((trajectories, MONTHS + 1, STATES), dtype=np.int64)
    record[:, 0] = n.sum(axis=1)
    for t in range(1, MONTHS + 1):
        raised = _raised(problem, record[:, t - 1])
        chances = [_chances(_hazard(problem, s, raised)) if s in fed_states else fixed[s] for s in range(STATES)]
        for _ in range(SWEEPS):
            _sweep(rng, problem, chances, n)
        record[:, t] = n.sum(axis=1)
    return record


def _raised(problem: Small, people: Longs) -> dict[int, Floats]:
    """By edge, the factors ``[N]`` by which totals raise its rate."""
    return {
        edge: (1.0 + people[:, state] / SCALE) ** coefficient
        for edge, (state, coefficient) in zip(problem.fed_edges, FEEDBACKS, strict=False)
    }


def _hazard(problem: Small, s: int, raised: dict[int, Floats]) -> Floats:
    """Hazards of a state's edges, ``[N, C, k]``."""
    edges = np.flatnonzero(problem.source == s)
    n_rows = len(next(iter(raised.values())))
    hazard = np.repeat(problem.hazard[edges].T[None], n_rows, axis=0)
    for edge, factor in raised.items():
        hazard[:, :, edges == edge] *= factor[:, None, None]
    return hazard


def _chances(hazard: Floats) -> tuple[Floats, Floats]:
    """Probabilities of each edge and of staying, ``[..., k + 1]``, in a sweep: of people present and of entrants."""
    total = hazard.sum(axis=-1, keepdims=True) / SWEEPS
    if hazard.shape[-1] == 0:
        return np.ones_like(total), np.ones_like(total)
    share = hazard / hazard.sum(axis=-1, keepdims=True)
    leave = -np.expm1(-total)
    entrant = 1.0 - leave / total
    return np.concatenate([share * leave, 1.0 - leave], axis=-1), np.concatenate([share * entrant, 1.0 - entrant], -1)


def _sweep(rng: np.random.Generator, problem: Small, chances: list[tuple[Floats, Floats]], n: Longs) -> None:
    """Bring people ``n[N, C, S]`` forward by half a month, in place."""
    entered, later = np.zeros_like(n), np.zeros_like(n)
    for s in range(STATES):
        edges = np.flatnonzero(problem.source == s)
        if edges.size:
            of_present, of_entrants = chances[s]
            for people, chance in ((n[:, :, s], of_present), (entered[:, :, s], of_entrants)):
                rows, cohorts = np.nonzero(people)
                odds = chance[cohorts] if chance.ndim == 2 else chance[rows, cohorts]
                moved = rng.multinomial(people[rows, cohorts], odds)
                people[rows, cohorts] = moved[:, -1]
                for j, e in enumerate(edges):
                    to = int(problem.program.dest[e])
                    (entered if to > s else later)[rows, cohorts, to] += moved[:, j]
        n[:, :, s] += entered[:, :, s]
    n += later
