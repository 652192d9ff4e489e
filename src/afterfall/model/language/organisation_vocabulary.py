"""The types with which mechanisms describe organisations: bands, lines, events, slow stocks, and effects on people.

The engine's `bands` defines what each computes. A mechanism returns an `OrganisationSet` with the parameters that it
names; `join` combines the sets of all mechanisms and checks that every name exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.vocabulary import Parameter, Part

SignalKind = Literal["level", "change", "foreign", "locals", "happened", "slow", "near"]
BandKind = Literal["core", "rival", "offshoot", "founded", "successor", "splinter"]
EventKind = Literal[
    "merger",
    "merger_without_collapse",
    "absorption",
    "founding",
    "split",
    "allegiance",
    "ending",
    "name_only",
    "retaking",
    "retaking_month",
    "retaking_year",
]

#: An organisation with fewer people than this does not count as standing.
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Signal:
    """``weight * parameter * signal`` of a band, an event, a slow stock or a nearness named by `source`."""

    kind: SignalKind
    source: str
    parameter: str | None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class RecruitmentLine:
    """The log of a rate or capacity: constants (parameter, weight), paths (parameter, path, weight) and echoes."""

    name: str
    constants: tuple[tuple[str | None, float], ...] = ()
    paths: tuple[tuple[str | None, str, float], ...] = ()
    echoes: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """Fighters of the ledger who belong to a band: those in `states`, from `origins` (None: from all)."""

    states: tuple[str, ...]
    origins: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """An organisation. Its locals are a count of their own; its foreigners are people of the ledger.

    Attributes
    ----------
    descended
        Whether it comes from the core, whatever their relation is now. The core itself does not.
    growth, loss, capacity
        Names of its lines.
    reference
        Its published strength, or that of similar organisations, in people.
    strength
        Median and log standard deviation of its strength at the as-of date; None if it does not exist yet.
    published
        Whether a published figure stands behind its strength.
    """

    name: str
    label: str
    kind: BandKind
    place: str
    descended: bool
    growth: str
    loss: str
    capacity: str
    reference: float
    strength: tuple[float, float] | None
    published: bool
    members: tuple[Members, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens once to a band (see the engine's `bands`).

    `key_name` names the exponential that it draws, by default its own name: two events with one key name share it.
    `after` names a dated event that must have fired before. `shape` multiplies the hazard by months since the event
    came at risk, its last value from then on. An event that gives and does not take ends the band that gives, and so
    does one with `ends`, of which a share joins the band that takes. `beside` names a second band: the event can happen
    only while it and `band` exist, and it is at least `times` as strong as `band`.
    """

    name: str
    label: str
    kind: EventKind
    line: str
    key_name: str = ""
    after: str | None = None
    band: str | None = None
    unless: str | None = None
    gives: str | None = None
    share: str | None = None
    takes: str | None = None
    cadre: str | None = None
    shape: tuple[float, ...] = ()
    ends: bool = False
    beside: str | None = None
    times: float = 0.0


@dataclass(frozen=True, slots=True)
class Slow:
    """A stock that follows, with memory `keep`, a path (with weight `share`) and the strength of bands or people."""

    name: str
    label: str
    keep: str
    share: str | None = None
    path: str | None = None
    bands: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """Strength nearby: a weighted sum over bands, relative to a scale in people."""

    name: str
    weights: Mapping[str, float]
    scale: float


@dataclass(frozen=True, slots=True)
class Outside:
    """A signal that acts on a rate of the ledger."""

    rate: str
    signal: Signal


@dataclass(frozen=True, slots=True)
class OrganisationSet:
    """What a mechanism declares about organisations.

    `veteran` and `spread` are parameters shared by all bands. `joint` are draws that belong together; a line may use
    their names as it uses parameters.
    """

    bands: tuple[Band, ...] = ()
    lines: tuple[RecruitmentLine, ...] = ()
    events: tuple[Event, ...] = ()
    slow: tuple[Slow, ...] = ()
    near: tuple[Near, ...] = ()
    outside: tuple[Outside, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    veteran: str = ""
    spread: str = ""
    joint: tuple[JointDraws, ...] = ()

    def part(self) -> Part:
        """The parameters as a part of the model, with those that are used here."""
        return Part(parameters=self.parameters, uses=tuple(sorted(set(self._used()) - set(self.effects))))

    @property
    def effects(self) -> tuple[str, ...]:
        """Names in the joint draws that are no parameters: effects of one organisation, and of a period."""
        declared = {p.name for p in self.parameters}
        return tuple(dict.fromkeys(name for one in self.joint for name in one.names if name not in declared))

    def _used(self) -> Iterable[str]:
        for line in self.lines:
            yield from (p for p, _ in line.constants if p)
            yield from (p for p, _, _ in line.paths if p)
            yield from (s.parameter for s in line.echoes if s.parameter)
        for event in self.events:
            yield from (p for p in (event.share, event.cadre) if p)
        for stock in self.slow:
            yield from (p for p in (stock.keep, stock.share) if p)
        yield from (o.signal.parameter for o in self.outside if o.signal.parameter)
        yield from (p for p in (self.veteran, self.spread) if p and self.bands)


def join(sets: Sequence[OrganisationSet]) -> OrganisationSet:
    """All sets as one.

    Raises
    ------
    ValueError
        If a name is declared twice, or used but not declared; all such names are listed.
    """
    joined = OrganisationSet(
        bands=tuple(b for c in sets for b in c.bands),
        lines=tuple(x for c in sets for x in c.lines),
        events=tuple(e for c in sets for e in c.events),
        slow=tuple(s for c in sets for s in c.slow),
        near=tuple(n for c in sets for n in c.near),
        outside=tuple(o for c in sets for o in c.outside),
        parameters=tuple({p.name: p for c in sets for p in c.parameters}.values()),
        veteran=next((c.veteran for c in sets if c.veteran), ""),
        spread=next((c.spread for c in sets if c.spread), ""),
        joint=tuple({d.name: d for c in sets for d in c.joint}.values()),
    )
    problems = [*_twice(joined), *_missing(joined)]
    if problems:
        raise ValueError("the organisations do not fit together:\n  " + "\n  ".join(problems))
    return joined


def _twice(organisation_set: OrganisationSet) -> Iterable[str]:
    for what in ("bands", "lines", "events", "slow", "near"):
        names = [x.name for x in getattr(organisation_set, what)]
        yield from (f"{what}: {n!r} is declared twice" for n in sorted({n for n in names if names.count(n) > 1}))


def _missing(organisation_set: OrganisationSet) -> Iterable[str]:
    bands, lines = {b.name for b in organisation_set.bands}, {x.name for x in organisation_set.lines}
    events, slow = {e.name for e in organisation_set.events}, {s.name for s in organisation_set.slow}
    near = {n.name for n in organisation_set.near}
    known = {"happened": events, "slow": slow, "near": near}
    for band in organisation_set.bands:
        wanted = (band.growth, band.loss, band.capacity)
        yield from (f"band {band.name!r} has an unknown line {n!r}" for n in wanted if n not in lines)
    for event in organisation_set.events:
        wanted_bands = (event.band, event.gives, event.takes, event.beside)
        yield from (f"event {event.name!r} names an unknown band {n!r}" for n in wanted_bands if n and n not in bands)
        if event.beside and not event.band:
            yield f"event {event.name!r} has a second band and no band of its own"
        if event.line not in lines:
            yield f"event {event.name!r} has an unknown line {event.line!r}"
        if event.unless and event.unless not in events:
            yield f"event {event.name!r} is ruled out by an unknown event {event.unless!r}"
    signals = [s for x in organisation_set.lines for s in x.echoes] + [o.signal for o in organisation_set.outside]
    for signal in signals:
        if signal.source not in known.get(signal.kind, bands):
            yield f"a signal {signal.kind!r} comes from an unknown {signal.source!r}"
    for stock in organisation_set.slow:
        yield from (f"slow stock {stock.name!r} follows an unknown band {b!r}" for b in stock.bands if b not in bands)
    for one in organisation_set.near:
        yield from (f"nearness {one.name!r} weighs an unknown band {b!r}" for b in one.weights if b not in bands)
