"""Random bands for the tests of the engine: small, and between them saying everything that bands can say."""

from __future__ import annotations

import numpy as np
from tests.made_up.programs import NOISY, TERRITORY, TREND, Problem

from afterfall.engine.bands import ATTACHED, CHANGE, LEVEL, NEAR, OCCURRED, OWN, SLOW, Bands
from afterfall.engine.keys import name_key

#: Bands here: two that exist, one that is founded, one that splits off.
OLD, OTHER, NEW, SPLINTER = range(4)
MERGER, FOUNDING, SPLIT, RETAKING, KNOWN = range(5)
#: Parameters added after a problem's own, by name.
ADDED = {
    "growth": -2.0,
    "loss": -2.3,
    "room": 0.7,
    "veteran": 0.3,
    "spread": 0.4,
    "hazard": -2.2,
    "share": 0.3,
    "cadre": 2.0,
    "keep": 0.8,
    "mix": 0.4,
    "echo": 0.5,
    "act": -0.6,
}


def with_bands(problem: Problem) -> tuple[Problem, Bands]:
    """A problem whose parameters are followed by those of four bands, and the bands."""
    at = {name: problem.theta.size + i for i, name in enumerate(ADDED)}
    grown = Problem(problem.program, np.append(problem.theta, list(ADDED.values())), problem.start, problem.counters)
    return grown, bands_of(problem, at)


def _rows(rows: list[tuple[int, ...]], width: int) -> np.ndarray:
    return np.array(rows, dtype=np.int32).reshape(-1, width)


def _ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def bands_of(problem: Problem, at: dict[str, int]) -> Bands:
    """Four bands, five events and two slow stocks over a problem's ledger; `at` says where the parameters are."""
    cohorts, states = problem.start.shape
    readings = [(0, c, s) for c in range(cohorts) for s in (0, 1)] + [(1, c, 2) for c in range(0, cohorts, 2)]
    readings += [(2, c, states - 1) for c in range(cohorts)] + [(4, c, s) for c in range(cohorts) for s in (1, 3)]
    lines = [(0, -1, at["growth"]), (1, -1, at["loss"]), (1, NOISY, -1), (2, -1, at["room"]), (2, TERRITORY, at["mix"])]
    lines += [(j, -1, at["hazard"]) for j in range(3, 8)] + [(3, TERRITORY, at["act"]), (4, TREND, -1)]
    echoes = [
        (4, NEAR, 0, at["echo"]),
        (4, ATTACHED, NEW, at["echo"]),
        (5, CHANGE, OLD, at["echo"]),
        (6, LEVEL, OTHER, at["act"]),
        (0, OCCURRED, KNOWN, at["echo"]),
    ]
    outside = [
        (0, OWN, OLD, at["echo"]),
        (1, OCCURRED, KNOWN, at["act"]),
        (2, SLOW, 1, at["act"]),
        (0, LEVEL, NEW, -1),
    ]
    return Bands(
        key=np.array([name_key(f"band/{k}") for k in range(4)], dtype=np.uint64),
        alive=np.array([1, 1, 0, 0], dtype=np.uint8),
        strength_log=np.log([60.0, 25.0, 1.0, 1.0]),
        strength_sd=np.array([0.3, 0.8, 0.0, 0.0]),
        least_own=np.array([0.05, 0.5, 0.0, 0.0]),
        scale=np.array([50.0, 20.0, 10.0, 10.0]),
        growth=_ints(0, 0, 0, 0),
        loss=_ints(1, 1, 1, 1),
        capacity=_ints(2, 2, 2, 2),
        attached_weight=np.full(4, at["veteran"], dtype=np.int32),
        spread=_ints(at["spread"], at["spread"], -1, at["spread"]),
        reading=_rows(readings, 3),
        n_sums=5,
        line_term=_rows(lines, 3),
        line_weight=np.array([1.0, 1.0, 0.5, 8.0, 0.5, *[1.0] * 5, 1.5, 0.3]),
        n_lines=8,
        echo=_rows(echoes, 4),
        echo_weight=np.array([1.0, 0.5, 1.0, 1.0, -1.0]),
        outside=_rows(outside, 4),
        outside_weight=np.array([1.0, 1.0, 1.0, 0.2]),
        near=np.array([[1.0, 0.5, 0.0, 2.0]]),
        near_scale=np.array([30.0]),
        event_key=np.array([name_key(f"event/{x}") for x in range(5)], dtype=np.uint64),
        event_line=_ints(3, 4, 5, 6, 7),
        event_month=_ints(-1, -1, -1, -1, 3),
        event_after=_ints(-1, -1, -1, 0, -1),
        event_band=_ints(-1, -1, OLD, OTHER, -1),
        event_unless=_ints(-1, MERGER, -1, -1, -1),
        event_from=_ints(-1, -1, OLD, -1, -1),
        event_share=_ints(-1, -1, at["share"], -1, -1),
        event_to=_ints(-1, NEW, SPLINTER, -1, -1),
        event_newcomers=_ints(-1, at["cadre"], -1, -1, -1),
        slow_keep=_ints(at["keep"], at["keep"]),
        slow_share=_ints(at["mix"], -1),
        slow_path=_ints(TERRITORY, -1),
        slow_band=np.array([[1, 0, 1, 1], [0, 0, 0, 0]], dtype=np.uint8),
        slow_sum=_ints(-1, 4),
    )
