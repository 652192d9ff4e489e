"""Lowers the shared paths of a structure: their kinds and arguments, given series, and weights of what is held.

In the history, noise and what is left of the territory are zero, fired paths are given, and some ground is always held:
arrivals of the past are data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from afterfall.engine.keys import name_key
from afterfall.engine.program import (
    ADRIFT,
    FIRED,
    HELD,
    LEFT,
    LOG_LOST,
    LOG_OFFSET,
    LOG_SHARE,
    LOSS,
    NOISE,
    SERIES,
    SHARE_LOST,
    TAKEN,
)
from afterfall.model.language.path_vocabulary import (
    AdriftPath,
    FiredPath,
    HeldPath,
    LeftPath,
    LogLostPath,
    LogSharePath,
    LossPath,
    LossToPath,
    NoisePath,
    OffsetLogPath,
    Path,
    SeriesPath,
    ShareLostPath,
)

if TYPE_CHECKING:
    from afterfall.model.compile.lowering import Lowering

#: Kinds of paths that are derived from a held path alone.
OF_HELD = {
    LossPath: LOSS,
    ShareLostPath: SHARE_LOST,
    AdriftPath: ADRIFT,
    LeftPath: LEFT,
    LogLostPath: LOG_LOST,
    LogSharePath: LOG_SHARE,
}


def lowered_paths(low: Lowering) -> dict[str, object]:
    """Kinds and arguments of the paths, the given series, weights and floors of held paths, and shares of takers."""
    kinds: list[int] = []
    args: list[tuple[int, int]] = []
    series: list[list[float]] = []
    weights: list[list[float]] = []
    floors: list[float] = []
    taken: list[list[float]] = []
    for path in low.structure.paths:
        if (given := _given(low, path)) is not None:
            kinds.append(SERIES)
            args.append((len(series), -1))
            series.append(given)
            continue
        match path:
            case AdriftPath(grounded=True):
                kinds.append(ADRIFT)
                args.append((low.path[path.of], 1))
            case LeftPath(times=times) if times != 1.0:
                kinds.append(LEFT)
                args.append((low.path[path.of], len(series)))
                series.append([times for _ in range(low.horizon + 1)])
            case NoisePath():
                kinds.append(NOISE)
                args.append((low.parameter[path.sd], low.parameter[path.autocorrelation]))
            case FiredPath():
                kinds.append(FIRED)
                args.append((low.dated_event[path.event], -1))
            case HeldPath():
                kinds.append(HELD)
                args.append((len(weights), -1))
                weights.append([path.weights.get(t.name, 0.0) for t in low.structure.dated_events])
                floors.append(path.floor)
            case LossPath() | ShareLostPath() | AdriftPath() | LeftPath() | LogLostPath() | LogSharePath():
                kinds.append(OF_HELD[type(path)])
                args.append((low.path[path.of], -1))
            case LossToPath():
                kinds.append(TAKEN)
                args.append((low.path[path.of], len(taken)))
                taken.append([path.shares.get(t.name, 0.0) for t in low.structure.dated_events])
            case OffsetLogPath():
                kinds.append(LOG_OFFSET)
                args.append((low.path[path.of], low.parameter[path.parameter]))
    dated_events = len(low.structure.dated_events)
    return {
        "path_kind": np.array(kinds, dtype=np.int32),
        "path_arg": np.array(args, dtype=np.int32).reshape(-1, 2),
        "path_key": np.array([name_key(p.name) for p in low.structure.paths], dtype=np.uint64),
        "path_series": np.array(series, dtype=float).reshape(len(series), low.horizon + 1),
        "held_weight": np.array(weights, dtype=float).reshape(len(weights), dated_events),
        "held_floor": np.array(floors, dtype=float),
        "taken_share": np.array(taken, dtype=float).reshape(len(taken), dated_events),
        **_parameters_of_paths(low),
    }


def _parameters_of_paths(low: Lowering) -> dict[str, object]:
    """The parameters that act on weights of what is held and on shares of takers, by row of these, and their tilts."""
    events = low.structure.dated_events
    held = [path for path in low.structure.paths if isinstance(path, HeldPath)]
    takers = [path for path in low.structure.paths if isinstance(path, LossToPath)]
    tilts = [[path.tilt.get(event.name, 0.0) for event in events] for path in held]
    return {
        "held_tilt": np.array(tilts, dtype=float).reshape(len(held), len(events)),
        "held_parameter": np.array([_ahead(low, path.parameter) for path in held], dtype=np.int32),
        "taken_tilt": np.array([float(event.fired is None) for event in events]),
        "taken_parameter": np.array([_ahead(low, path.parameter) for path in takers], dtype=np.int32),
    }


def _ahead(low: Lowering, parameter: str | None) -> int:
    """The column of a parameter that acts in the forecast only; -1 in the history and where there is none."""
    return -1 if low.past or parameter is None else low.parameter[parameter]


def _given(low: Lowering, path: Path) -> list[float] | None:
    """The values of a path that is given in this program, by month; None where it is drawn or derived."""
    months = [low.month(column) for column in range(low.horizon + 1)]
    match path:
        case SeriesPath():
            return [path.values(month) for month in months]
        case NoisePath() | LeftPath() if low.past:
            return [0.0 for _ in months]
        case AdriftPath(grounded=True) if low.past:
            return [1.0 for _ in months]
        case FiredPath() if low.past:
            fired = low.structure.dated_events[low.dated_event[path.event]].fired
            return [float(fired is not None and fired <= month) for month in months]
        case _:
            return None
