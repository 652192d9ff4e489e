"""A whole model before it is lowered: the parts of all mechanisms together, with states and edges in order.

`assemble` (in `compile`) makes one and checks it; a policy changes one; the lowering turns one into arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.path_vocabulary import HeldPath, LossToPath, NoisePath, OffsetLogPath, Path
from afterfall.model.language.vocabulary import (
    Capacity,
    Choice,
    Cohort,
    DatedEvent,
    Feedback,
    Inflow,
    OriginEffect,
    Parameter,
    Passing,
    Ramp,
    Rate,
    RegionEffect,
    State,
    Times,
    Transition,
    Widening,
)


@dataclass(frozen=True)
class Structure:
    """A checked model before it is lowered: states in topological order, transitions in edge order."""

    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    inflows: tuple[Inflow, ...]
    rates: tuple[Rate, ...]
    choices: tuple[Choice, ...]
    parameters: tuple[Parameter, ...]
    features: Mapping[str, Callable[[Cohort], float]]
    paths: tuple[Path, ...]
    dated_events: tuple[DatedEvent, ...]
    feedbacks: tuple[Feedback, ...]
    capacities: tuple[Capacity, ...]
    uses: tuple[str, ...]
    passings: tuple[Passing, ...] = ()
    ramps: tuple[Ramp, ...] = ()
    widenings: tuple[Widening, ...] = ()
    joint: tuple[JointDraws, ...] = ()

    def active(self) -> Structure:
        """The same without the parameters that nothing in this case uses (a case without rivals needs no enmity)."""
        used = set(parameters_used(self))
        return replace(self, parameters=tuple(p for p in self.parameters if p.name in used))

    def effects(self) -> tuple[str, ...]:
        """Parameters that are standard deviations of origin effects, in alphabetical order."""
        found = {t.parameter for r in self.rates for t in r.terms if isinstance(t, OriginEffect)}
        return tuple(sorted(found))

    def effect_names(self, origins: Sequence[str]) -> tuple[str, ...]:
        """Names of the standard normals behind the origin effects, ``leaving.origin_sd[CAN]``."""
        return tuple(f"{effect}[{origin}]" for effect in self.effects() for origin in origins)

    def region_effects(self, regions: Sequence[str]) -> dict[str, str]:
        """Names of the region effects, ``killing.region_sd[asia]``, each with the name of its standard deviation."""
        found = {t.parameter for r in self.rates for t in r.terms if isinstance(t, RegionEffect)}
        return {region_effect(effect, region): effect for effect in sorted(found) for region in regions}


def region_effect(effect: str, region: str) -> str:
    """Name of the effect of a region."""
    return f"{effect}[{region}]"


def parameters_used(structure: Structure) -> Iterable[str]:
    """Names of the parameters that rates, paths, events, choices, feedbacks and capacities use."""
    for rate in structure.rates:
        yield from (t.parameter for t in rate.terms if not isinstance(t, Times) and t.parameter)
    for path in structure.paths:
        if isinstance(path, NoisePath):
            yield from (path.sd, path.autocorrelation)
        if isinstance(path, OffsetLogPath):
            yield path.parameter
        if isinstance(path, (HeldPath, LossToPath)) and path.parameter:
            yield path.parameter
    for event in structure.dated_events:
        yield from (name for name, _ in event.constants if name)
        yield from (name for name, _ in event.ramps)
        yield from (name for name, _ in event.paths if name)
        yield from (name for name, _ in event.neighbours)
        if event.left:
            yield event.left
    yield from (c.retain for c in structure.choices if c.retain)
    yield from (f.parameter for f in structure.feedbacks)
    yield from (r.parameter for r in structure.capacities if r.parameter)
    yield from structure.uses
