"""The layout of a run: its arrays, their axes and units, and the labels along each axis.

The chunks, the assembled file and the dataset in memory all follow this declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from afterfall.run.months import add_months
from afterfall.run.sums import Sums, sums_of

if TYPE_CHECKING:
    from afterfall.model import Model

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An array of the run: its axes in order (the first is always ``trajectory``), type and unit.

    `unit` is in words; `units` is the same for programs: a unit that UDUNITS knows, as the CF conventions ask. Counts
    of people and numbers without a dimension have the unit 1.
    """

    name: str
    dims: tuple[str, ...]
    dtype: str
    unit: str
    long_name: str
    units: str = "1"

    def attrs(self) -> dict[str, str]:
        """Attributes of the array, in a file and in memory alike."""
        return {"units": self.units, "unit_text": self.unit, "long_name": self.long_name}


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
        "month",
    ),
    Recorded(
        "beyond",
        ("trajectory", "origin_month", "origin", "ration"),
        "<i4",
        "months",
        "months so far in which demand exceeded a capacity",
        "month",
    ),
    Recorded(
        "overflow",
        ("trajectory", "month", "ration"),
        "<f8",
        "people a month",
        "demand that a capacity left unserved",
        "month-1",
    ),
    Recorded("parameters", ("trajectory", "parameter"), "<f8", "scale of the engine", "parameter draws"),
    Recorded(
        "strength",
        ("trajectory", "month", "organisation"),
        "<i4",
        "people",
        "locals and foreign fighters of an organisation; zero before it is founded",
    ),
    Recorded(
        "foreigners",
        ("trajectory", "month", "organisation"),
        "<i4",
        "people",
        "foreign fighters of the people ledger with it, or waiting where it may be founded",
    ),
    Recorded(
        "events",
        ("trajectory", "event"),
        "<i4",
        "month",
        "month of an event; horizon + 1 means not within it",
        "month",
    ),
    Recorded("slow", ("trajectory", "month", "slow_stock"), "<f8", "as-of date = 1", "slow stocks"),
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
        Months so far in which demand exceeded a capacity, int32 ``(n, M', O, A)``; for a shared one, in origin 0.
    overflow
        Demand left unserved, people a month, float64 ``(n, T + 1, A)``.
    parameters
        Draws on the engine's scale, float64 ``(n, P)``.
    strength, foreigners
        Of organisations, people, int32 ``(n, T + 1, K)``.
    events
        Month in which each event of an organisation fired, then each of custody, int32 ``(n, X)``; horizon + 1 means
        not within it.
    slow
        Slow stocks against the as-of date, float64 ``(n, T + 1, D)``.
    """

    world: Array
    origins: Array
    lost: Array
    beyond: Array
    overflow: Array
    parameters: Array
    strength: Array
    foreigners: Array
    events: Array
    slow: Array

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
    """Labels of every axis except ``trajectory``, from the names of a model."""
    as_of, months = model.case.as_of, list(range(model.horizon + 1))
    recorded = [int(m) for m in model.program.origin_month]
    dated_events, capacities = model.structure.dated_events[: len(model.holdings)], model.structure.capacities
    of_quantity: dict[str, list[str]] = {
        "quantity": [q.name for q in model.quantities],
        "label": [q.label for q in model.quantities],
        "unit": [q.unit for q in model.quantities],
        "kind": [q.kind for q in model.quantities],
        "group": [q.group for q in model.quantities],
        "definition": [q.definition for q in model.quantities],
        "sum_of": sums_of(model.quantities),
    }
    return (
        _months("month", months),
        _dates("date", "month", as_of, months),
        _months("origin_month", recorded),
        _dates("origin_date", "origin_month", as_of, recorded),
        *(_text(name, "quantity", values) for name, values in of_quantity.items()),
        _flags("hindsight", "quantity", [q.hindsight for q in model.quantities], "whether only hindsight suggests it"),
        _text("origin", "origin", list(model.origins)),
        _text("origin_name", "origin", [model.view.name(o) for o in model.origins]),
        _text("holding", "holding", [t.name for t in dated_events]),
        _text("holding_label", "holding", [t.label for t in dated_events]),
        _text("ration", "ration", [r.name for r in capacities]),
        _text("ration_label", "ration", [r.label for r in capacities]),
        _text("parameter", "parameter", list(model.parameter_names)),
        *_of_organisations(model),
    )


def of_origins(given: tuple[Label, ...], only: tuple[str, ...] | None) -> tuple[Label, ...]:
    """The same labels with some origins alone; with all of them for None."""
    if only is None:
        return given
    every = next(label for label in given if label.name == "origin").values.tolist()
    chosen = [every.index(origin) for origin in only]
    return tuple(replace(label, values=label.values[chosen]) if label.dim == "origin" else label for label in given)


def sums_in(given: tuple[Label, ...]) -> Sums:
    """Which quantities by origin are stored, and what the others are sums of, from the labels of a run."""
    texts = {label.name: tuple(label.values.tolist()) for label in given if label.dim == "quantity"}
    return Sums(texts["quantity"], texts["sum_of"]) if "sum_of" in texts else Sums.none(texts["quantity"])


def _of_organisations(model: Model) -> tuple[Label, ...]:
    """Labels of organisations, their events and those of custody, and the slow stocks.

    ``event_of`` is the organisation of an event, ``event_ends`` one that ends by it.
    """
    bands, events, slow = model.organisations, model.events, model.organisation_set.slow
    breaks = model.custody_breaks
    return (
        _text("organisation", "organisation", [b.name for b in bands]),
        _text("organisation_label", "organisation", [b.label for b in bands]),
        _text("organisation_kind", "organisation", [b.kind for b in bands]),
        _text("organisation_place", "organisation", [b.place for b in bands]),
        _text("organisation_place_name", "organisation", [model.view.name(b.place) for b in bands]),
        _text("organisation_parent", "organisation", [b.parent or "" for b in bands]),
        _flags("descended", "organisation", [b.descended for b in bands], "whether it comes from the core"),
        _flags(
            "published",
            "organisation",
            [b.published for b in bands],
            "whether a figure stands behind its strength",
        ),
        _text("event", "event", [*(e.name for e in events), *(e.name for e in breaks)]),
        _text("event_label", "event", [*(e.label for e in events), *(e.label for e in breaks)]),
        _text("event_kind", "event", [*(e.kind for e in events), *(e.name.partition(".")[0] for e in breaks)]),
        _text("event_of", "event", [*(e.takes or e.band or "" for e in events), *("" for _ in breaks)]),
        _text(
            "event_ends",
            "event",
            [*(e.gives or "" if e.ends or not e.takes else "" for e in events), *("" for _ in breaks)],
        ),
        _text("slow_stock", "slow_stock", [s.name for s in slow]),
        _text("slow_label", "slow_stock", [s.label for s in slow]),
    )


def _text(name: str, dim: str, values: list[str]) -> Label:
    return Label(name, dim, np.array(values, dtype=object))


def _flags(name: str, dim: str, values: list[bool], long_name: str) -> Label:
    return Label(name, dim, np.array(values, dtype=bool), {"long_name": long_name})


def _months(dim: str, months: list[int]) -> Label:
    return Label(
        dim, dim, np.array(months, dtype="<i4"), {"long_name": "months since the as-of date", "units": "month"}
    )


def _dates(name: str, dim: str, as_of: date, months: list[int]) -> Label:
    values = np.array([add_months(as_of, m) for m in months], dtype="datetime64[ns]")
    return Label(name, dim, values, {"long_name": "end of the month of the run"})


def needed_bytes(given: tuple[Label, ...], trajectories: int) -> int:
    """Bytes that all arrays of a run take, uncompressed."""
    lengths = sizes(given, trajectories)
    return sum(
        int(np.prod([lengths[d] for d in record.dims], dtype=float)) * np.dtype(record.dtype).itemsize
        for record in RECORDED
    )


def sizes(given: tuple[Label, ...], trajectories: int) -> dict[str, int]:
    """Length of every axis."""
    return {"trajectory": trajectories, **{label.dim: len(label.values) for label in given}}
