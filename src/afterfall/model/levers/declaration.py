"""What a lever is: something that a government can change, with its effects, costs and side effects, as data.

A lever's *intensity* runs from 0 (none) through what is in force now to 1 (in full); each of the three is described in
words. Its effects are ratios on named rates *at full intensity relative to now*. They are known only as a distribution:
two percentiles, and the kind of evidence behind them. Half way from now to full, the log of the ratio is half as large;
below what is in force now the effect reverses in proportion. What a lever itself does (`zero`) ends without it: at half
of the present intensity the rate or the capacity is half, at zero it is zero. At the present intensity nothing changes,
to the bit.

Status of the evidence: ``observed`` (measured where it was done, without a comparison), ``quasi-experiment`` (with a
comparison), ``expert`` (a published judgement), ``assumption`` (ours). An effect that rests on judgement or assumption
must allow for no effect: its interval contains 1. No comparison can then be more certain than its evidence. A
``decision`` is not an effect but the government's own act, whose size is stated.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from afterfall.case.dates import PartialDate

Status = Literal["observed", "quasi-experiment", "expert", "assumption", "decision"]
STATUSES: tuple[Status, ...] = ("observed", "quasi-experiment", "expert", "assumption", "decision")
#: Evidence whose interval must contain a ratio of one.
UNPROVEN: tuple[Status, ...] = ("expert", "assumption")
#: Evidence that must have been published.
MEASURED: tuple[Status, ...] = ("observed", "quasi-experiment", "expert")
Scope = Literal["origin", "everywhere"]
SCOPES: tuple[Scope, ...] = ("origin", "everywhere")
Direction = Literal["more", "less"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """5th and 95th percentile of a ratio (or of an amount), and where they come from.

    Without `published` it is an assumption of the model, which is available at every as-of date.
    """

    low: float
    high: float
    status: Status
    source: str = ""
    published: PartialDate | None = None
    note: str = ""

    @property
    def summary(self) -> str:
        """The status, followed by the note if there is one."""
        return f"{self.status}: {self.note}" if self.note else self.status

    def known_by(self, day: dt.date) -> bool:
        """Whether it was public on a day."""
        return self.published is None or self.published.last_day <= day


def latest(evidence: tuple[Evidence, ...], day: dt.date) -> Evidence:
    """The evidence that counts on a day: the latest published by then, else the assumption of the model."""
    known = [e for e in evidence if e.known_by(day)]
    return max(known, key=lambda e: e.published.last_day if e.published else dt.date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A ratio on some rates. `rates` are names of rates of the model; a trailing ``*`` matches any ending.

    With `zero` the rates are zero at intensity zero.
    """

    name: str
    description: str
    rates: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    zero: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChange:
    """What the lever buys: a capacity `times` as large in full as now. It is a choice, so it has no distribution.

    With `zero` there is none at intensity zero.
    """

    capacity: str
    description: str
    times: float
    zero: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the lever costs: `evidence` is an amount in `unit` for each of `per`.

    `per` is a quantity of the model (each person-month of a stock, each person of a counter) or ``month`` (each month
    in full force, in proportion to the distance of the intensity from now).
    """

    name: str
    unit: str
    per: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideEffect:
    """A possible side effect, and where it would show: a quantity of the model, and the adverse direction."""

    name: str
    description: str
    quantity: str
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The intensity in words: none, as now, in full."""

    none: str
    now: str
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """Something that a government can change.

    Attributes
    ----------
    name, title
        Short name, and name to show.
    scope
        ``origin``: set by a country for its own people; ``everywhere``: for everyone.
    published
        When such a policy was public as an option. If that is after the as-of date, only named counterfactuals may use
        it.
    words
        The meaning of intensity 0, now and 1.
    policy_kinds
        Kinds of policies of a case that are this lever, already in force.
    repeal_kinds
        Kinds of policies by which an origin gives up what this lever does: its intensity now is then 0.
    now, now_in_force
        The intensity now, without and with such a policy in force.
    ramp
        Months from the start until it is in full force.
    effects, capacities, costs, side_effects
        What it changes, buys, costs and risks.
    """

    name: str
    title: str
    scope: Scope
    published: PartialDate
    source: str
    words: Words
    policy_kinds: tuple[str, ...]
    repeal_kinds: tuple[str, ...]
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
    """A named list of levers. A `counterfactual` may use what was not yet public; every output says so."""

    name: str
    title: str
    published: PartialDate
    source: str
    counterfactual: bool
    lines: tuple[Planned, ...]
