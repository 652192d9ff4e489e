"""What a lever is: something a government can change, with its effects, costs and side effects, as data.

A lever's *intensity* runs from 0 (none of it) over what is in force now to 1 (in full), each said in words. Its effects
are ratios on named rates *at full intensity against now*, known only as a distribution: two percentiles, and what kind
of evidence stands behind them. Half way from now to full the log of the ratio is half as large; below what is in force
now the effect turns around, as far as the intensity is taken back. At the intensity now nothing changes, to the bit.

Status of the evidence, from strongest to weakest: ``observed`` (measured where it was done, no comparison),
``quasi-experiment`` (with a comparison), ``expert`` (a published judgement), ``assumption`` (ours). An effect that
rests on judgement or assumption must leave room for none at all: its interval holds 1. So no comparison can be more
certain than its evidence. A ``decision`` is no effect at all: it is the government's own act, whose size is stated.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from afterfall.case.dates import PartialDate

Status = Literal["observed", "quasi-experiment", "expert", "assumption", "decision"]
STATUSES: tuple[Status, ...] = ("observed", "quasi-experiment", "expert", "assumption", "decision")
#: Evidence whose interval must hold a ratio of one.
UNPROVEN: tuple[Status, ...] = ("expert", "assumption")
#: Evidence that someone must have published.
MEASURED: tuple[Status, ...] = ("observed", "quasi-experiment", "expert")
Scope = Literal["origin", "everywhere"]
SCOPES: tuple[Scope, ...] = ("origin", "everywhere")
Direction = Literal["more", "less"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """5th and 95th percentile of a ratio (or of an amount), and where they come from.

    Without `published` it is an assumption of the model's own, which no as-of date drops.
    """

    low: float
    high: float
    status: Status
    source: str = ""
    published: PartialDate | None = None
    note: str = ""

    @property
    def summary(self) -> str:
        """The status, with the note where there is one."""
        return f"{self.status}: {self.note}" if self.note else self.status

    def known_by(self, day: dt.date) -> bool:
        """Whether it was public on a day."""
        return self.published is None or self.published.last_day <= day


def latest(evidence: tuple[Evidence, ...], day: dt.date) -> Evidence:
    """What counts on a day: the latest published by then, else the model's own assumption."""
    known = [e for e in evidence if e.known_by(day)]
    return max(known, key=lambda e: e.published.last_day if e.published else dt.date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A ratio on some rates. `rates` are names of rates of the model; a trailing ``*`` stands for any ending."""

    name: str
    description: str
    rates: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChange:
    """What the lever buys: a ration `times` as wide in full as now. How much is a choice, so it has no distribution."""

    capacity: str
    description: str
    times: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it takes: `evidence` is an amount in `unit` for each of `per`.

    `per` is a quantity of the model (each person-month of a stock, each person of a counter) or ``month`` (each month
    in full, in proportion to how far the lever is from now).
    """

    name: str
    unit: str
    per: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideEffect:
    """What else the lever may do, and where to see it: a quantity of the model, and the direction feared."""

    name: str
    description: str
    quantity: str
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The intensity in words: none of it, as now, in full."""

    none: str
    now: str
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """Something a government can change.

    Attributes
    ----------
    name, title
        Short name, and name to show.
    scope
        ``origin``: a country's own, for its own people; ``everywhere``: for everyone.
    published
        When such a policy was public as an option; after the as-of date it enters named counterfactuals alone.
    words
        What intensity 0, now and 1 mean.
    policy_kinds
        Kinds of policies of a case that are this lever, already in force.
    now, now_in_force
        The intensity now, without and with such a policy in force.
    ramp
        Months from the start until it is in full force.
    effects, capacities, costs, side_effects
        What it does, buys, takes and risks.
    """

    name: str
    title: str
    scope: Scope
    published: PartialDate
    source: str
    words: Words
    policy_kinds: tuple[str, ...]
    now: float
    now_in_force: float
    ramp: int
    effects: tuple[Effect, ...]
    capacities: tuple[CapacityChange, ...]
    costs: tuple[Cost, ...]
    side_effects: tuple[SideEffect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A line of a package: a lever by name, its intensity, and from when (None: the month after the as-of date)."""

    lever: str
    intensity: float
    start: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A named list of levers. A `counterfactual` may use what was not yet public, and says so wherever it is shown."""

    name: str
    title: str
    published: PartialDate
    source: str
    counterfactual: bool
    lines: tuple[Planned, ...]
