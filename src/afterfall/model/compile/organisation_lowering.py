"""Lowers the organisations of a model to the arrays of the engine's `bands`, as `lowering` does for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from afterfall.engine import bands as engine
from afterfall.engine.bands import NO_BANDS, Bands
from afterfall.engine.keys import name_key
from afterfall.engine.program import Floats, Ints, Keys
from afterfall.model.language.organisation_vocabulary import Members, OrganisationSet, Signal
from afterfall.model.language.structure import Structure
from afterfall.model.language.vocabulary import Cohort

KINDS = {
    "level": engine.LEVEL,
    "change": engine.CHANGE,
    "foreign": engine.ATTACHED,
    "locals": engine.OWN,
    "happened": engine.OCCURRED,
    "slow": engine.SLOW,
    "near": engine.NEAR,
}
#: Smallest share of an organisation's strength that is local, where the foreigners of the ledger would leave less.
LEAST_LOCAL = 0.05


@dataclass(frozen=True)
class OrganisationLowering:
    """The names that every step of the lowering looks up."""

    organisation_set: OrganisationSet
    structure: Structure
    cohorts: tuple[Cohort, ...]
    parameter: dict[str, int]

    @cached_property
    def band(self) -> dict[str, int]:
        """Position of each band."""
        return _positions(b.name for b in self.organisation_set.bands)

    @cached_property
    def line(self) -> dict[str, int]:
        """Position of each line."""
        return _positions(x.name for x in self.organisation_set.lines)

    @cached_property
    def event(self) -> dict[str, int]:
        """Position of each event."""
        return _positions(e.name for e in self.organisation_set.events)

    @cached_property
    def state(self) -> dict[str, int]:
        """Position of each state of the ledger."""
        return _positions(s.name for s in self.structure.states)

    @cached_property
    def source(self) -> dict[str, dict[str, int]]:
        """Positions of the sources of a signal, by kind; by default bands."""
        return {
            "happened": self.event,
            "slow": _positions(s.name for s in self.organisation_set.slow),
            "near": _positions(n.name for n in self.organisation_set.near),
        }

    def at(self, name: str | None) -> int:
        """Index of a parameter, -1 for none."""
        return self.parameter[name] if name else -1


def lower_bands(
    organisation_set: OrganisationSet, structure: Structure, cohorts: Sequence[Cohort], parameter_names: Sequence[str]
) -> Bands:
    """The bands of an organisation set as arrays, for the cohorts and states of a lowered structure."""
    if not organisation_set.bands:
        return NO_BANDS
    low = OrganisationLowering(organisation_set, structure, tuple(cohorts), _positions(parameter_names))
    parts: dict[str, object] = {
        **_bands(low),
        **_readings(low),
        **_lines(low),
        **_near(low),
        **_events(low),
        **_slow(low),
    }
    return Bands(**parts)  # type: ignore[arg-type]


def _positions(names: Iterable[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int32)


def _keys(names: Iterable[str]) -> Keys:
    return np.array([name_key(n) for n in names], dtype=np.uint64)


def _bands(low: OrganisationLowering) -> dict[str, object]:
    rows = low.organisation_set.bands
    strengths = [b.strength or (1.0, 0.0) for b in rows]
    return {
        "key": _keys(f"band/{b.name}" for b in rows),
        "alive": np.array([b.strength is not None for b in rows], dtype=np.uint8),
        "strength_log": np.array([math.log(median) for median, _ in strengths]),
        "strength_sd": np.array([sd for _, sd in strengths]),
        "least_own": np.full(len(rows), LEAST_LOCAL),
        "scale": np.array([b.reference for b in rows]),
        "growth": _ints(low.line[b.growth] for b in rows),
        "loss": _ints(low.line[b.loss] for b in rows),
        "capacity": _ints(low.line[b.capacity] for b in rows),
        "attached_weight": _ints(low.at(low.organisation_set.veteran) for _ in rows),
        "spread": _ints(low.at(low.organisation_set.spread) for _ in rows),
    }


def _readings(low: OrganisationLowering) -> dict[str, object]:
    """Fighters of each band, then the people that each slow stock follows."""
    rows: list[tuple[int, int, int]] = []
    for k, band in enumerate(low.organisation_set.bands):
        for members in band.members:
            rows += _fighters(low, k, members)
    number = len(low.organisation_set.bands)
    slow_sum = []
    for stock in low.organisation_set.slow:
        slow_sum.append(number if stock.states else -1)
        rows += _fighters(low, number, Members(stock.states))
        number += bool(stock.states)
    reading = np.array(rows, dtype=np.int32).reshape(-1, 3)
    return {"reading": reading, "n_sums": number, "slow_sum": _ints(slow_sum)}


def _fighters(low: OrganisationLowering, total: int, members: Members) -> list[tuple[int, int, int]]:
    return [
        (total, c, low.state[state])
        for c, cohort in enumerate(low.cohorts)
        if cohort.role == "fighter" and (members.origins is None or cohort.origin in members.origins)
        for state in members.states
    ]


def _lines(low: OrganisationLowering) -> dict[str, object]:
    path = _positions(p.name for p in low.structure.paths)
    terms: list[tuple[int, int, int]] = []
    weights: list[float] = []
    echoes: list[tuple[int, Signal]] = []
    for j, line in enumerate(low.organisation_set.lines):
        terms += [(j, -1, low.at(name)) for name, _ in line.constants]
        weights += [weight for _, weight in line.constants]
        terms += [(j, path[of], low.at(name)) for name, of, _ in line.paths]
        weights += [weight for _, _, weight in line.paths]
        echoes += [(j, signal) for signal in line.echoes]
    rate = _positions(r.name for r in low.structure.rates)
    outside = [(rate[o.rate], o.signal) for o in low.organisation_set.outside]
    return {
        "line_term": np.array(terms, dtype=np.int32).reshape(-1, 3),
        "line_weight": np.array(weights),
        "n_lines": len(low.organisation_set.lines),
        "echo": _signals(low, echoes),
        "echo_weight": np.array([s.weight for _, s in echoes]),
        "outside": _signals(low, outside),
        "outside_weight": np.array([s.weight for _, s in outside]),
    }


def _signals(low: OrganisationLowering, rows: Sequence[tuple[int, Signal]]) -> Ints:
    found = [
        (target, KINDS[s.kind], low.source.get(s.kind, low.band)[s.source], low.at(s.parameter)) for target, s in rows
    ]
    return np.array(found, dtype=np.int32).reshape(-1, 4)


def _near(low: OrganisationLowering) -> dict[str, object]:
    rows = low.organisation_set.near
    weights = [[n.weights.get(b.name, 0.0) for b in low.organisation_set.bands] for n in rows]
    return {
        "near": np.array(weights, dtype=float).reshape(len(rows), len(low.organisation_set.bands)),
        "near_scale": np.array([n.scale for n in rows]),
    }


def _events(low: OrganisationLowering) -> dict[str, object]:
    rows = low.organisation_set.events
    event = _positions(t.name for t in low.structure.dated_events)

    def band(name: str | None) -> int:
        return low.band[name] if name else -1

    return {
        "event_key": _keys(f"event/{e.key_name or e.name}" for e in rows),
        "event_line": _ints(low.line[e.line] for e in rows),
        "event_month": np.full(len(rows), -1, dtype=np.int32),
        "event_after": _ints(event[e.after] if e.after else -1 for e in rows),
        "event_band": _ints(band(e.band) for e in rows),
        "event_unless": _ints(low.event[e.unless] if e.unless else -1 for e in rows),
        "event_from": _ints(band(e.gives) for e in rows),
        "event_share": _ints(low.at(e.share) for e in rows),
        "event_to": _ints(band(e.takes) for e in rows),
        "event_newcomers": _ints(low.at(e.cadre) for e in rows),
        "event_shape": _shapes([e.shape for e in rows]),
        "event_ends": np.array([e.ends for e in rows], dtype=np.uint8),
        "event_beside": _ints(band(e.beside) for e in rows),
        "event_times": np.array([e.times for e in rows], dtype=float),
    }


def _shapes(shapes: Sequence[tuple[float, ...]]) -> Floats:
    """Multipliers of each event's hazard by months since it came at risk; the last value of each goes on."""
    longest = max((len(s) for s in shapes), default=0)
    rows = [list(s) + [s[-1] if s else 1.0] * (longest - len(s)) for s in shapes]
    return np.array(rows, dtype=float).reshape(len(shapes), longest)


def _slow(low: OrganisationLowering) -> dict[str, object]:
    rows = low.organisation_set.slow
    path = _positions(p.name for p in low.structure.paths)
    follows = [[b.name in s.bands for b in low.organisation_set.bands] for s in rows]
    return {
        "slow_keep": _ints(low.at(s.keep) for s in rows),
        "slow_share": _ints(low.at(s.share) for s in rows),
        "slow_path": _ints(path[s.path] if s.path else -1 for s in rows),
        "slow_band": np.array(follows, dtype=np.uint8).reshape(len(rows), len(low.organisation_set.bands)),
    }
