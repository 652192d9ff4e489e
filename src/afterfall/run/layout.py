"""What a run records: its arrays, their axes and units, and the labels along each axis.

The chunks, the assembled file and the dataset in memory all read this one declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from afterfall.run.dates import add_months

if TYPE_CHECKING:
    from afterfall.model import Model

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An array of the run: its axes in order (the first is always ``trajectory``), type and unit."""

    name: str
    dims: tuple[str, ...]
    dtype: str
    units: str
    long_name: str


RECORDED = (
    Recorded("world", ("trajectory", "month", "quantity"), "<i8", "people", "everyone, by month"),
    Recorded(
        "origins", ("trajectory", "origin_month", "origin", "quantity"), "<i4", "people", "by origin, at some months"
    ),
    Recorded(
        "lost",
        ("trajectory", "holding"),
        "<i4",
        "month",
        "month in which a holding is lost; horizon + 1 means not within it",
    ),
    Recorded(
        "beyond",
        ("trajectory", "origin_month", "origin", "ration"),
        "<i4",
        "months",
        "months so far in which demand was beyond a capacity",
    ),
    Recorded(
        "overflow", ("trajectory", "month", "ration"), "<f8", "people a month", "demand that a capacity left unserved"
    ),
    Recorded("parameters", ("trajectory", "parameter"), "<f8", "scale of the engine", "parameter draws"),
)


@dataclass(frozen=True)
class Batch:
    """Arrays of n trajectories, with the axes of `RECORDED`.

    Attributes
    ----------
    world
        People, int64 ``(n, T + 1, Q)``.
    origins
        People, int32 ``(n, M', O, Q)``.
    lost
        Month in which each holding is lost, int32 ``(n, K)``; horizon + 1 means not within it.
    beyond
        Months so far in which demand was beyond a capacity, int32 ``(n, M', O, A)``; of a shared one, in origin 0.
    overflow
        Demand left unserved, people a month, float64 ``(n, T + 1, A)``.
    parameters
        Draws on the engine's scale, float64 ``(n, P)``.
    """

    world: Array
    origins: Array
    lost: Array
    beyond: Array
    overflow: Array
    parameters: Array

    def arrays(self) -> dict[str, Array]:
        """The arrays by name, in the order of `RECORDED`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Label:
    """A coordinate: values along one axis. A label named like its axis is the index of that axis."""

    name: str
    dim: str
    values: Array
    attrs: dict[str, str] = field(default_factory=dict)


def labels(model: Model) -> tuple[Label, ...]:
    """Labels of every axis but ``trajectory``, from the names of a model."""
    as_of, months = model.case.as_of, list(range(model.horizon + 1))
    recorded = [int(m) for m in model.program.origin_month]
    tokens, rations = model.structure.tokens, model.structure.rations
    of_quantity: dict[str, list[str]] = {
        "quantity": [q.name for q in model.quantities],
        "label": [q.label for q in model.quantities],
        "unit": [q.unit for q in model.quantities],
        "kind": [q.kind for q in model.quantities],
        "group": [q.group for q in model.quantities],
        "definition": [q.definition for q in model.quantities],
    }
    return (
        _months("month", months),
        _dates("date", "month", as_of, months),
        _months("origin_month", recorded),
        _dates("origin_date", "origin_month", as_of, recorded),
        *(_text(name, "quantity", values) for name, values in of_quantity.items()),
        Label("hindsight", "quantity", np.array([q.hindsight for q in model.quantities], dtype=bool)),
        _text("origin", "origin", list(model.origins)),
        _text("origin_name", "origin", [model.scene.name(o) for o in model.origins]),
        _text("holding", "holding", [t.name for t in tokens]),
        _text("holding_label", "holding", [t.label for t in tokens]),
        _text("ration", "ration", [r.name for r in rations]),
        _text("ration_label", "ration", [r.label for r in rations]),
        _text("parameter", "parameter", list(model.parameter_names)),
    )


def _text(name: str, dim: str, values: list[str]) -> Label:
    return Label(name, dim, np.array(values, dtype=object))


def _months(dim: str, months: list[int]) -> Label:
    return Label(dim, dim, np.array(months, dtype="<i4"), {"long_name": "months since the as-of date"})


def _dates(name: str, dim: str, as_of: date, months: list[int]) -> Label:
    values = np.array([add_months(as_of, m) for m in months], dtype="datetime64[ns]")
    return Label(name, dim, values, {"long_name": "end of the month of the run"})


def sizes(given: tuple[Label, ...], trajectories: int) -> dict[str, int]:
    """Length of every axis."""
    return {"trajectory": trajectories, **{label.dim: len(label.values) for label in given}}
