"""Lowering: a checked structure and a list of cohorts become the arrays of a `Program`.

Names become indices here and nowhere else. The history program differs from the forecast program in five ways: dated
events have their known months, monthly noise is zero, origin effects are left out, counters leave out those born in the
theatre, and column 0 of given and fired paths holds their value at the as-of date. That value is the reference for
closed ways in both programs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from afterfall.engine.keys import cell_keys, name_key
from afterfall.engine.program import (
    COHORT,
    EFFECT,
    EVENT_AFTER,
    EVENT_CONSTANT,
    EVENT_LEFT,
    EVENT_NEIGHBOUR,
    EVENT_PATH,
    EVENT_RAMP,
    FACTOR,
    PATH,
    STRATUM,
    Flags,
    Floats,
    Ints,
    Keys,
    Program,
)
from afterfall.model.compile.flow_lowering import flags, flows, indices
from afterfall.model.compile.path_lowering import lowered_paths
from afterfall.model.compile.ramps import series, strata, widened
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.structure import Structure, region_effect
from afterfall.model.language.vocabulary import (
    MINORS,
    ROLES,
    Cohort,
    OnPath,
    OnRamp,
    OriginEffect,
    Quantity,
    RegionEffect,
    Term,
    Times,
)


@dataclass(frozen=True)
class Lowering:
    """The names that every step of the lowering looks up."""

    view: CaseView
    structure: Structure
    cohorts: tuple[Cohort, ...]
    origins: tuple[str, ...]
    parameter: dict[str, int]
    horizon: int
    past: bool

    @cached_property
    def state(self) -> dict[str, int]:
        """Position of each state."""
        return {s.name: i for i, s in enumerate(self.structure.states)}

    @cached_property
    def rate(self) -> dict[str, int]:
        """Row of each rate."""
        return {r.name: i for i, r in enumerate(self.structure.rates)}

    @cached_property
    def path(self) -> dict[str, int]:
        """Row of each path."""
        return {p.name: i for i, p in enumerate(self.structure.paths)}

    @cached_property
    def dated_event(self) -> dict[str, int]:
        """Position of each dated event."""
        return {t.name: i for i, t in enumerate(self.structure.dated_events)}

    def month(self, column: int) -> int:
        """The month (0 is the as-of date) that a column of the program stands for."""
        if not self.past:
            return column
        return column - self.horizon if column else 0


def lower(
    view: CaseView,
    structure: Structure,
    named: Sequence[Quantity],
    cohorts: tuple[Cohort, ...],
    origins: Sequence[str],
    parameter_names: Sequence[str],
    *,
    horizon: int,
    record: Sequence[int],
    past: bool = False,
) -> Program:
    """The program of a structure for the given cohorts, origins and months (see the module docstring for `past`)."""
    index = {name: i for i, name in enumerate(parameter_names)}
    low = Lowering(view, structure, cohorts, tuple(origins), index, horizon, past)
    states, edges = structure.states, structure.transitions
    sources = np.array([low.state[t.source] for t in edges], dtype=np.int32)
    parts: dict[str, object] = {
        **_cells(low),
        **_edges(low),
        **_rates(low),
        **flows(structure, cohorts, low.state, low.rate, past=past),
        **lowered_paths(low),
        **_dated_events(low),
        **_quantities(low, named),
    }
    return Program(
        first_edge=np.searchsorted(sources, np.arange(len(states) + 1)).astype(np.int32),
        origin_month=np.array(record, dtype=np.int32),
        n_origins=len(low.origins),
        horizon=horizon,
        **parts,  # type: ignore[arg-type]
    )


def _keys(names: Iterable[str]) -> Keys:
    return np.array([name_key(n) for n in names], dtype=np.uint64)


def _cells(low: Lowering) -> dict[str, object]:
    """Keys, origins and strata of the cells."""
    names = [[f"{c.origin}/{c.role}/{s.name}" for s in low.structure.states] for c in low.cohorts]
    return {
        "cell_key": cell_keys(names),
        "origin": indices(low.origins.index(c.origin) for c in low.cohorts),
        "stratum": strata(low.structure.ramps, low.cohorts, past=low.past),
    }


def _edges(low: Lowering) -> dict[str, object]:
    """Edges, choices and capacities."""
    structure, edges = low.structure, low.structure.transitions
    choice = {c.name: i for i, c in enumerate(structure.choices)}
    capacity = {r.name: i if r.past or not low.past else -1 for i, r in enumerate(structure.capacities)}
    return {
        "dest": indices(low.state[t.dest] for t in edges),
        "rate": indices(low.rate[t.rate.name] for t in edges),
        "choice": indices(choice[t.choice.name] if t.choice else -1 for t in edges),
        "ration": indices(capacity[t.capacity] if t.capacity else -1 for t in edges),
        "open": _open(low),
        "choice_rate": indices(low.rate[c.rate.name] for c in structure.choices),
        "choice_retain": indices(_parameter(low, c.retain) for c in structure.choices),
        "ration_by_origin": np.array([r.by_origin for r in structure.capacities], dtype=np.uint8),
        "ration_place": _places(low),
        "capacity": _capacity(low),
        "capacity_parameter": indices(_parameter(low, r.parameter) for r in structure.capacities),
    }


def _rates(low: Lowering) -> dict[str, object]:
    """Terms of the rates, their features, and feedback."""
    terms, x_cohort = _terms(low)
    feedback, total_state, total_scale = _feedbacks(low)
    return {
        "term": terms,
        "x_cohort": x_cohort,
        "x_time": series(low.structure.ramps, low.cohorts, low.horizon, past=low.past),
        "n_rates": len(low.structure.rates),
        "feedback": feedback,
        "total_state": total_state,
        "total_cohort": np.array([[float(c.role in ROLES) for c in low.cohorts] for _ in total_scale]).reshape(
            len(total_scale), len(low.cohorts)
        ),
        "total_scale": total_scale,
    }


def _open(low: Lowering) -> Flags:
    closed_to = [
        [(t.roles is None or c.role in t.roles) and (t.origins is None or c.origin in t.origins) for c in low.cohorts]
        for t in low.structure.transitions
    ]
    return flags(closed_to, len(low.cohorts))


def _fired(low: Lowering, month: int | None) -> int:
    """Column in which a dated event fired; if it has not: -1 (by hazard) in the forecast, past the end in history."""
    if month is None:
        return low.horizon + 1 if low.past else -1
    return max(0, month + low.horizon) if low.past else max(0, month)


def _feature(low: Lowering, name: str) -> Floats:
    """Values of a cohort feature, ``[C]``; that of a region is the mean of its origins, weighted by travellers."""
    if name == "one":
        return np.ones(len(low.cohorts))
    if name == "family":
        return np.array([float(c.role != "fighter") for c in low.cohorts])
    if name == "role:minor":  # those born in the theatre are minors too
        return np.array([float(c.role in MINORS) for c in low.cohorts])
    kind, _, one = name.partition(":")
    if kind in ("role", "region"):
        return np.array([float(getattr(c, kind) == one) for c in low.cohorts])
    feature = low.structure.features[name]
    if not low.past or name == "log_share_of_arrivals":
        return np.array([feature(c) for c in low.cohorts])
    return np.array([_regional(low, feature, c) for c in low.cohorts])


def _regional(low: Lowering, feature: Callable[[Cohort], float], cohort: Cohort) -> float:
    members = [o for o in low.view.origins if low.view.region_of[o] == cohort.region]
    weights = [low.view.central_travelled(o) for o in members]
    values = [feature(Cohort(o, cohort.role, cohort.region)) for o in members]
    return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)


def _terms(low: Lowering) -> tuple[Ints, Floats]:
    """Rate terms ``[N, 4]`` and cohort features ``[F, C]``."""
    features: dict[str, int] = {}
    rows: list[tuple[int, int, int, int]] = []
    effects = low.structure.effects()
    first_effect = len(low.structure.parameters)
    n_origins = len(low.view.origins)
    for r, rate in enumerate(low.structure.rates):
        for term in rate.terms:
            match term:
                case Term(parameter, feature):
                    rows.append((r, COHORT, features.setdefault(feature, len(features)), _parameter(low, parameter)))
                case OnPath(parameter, path):
                    rows.append((r, PATH, low.path[path], _parameter(low, parameter)))
                case Times(path):
                    rows.append((r, FACTOR, low.path[path], -1))
                case RegionEffect(parameter):
                    for g in low.view.regions:
                        of_region = features.setdefault(f"region:{g}", len(features))
                        rows.append((r, COHORT, of_region, _parameter(low, region_effect(parameter, g))))
                case OriginEffect(parameter) if not low.past:
                    block = first_effect + effects.index(parameter) * n_origins
                    rows.append((r, EFFECT, block, _parameter(low, parameter)))
                case OnRamp(parameter, ramp) if not low.past:
                    row = [x.name for x in low.structure.ramps].index(ramp)
                    rows.append((r, STRATUM, row, _parameter(low, parameter)))
    x = np.array([_feature(low, name) for name in features]).reshape(len(features), len(low.cohorts))
    return np.array(rows, dtype=np.int32).reshape(-1, 4), x


def _parameter(low: Lowering, name: str | None) -> int:
    return -1 if name is None else low.parameter[name]


def _dated_events(low: Lowering) -> dict[str, object]:
    """Keys and known months of dated events, terms of their hazards, their features and neighbour weights."""
    rows: list[tuple[int, int, int, int]] = []
    constants: list[list[float]] = []
    n, ramps = len(low.structure.dated_events), [x.name for x in low.structure.ramps]
    neighbour = np.zeros((n, n))
    for k, event in enumerate(low.structure.dated_events):
        for name, value in event.constants:
            rows.append((k, EVENT_CONSTANT, len(constants), _parameter(low, name)))
            constants.append([value if j == k else 0.0 for j in range(n)])
        rows += [(k, EVENT_PATH, low.path[path], _parameter(low, parameter)) for parameter, path in event.paths]
        for name, weights in event.neighbours:
            rows.append((k, EVENT_NEIGHBOUR, 0, low.parameter[name]))
            for other, weight in weights.items():
                neighbour[k, low.dated_event[other]] += weight
        rows += [(k, EVENT_LEFT, int(not event.counted), low.parameter[name]) for name in (event.left,) if name]
        rows += [(k, EVENT_AFTER, low.dated_event[other], -1) for other in (event.after,) if other]
        if not low.past:
            rows += [(k, EVENT_RAMP, ramps.index(ramp), low.parameter[name]) for name, ramp in event.ramps]
    return {
        "token_key": _keys(t.name for t in low.structure.dated_events),
        "token_month": indices(_fired(low, t.fired) for t in low.structure.dated_events),
        "token_term": np.array(rows, dtype=np.int32).reshape(-1, 4),
        "x_token": np.array(constants, dtype=float).reshape(len(constants), n),
        "token_neighbour": neighbour,
    }


def _feedbacks(low: Lowering) -> tuple[Ints, Floats, Floats]:
    totals = {f.total: f for f in low.structure.feedbacks}
    position = {name: i for i, name in enumerate(totals)}
    rows = [
        (low.rate[f.rate], position[f.total], low.parameter[f.parameter])
        for f in low.structure.feedbacks
        if f.past or not low.past
    ]
    members = [[float(s.name in f.states) for s in low.structure.states] for f in totals.values()]
    return (
        np.array(rows, dtype=np.int32).reshape(-1, 3),
        np.array(members, dtype=float).reshape(len(totals), len(low.structure.states)),
        np.array([f.scale for f in totals.values()], dtype=float),
    )


def _capacity(low: Lowering) -> Floats:
    """The limit of each capacity, ``[A, O, T + 1]``, before its parameter."""
    out = np.zeros((len(low.structure.capacities), len(low.origins), low.horizon + 1))
    for a, capacity in enumerate(low.structure.capacities):
        for o, origin in enumerate(low.origins):
            members = [m for m in low.view.origins if m == origin or (low.past and low.view.region_of[m] == origin)]
            out[a, o if capacity.by_origin else 0, :] += sum(capacity.limit(m) for m in members)
    return out if low.past else out * widened(low.structure, low.origins, low.horizon)


def _places(low: Lowering) -> Flags:
    """States that take up places of each capacity, ``[A, S]``."""
    rows = [[s.name in r.places for s in low.structure.states] for r in low.structure.capacities]
    return flags(rows, len(low.structure.states))


def _quantities(low: Lowering, named: Sequence[Quantity]) -> dict[str, object]:
    """Membership of states, edges, inflows and cohorts in each quantity."""
    s = low.structure
    by_state = [[x.name in q.states for x in s.states] for q in named]
    by_edge = [[q.kind == "counter" and q.name in t.counts for t in s.transitions] for q in named]
    by_inflow = [[q.kind == "counter" and q.name in i.counts for i in s.inflows] for q in named]
    counted = [c.role in ROLES or not low.past for c in low.cohorts]  # history counts those who travelled
    by_cohort = [
        [yes and (q.roles is None or c.role in q.roles) for yes, c in zip(counted, low.cohorts, strict=True)]
        for q in named
    ]
    sizes = (len(s.states), len(s.transitions), len(s.inflows), len(low.cohorts))
    names = ("quantity_state", "quantity_edge", "quantity_inflow", "quantity_cohort")
    tables = (by_state, by_edge, by_inflow, by_cohort)
    return {name: flags(table, size) for name, table, size in zip(names, tables, sizes, strict=True)}
