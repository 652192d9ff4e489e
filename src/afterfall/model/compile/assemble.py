"""Joins the parts of all mechanisms into one structure, and checks that they fit together.

Mechanisms refer to each other by name. Here the names meet: one rate per name, one parameter per name, every term,
path, dated event and state that is named exists, and the states can be put in an order in which people only move
forward, except along moves marked `back`. All problems are reported together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from afterfall.model.language.structure import Structure, parameters_used
from afterfall.model.language.vocabulary import (
    Choice,
    Inflow,
    OnPath,
    Parameter,
    Part,
    Passing,
    Rate,
    State,
    Term,
    Times,
    Transition,
)

#: Paths that are made of a held one.
OF_HELD = (LossPath, ShareLostPath, AdriftPath, LeftPath, LogLostPath, LogSharePath, LossToPath)


class StructureError(ValueError):
    """The mechanisms do not fit together; the message lists every problem."""


def assemble(parts: Sequence[Part]) -> Structure:
    """Join the parts, put states and edges in order, and check that everything named exists."""
    states = [s for p in parts for s in p.states]
    transitions = [t for p in parts for t in p.transitions]
    inflows = [i for p in parts for i in p.inflows]
    passings = [x for p in parts for x in p.passings]
    problems: list[str] = []
    rates = _unique_rates(transitions, inflows, passings, problems)
    ordered = _topological(states, transitions, problems)
    choices = _unique_choices(transitions, problems)
    structure = Structure(
        states=ordered,
        transitions=_edge_order(transitions, ordered),
        inflows=tuple(inflows),
        rates=rates,
        choices=choices,
        parameters=_unique_parameters([q for p in parts for q in p.parameters], problems),
        features={name: feature for p in parts for name, feature in p.features.items()},
        paths=tuple(sorted((path for p in parts for path in p.paths), key=_path_rank)),
        dated_events=tuple(t for p in parts for t in p.dated_events),
        feedbacks=tuple(f for p in parts for f in p.feedbacks),
        capacities=tuple(r for p in parts for r in p.capacities),
        uses=tuple(name for p in parts for name in p.uses),
        passings=tuple(passings),
        joint=tuple(j for p in parts for j in p.joint),
    )
    problems += _missing(structure)
    if problems:
        raise StructureError("the mechanisms do not fit together:\n  " + "\n  ".join(problems))
    return structure


def _path_rank(path: Path) -> int:
    """Order of evaluation: given series and noise, then paths of dated events, then paths derived from those."""
    ranks: tuple[tuple[type, int], ...] = (
        (HeldPath, 1),
        *((kind, 2) for kind in OF_HELD),
        (OffsetLogPath, 3),
    )
    return next((rank for kind, rank in ranks if isinstance(path, kind)), 0)


def _unique_rates(
    transitions: Iterable[Transition], inflows: Iterable[Inflow], passings: Sequence[Passing], problems: list[str]
) -> tuple[Rate, ...]:
    found: dict[str, Rate] = {}
    named = [t.rate for t in transitions] + [i.rate for i in inflows]
    named += [t.choice.rate for t in transitions if t.choice] + [x.rate for x in passings]
    if len(passings) > 1:
        problems.append("people pass from role to role in two ways: " + ", ".join(x.label for x in passings))
    for rate in named:
        if found.setdefault(rate.name, rate) != rate:
            problems.append(f"rate {rate.name!r} is declared twice with different terms")
    return tuple(found[name] for name in sorted(found))


def _unique_choices(transitions: Iterable[Transition], problems: list[str]) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    source: dict[str, str] = {}
    for t in transitions:
        if t.choice:
            if found.setdefault(t.choice.name, t.choice) != t.choice:
                problems.append(f"choice {t.choice.name!r} is declared twice with different rates")
            if source.setdefault(t.choice.name, t.source) != t.source:
                problems.append(
                    f"choice {t.choice.name!r} leads out of two states: {source[t.choice.name]}, {t.source}"
                )
    return tuple(found[name] for name in sorted(found))


def _unique_parameters(parameters: Iterable[Parameter], problems: list[str]) -> tuple[Parameter, ...]:
    found: dict[str, Parameter] = {}
    for parameter in parameters:
        if found.setdefault(parameter.name, parameter) != parameter:
            problems.append(f"parameter {parameter.name!r} is declared twice with different priors")
    return tuple(found[name] for name in sorted(found))


def _topological(states: Sequence[State], transitions: Sequence[Transition], problems: list[str]) -> tuple[State, ...]:
    """States ordered so that every move not marked `back` goes forward; declared order breaks ties."""
    names = {s.name for s in states}
    if len(names) < len(states):
        problems.append("a state is declared twice: " + ", ".join(sorted(n for n in names if _count(states, n) > 1)))
    for t in transitions:
        problems += [
            f"move to or from an unknown state {n!r} ({t.label})" for n in (t.source, t.dest) if n not in names
        ]
    before = {s.name: {t.source for t in transitions if t.dest == s.name and not t.back} for s in states}
    ordered: list[State] = []
    waiting = list(states)
    while waiting:
        ready = next((s for s in waiting if not before[s.name] & {w.name for w in waiting}), None)
        if ready is None:
            problems.append("forward moves form a circle among: " + ", ".join(w.name for w in waiting))
            return tuple(ordered + waiting)
        ordered.append(ready)
        waiting.remove(ready)
    return tuple(ordered)


def _count(states: Sequence[State], name: str) -> int:
    return sum(s.name == name for s in states)


def _edge_order(transitions: Sequence[Transition], states: Sequence[State]) -> tuple[Transition, ...]:
    """Edges by source state, plain ones first, those of one choice together; declared order breaks ties."""
    rank = {s.name: i for i, s in enumerate(states)}
    return tuple(
        sorted(
            transitions, key=lambda t: (rank.get(t.source, -1), t.choice.name if t.choice else "", rank.get(t.dest, -1))
        )
    )


def _missing(structure: Structure) -> list[str]:
    """Names that are used but not declared."""
    declared = {p.name for p in structure.parameters}
    paths = {p.name for p in structure.paths}
    used = set(parameters_used(structure))
    problems = [f"parameter {name!r} is used but not declared" for name in sorted(used - declared)]
    for rate in structure.rates:
        for term in rate.terms:
            if isinstance(term, Term) and not _is_feature(term.feature, structure):
                problems.append(f"rate {rate.name!r} names an unknown feature {term.feature!r}")
            if isinstance(term, (OnPath, Times)) and term.path not in paths:
                problems.append(f"rate {rate.name!r} names an unknown path {term.path!r}")
    problems += [*_loose_ends(structure)]
    capacities = {r.name for r in structure.capacities}
    states = {s.name for s in structure.states}
    problems += [
        f"inflow {i.label!r} names an unknown state {s!r}"
        for i in structure.inflows
        for s in (i.state, *i.per)
        if s not in states
    ]
    problems += [
        f"capacity {r.name!r} has places in an unknown state {s!r}"
        for r in structure.capacities
        for s in r.places
        if s not in states
    ]
    problems += [
        f"unknown capacity {t.capacity!r}" for t in structure.transitions if t.capacity and t.capacity not in capacities
    ]
    return problems


def _loose_ends(structure: Structure) -> Iterable[str]:
    """Names that feedbacks, paths and dated events use and nothing declares."""
    states, rates = {s.name for s in structure.states}, {r.name for r in structure.rates}
    dated_events, paths = {t.name for t in structure.dated_events}, {p.name: p for p in structure.paths}
    for feedback in structure.feedbacks:
        yield from (
            f"feedback {feedback.total!r} counts an unknown state {s!r}" for s in feedback.states if s not in states
        )
        if feedback.rate not in rates:
            yield f"feedback {feedback.total!r} acts on an unknown rate {feedback.rate!r}"
    for path in structure.paths:
        if isinstance(path, HeldPath):
            yield from (
                f"path {path.name!r} weighs an unknown dated event {t!r}" for t in path.weights if t not in dated_events
            )
        if isinstance(path, LossToPath):
            yield from (
                f"path {path.name!r} shares an unknown dated event {t!r}" for t in path.shares if t not in dated_events
            )
        if isinstance(path, FiredPath) and path.event not in dated_events:
            yield f"path {path.name!r} watches an unknown dated event {path.event!r}"
        if isinstance(path, OF_HELD) and not isinstance(paths.get(path.of), HeldPath):
            yield f"path {path.name!r} is derived from {path.of!r}, which is not a held path"
        if isinstance(path, OffsetLogPath) and path.of not in paths:
            yield f"path {path.name!r} is derived from an unknown path {path.of!r}"
    for event in structure.dated_events:
        for _, name in event.paths:
            if not isinstance(paths.get(name), (SeriesPath, NoisePath)):
                yield f"dated event {event.name!r} follows {name!r}, which is neither a given series nor noise"
        if event.after and event.after not in dated_events:
            yield f"dated event {event.name!r} comes after an unknown one, {event.after!r}"
        for _, weights in event.neighbours:
            yield from (
                f"dated event {event.name!r} has an unknown neighbour {n!r}" for n in weights if n not in dated_events
            )


def _is_feature(name: str, structure: Structure) -> bool:
    return name in ("one", "family") or name.startswith("role:") or name in structure.features
