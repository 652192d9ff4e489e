"""The types of which mechanisms are made: states, transitions, rates, parameters, quantities.

A mechanism is a function from a `CaseView` to a `Part`: a few states, the transitions between them, the rates of those
transitions as sums of named terms, and the parameters that the terms name. Nothing is computed here; `build` lowers all
parts together to the arrays of the engine.

A rate is log-linear. ``Rate("ranks.killed", (Term("killing.fighter", "role:fighter"), OnPath("killing.campaign",
"campaign")))`` means: the log of the monthly hazard is the first parameter, for fighters, plus the second times the
intensity of the campaign in that month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.path_vocabulary import Path

Role = Literal["fighter", "adult", "minor", "born"]
#: Roles of those who travelled.
ROLES: tuple[Role, ...] = ("fighter", "adult", "minor")
#: All roles, in the order of an origin's cohorts: children born in the theatre come last, and never travelled there.
EVERY_ROLE: tuple[Role, ...] = (*ROLES, "born")
#: The roles of the mothers and the fathers of those born in the theatre.
MOTHERS: Role = "adult"
FATHERS: Role = "fighter"
MINORS: frozenset[Role] = frozenset({"minor", "born"})
ADULTS: frozenset[Role] = frozenset({"fighter", "adult"})
FIGHTERS: frozenset[Role] = frozenset({"fighter"})

#: How a parameter's natural value reaches a rate: ``log`` and ``logit`` are passed transformed, the others unchanged.
Scale = Literal["log", "logit", "natural", "positive", "share"]
Fate = str


#: How a feature's name begins whose terms belong to rates of the forecast only: no fit has them.
FORECAST = "forecast:"


@dataclass(frozen=True, slots=True)
class Cohort:
    """People of one origin and role. `origin` is a place code, or a region in the history program."""

    origin: str
    role: Role
    region: str


@dataclass(frozen=True, slots=True)
class State:
    """Where a person can be. `fate` is the code of the pathway or other fate that counts the state."""

    name: str
    label: str
    fate: Fate
    stage: str = "theatre"


@dataclass(frozen=True, slots=True)
class Term:
    """``parameter * cohort feature``. Without a parameter the coefficient is one; the default feature is one too."""

    parameter: str | None
    feature: str = "one"


@dataclass(frozen=True, slots=True)
class OnPath:
    """``parameter * path[t]``; without a parameter the coefficient is one."""

    parameter: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Times:
    """The rate is multiplied by ``path[t]`` itself: a zero closes it."""

    path: str


@dataclass(frozen=True, slots=True)
class OriginEffect:
    """``sd * z[origin]`` with one standard normal z per origin; `parameter` names the standard deviation."""

    parameter: str


@dataclass(frozen=True, slots=True)
class OnRamp:
    """``parameter * ramp[t]`` for the origins of the ramp, zero for the others; in the forecast only."""

    parameter: str
    ramp: str


@dataclass(frozen=True, slots=True)
class RegionEffect:
    """``sd * z[region]`` with one standard normal z per region; `parameter` names the standard deviation.

    Origins share their region's effect, in the past and in the forecast. The product is a column of the draws,
    ``killing.region_sd[balkans]``, so that a fit can estimate it.
    """

    parameter: str


RateTerm = Term | OnPath | Times | OriginEffect | RegionEffect | OnRamp


@dataclass(frozen=True, slots=True)
class Rate:
    """A log-linear rate (hazard a month, weight, or people a month). Rates with one name are one row of the engine."""

    name: str
    terms: tuple[RateTerm, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One exit that splits over several ways, with a total hazard.

    `retain` names rho, the share by which people stay when a way closes; otherwise they take the other ways.
    """

    name: str
    rate: Rate
    retain: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A move of people from `source` to `dest`. In a `choice`, `rate` is the weight of this way among the others.

    `roles` and `origins` limit who can make the move (None: everyone). `capacity` names what limits it. `back` marks a
    move against the order of the states (escape, relapse, departing again), which arrives in the next half month.
    `counts` names the counters that count the move.
    """

    source: str
    dest: str
    rate: Rate
    mechanism: str
    label: str
    choice: Choice | None = None
    capacity: str | None = None
    roles: frozenset[Role] | None = None
    origins: frozenset[str] | None = None
    back: bool = False
    counts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inflow:
    """People of `roles` who enter the ledger: `rate` of them a month.

    With states in `per`, `rate` for each person of the role `MOTHERS` of their origin who is in one of these (of the
    role `FATHERS` where `by_fathers`). In the forecast it is of `origins` only (None: of all). In the history an inflow
    is of all origins, and one that is not `past` does not exist.
    """

    state: str
    rate: Rate
    mechanism: str
    label: str
    counts: tuple[str, ...] = ()
    origins: frozenset[str] | None = None
    past: bool = True
    roles: frozenset[Role] = frozenset(ROLES)
    per: tuple[str, ...] = ()
    by_fathers: bool = False


@dataclass(frozen=True, slots=True)
class Passing:
    """People of one role who at the end of a month take another, with hazard `rate`, in the states of `stages`.

    Where `into` has two roles, each takes one of them with even chances.
    """

    role: Role
    into: tuple[Role] | tuple[Role, Role]
    rate: Rate
    stages: frozenset[str]
    mechanism: str
    label: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """The response of a rate to a total at the start of the month: ``parameter * log1p(total / scale)``.

    The total is the number of people in `states`; `scale` is in people. With `past` false it acts in the forecast
    only.
    """

    rate: str
    parameter: str
    total: str
    states: tuple[str, ...]
    scale: float
    past: bool = True


@dataclass(frozen=True, slots=True)
class Capacity:
    """A limit on transitions: ``exp(parameter) * limit`` for an origin, or for all origins together when shared.

    The limit is in people a month, or in places where `places` names the states that take them up. With `past` false
    it acts in the forecast only.
    """

    name: str
    label: str
    parameter: str | None
    by_origin: bool
    limit: Callable[[str], float]
    places: tuple[str, ...] = ()
    past: bool = True


@dataclass(frozen=True, slots=True)
class Ramp:
    """How far a policy is in force: `values` maps a month to a number, from 0 as on the as-of date to 1 in full.

    It applies to `origins` (None: to everyone), and only after the as-of date.
    """

    name: str
    values: Callable[[int], float]
    origins: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Widening:
    """A capacity is multiplied by ``times ** ramp[t]`` for the origins of the ramp."""

    capacity: str
    times: float
    ramp: str


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """An event that happens once, in some month. `fired` is that month when known (0: at or before the as-of date).

    `left` names a parameter b: the hazard is multiplied by the share of the model's open events that is left, to the
    power of -b. For events that are `counted` it is the share of those alone; for the others, that of all.

    `kind` is what happens: a ``stronghold`` is lost, or ``custody`` breaks (`custody_breaks`). An event that comes
    `after` another has no hazard before the month after that. `ramps` are a parameter and a policy's ramp each.
    """

    name: str
    label: str
    fired: int | None
    constants: tuple[tuple[str | None, float], ...]
    paths: tuple[tuple[str | None, str], ...] = ()
    neighbours: tuple[tuple[str, Mapping[str, float]], ...] = ()
    left: str = ""
    counted: bool = True
    kind: Literal["stronghold", "custody"] = "stronghold"
    after: str = ""
    ramps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named unknown of the model.

    `low` and `high` are the 5th and 95th percentile, on the natural scale, of the default prior, which is used where
    the case gives no sourced one. It is wide and labelled ``uninformed``. `derived` explains a prior that is computed
    from the case's own figures before the as-of date.
    """

    name: str
    label: str
    unit: str
    scale: Scale
    low: float
    high: float
    derived: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that the model predicts: people in some states (a stock), or moves made so far (a counter)."""

    name: str
    label: str
    kind: Literal["stock", "counter"]
    definition: str
    group: Literal["pathway", "fate", "detail", "place", "counter", "containment"]
    states: frozenset[str] = frozenset()
    roles: frozenset[Role] | None = None
    hindsight: bool = False

    @property
    def unit(self) -> str:
        """``people`` for a stock, ``people so far`` for a counter."""
        return "people" if self.kind == "stock" else "people so far"


@dataclass(frozen=True, slots=True)
class Part:
    """What one mechanism adds to the model.

    `uses` names parameters that are used outside any rate; `joint` are draws of parameters that belong together.
    """

    states: tuple[State, ...] = ()
    transitions: tuple[Transition, ...] = ()
    inflows: tuple[Inflow, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    features: Mapping[str, Callable[[Cohort], float]] = field(default_factory=dict)
    paths: tuple[Path, ...] = ()
    dated_events: tuple[DatedEvent, ...] = ()
    feedbacks: tuple[Feedback, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    uses: tuple[str, ...] = ()
    passings: tuple[Passing, ...] = ()
    joint: tuple[JointDraws, ...] = ()
