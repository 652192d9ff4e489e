"""Breaks and collapses of custody after the as-of date, at the rates of the reference class.

In a case with custody events, each site u of custody (`learned_breaks`) of captor i, with custodian k, has breaks of 20
people or more, one after another and `MOST` at most, and each captor has one collapse of all its custody::

    breaks at u      R[i] (1 - c) share[u] / 12       a month: R breaks a year, c the chance that one is a collapse
    collapse of i    R[i] c / 12                      a month

A break at u moves those whom k holds, in its month::

    hazard = -log(1 - part[u] f)          f: share of a site that gets out, part: of its custodian's people at the site

to the state `broken_out_k`. Of these the share r is retaken by k, the others go to those of unknown whereabouts::

    retaken  a r        gone  a (1 - r)        a month,   a: 90 % from 0.25 to 1, an assumption ("within a year")

In a collapse the share f of all whom captor i holds go there at once, and the rest are handed over to the other captors
of its country, with the weights of capture; where there are none they stay. The two compete with a total hazard of
`AT_ONCE` in that month. R, c, f and r are draws of the posterior of the class, f and r those of one further break; each
site has its own f in each simulation, for all its breaks.

Assumptions: neither guards, stock nor the war change the rate, since the class has no exposure by these. All roles and
origins at a site have one share. Single escapes stay a constant hazard (`detention.escape`), transfers too
(`detention.moved`). Releases and amnesties of the class are of nationals and are left out. In a case without custody
events, or without captors, nothing is added. Sources: `custody.csv`. Unit: the month.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.path_vocabulary import HeldPath, LossPath, Path
from afterfall.model.language.vocabulary import (
    Choice,
    DatedEvent,
    Parameter,
    Part,
    Rate,
    State,
    Term,
    Times,
    Transition,
)
from afterfall.model.mechanisms.capture import Captor, captors, custody_ways, detained_state
from afterfall.model.mechanisms.custody_events import UNRECORDED, may_break
from afterfall.model.mechanisms.learned_breaks import (
    UNCOUNTED_SITE,
    CaptorRisk,
    HeldSite,
    captor_risks,
    held_sites,
    outcomes,
)
from afterfall.model.mechanisms.learned_retaking import steady
from afterfall.reference.break_outcomes import BreakOutcomes

BREAK, COLLAPSE = "custody_break", "custody_collapse"
#: Breaks of one site in one simulation at most, and words for them.
MOST, ORDER = 3, ("", ", a second", ", a third")
#: Hazard of leaving, in its month, the custody that collapses; hazard of leaving `broken_out`, low and high.
AT_ONCE, SETTLING = 8.0, (0.25, 1.0)
MONTHS_A_YEAR, LEAST_RATE = 12.0, 1e-9
LEVELS = (0.05, 0.95)


def future_breaks(view: CaseView) -> Part:
    """States, moves, events and parameters of breaks to come; nothing in a case without custody events."""
    if not may_break(view):
        return Part()
    risks, sites, known = captor_risks(view), held_sites(view), outcomes(view)
    custodians = tuple(dict.fromkeys(site.custodian for site in sites))
    joint = (*_rates(view, risks, known), *(_out(site, known) for site in sites), _settled(known))
    joint += tuple(_fallen(risk.captor, known, bool(successors(view, risk.captor))) for risk in risks)
    return Part(
        states=tuple(State(broken_out(k), f"out since a break: {view.name(k)}", UNRECORDED) for k in custodians),
        transitions=(
            *(_breaks(site) for site in sites),
            *(move for k in custodians for move in _settles(k)),
            *(move for risk in risks for move in _collapses(view, risk.captor)),
        ),
        parameters=tuple(_parameter(name, j.rows[:, i], view) for j in joint for i, name in enumerate(j.names)),
        paths=tuple(path for name, events in _series(view, sites).items() for path in _counted(name, events)),
        dated_events=(*_of_sites(sites), *(_of_captor(view, risk) for risk in risks)),
        joint=joint,
    )


def broken_out(custodian: str) -> str:
    """Name of the state of those who got out of a custodian's prisons or camps in a break."""
    return f"broken_out_{custodian}"


def break_event(site: str, number: int = 1) -> str:
    """Name of the first (second, ...) break at a site."""
    return f"{BREAK}.{site}.{number}"


def collapse_event(captor: str) -> str:
    """Name of the collapse of a captor's custody, by its first custodian."""
    return f"{COLLAPSE}.{captor}"


def successors(view: CaseView, captor: Captor) -> tuple[str, ...]:
    """Custodians to which a captor's people are handed over: those of other captors of the same country."""
    ground = set(captor.ground)
    others = [c for c in captors(view) if c != captor and ground & set(c.ground)]
    return tuple(k for other in others for k in other.custodians)


def _of_sites(sites: Sequence[HeldSite]) -> list[DatedEvent]:
    return [
        DatedEvent(
            break_event(site.code, j),
            f"break of custody at {site.label}{ORDER[j - 1]}",
            None,
            ((f"{BREAK}.rate.{site.captor}", 1.0), (None, math.log(site.share))),
            kind="custody",
            after=break_event(site.code, j - 1) if j > 1 else "",
        )
        for site in sites
        for j in range(1, MOST + 1)
    ]


def _of_captor(view: CaseView, risk: CaptorRisk) -> DatedEvent:
    first = risk.captor.custodians[0]
    names = "; ".join(view.name(k) for k in risk.captor.custodians)
    constants = ((f"{COLLAPSE}.rate.{first}", 1.0),)
    return DatedEvent(collapse_event(first), f"collapse of custody: {names}", None, constants, kind="custody")


def _series(view: CaseView, sites: Sequence[HeldSite]) -> dict[str, list[str]]:
    """Events that each path counts, by the name of the path."""
    found = {f"breaks_{s.code}": [break_event(s.code, j) for j in range(1, MOST + 1)] for s in sites}
    return found | {f"collapse_{c.custodians[0]}": [collapse_event(c.custodians[0])] for c in captors(view)}


def _counted(name: str, events: Sequence[str]) -> tuple[Path, Path]:
    """A path that is one in a month with an event, else zero, of events that come one after another.

    Each event leaves the share 1/e of what is held, so that the loss in its month is one.
    """
    kept = math.exp(-1.0)
    weights = {event: kept**j * (1.0 - kept) for j, event in enumerate(events)}
    whole = HeldPath(f"{name}_left", f"{name}: what the events have left", weights, kept ** len(events))
    return whole, LossPath(name, f"{name}: events in the month", whole.name)


def _breaks(site: HeldSite) -> Transition:
    rate = Rate(f"breaks_out.{site.code}", (Term(f"{BREAK}.out.{site.code}"), Times(f"breaks_{site.code}")))
    source, label = detained_state(site.custodian), f"gets out in a break at {site.label}"
    counts = ("escaped", "broke_out")
    return Transition(source, broken_out(site.custodian), rate, "future_breaks", label, counts=counts)


def _settles(k: str) -> tuple[Transition, Transition]:
    back = Rate("broken_out.retaken", (Term("broken_out.retaken"),))
    gone = Rate("broken_out.gone", (Term("broken_out.gone"),))
    return (
        Transition(
            broken_out(k), detained_state(k), back, "future_breaks", "is retaken", back=True, counts=("retaken",)
        ),
        Transition(broken_out(k), UNRECORDED, gone, "future_breaks", "is not retaken"),
    )


def _collapses(view: CaseView, captor: Captor) -> list[Transition]:
    first, others = captor.custodians[0], successors(view, captor)
    path = Times(f"collapse_{first}")
    ways = {
        detained_state(k): terms
        for k in others
        if (terms := custody_ways(view, month_by_month=False).get(detained_state(k))) is not None
    }
    moves = []
    for k in captor.custodians:
        source = detained_state(k)
        out = Rate(f"collapse_out.{first}", (Term(f"{COLLAPSE}.out.{first}"), path))
        label = "gets out as custody collapses"
        moves.append(Transition(source, UNRECORDED, out, "future_breaks", label, counts=("escaped", "broke_out")))
        handed = Rate(f"collapse_handed.{first}", (Term(f"{COLLAPSE}.handed.{first}"), path))
        choice = Choice(f"handed.{source}", handed)
        moves += [
            Transition(
                *(source, dest, Rate(f"moved.{dest}", terms), "future_breaks", "is handed over as custody collapses"),
                choice=choice,
                back=True,
                counts=("handed_over",),
            )
            for dest, terms in ways.items()
        ]
    return moves


def _rates(view: CaseView, risks: Sequence[CaptorRisk], known: BreakOutcomes) -> list[JointDraws]:
    """Log rates a month of breaks and of collapses, of all captors together."""
    if not risks:
        return []
    chance = _mixed(known.collapse, 43)
    names, columns = [], []
    for risk in risks:
        rate, first = np.maximum(risk.rate, LEAST_RATE) / MONTHS_A_YEAR, risk.captor.custodians[0]
        names += [f"{BREAK}.rate.{first}", f"{COLLAPSE}.rate.{first}"]
        columns += [np.log(rate * (1.0 - chance)), np.log(rate * chance)]
    return [JointDraws(f"{BREAK}.rate", tuple(names), np.stack(columns, axis=1))]


def _out(site: HeldSite, known: BreakOutcomes) -> JointDraws:
    """Log hazard, in its month, of getting out of a site's custodian."""
    low, high = (math.log(x) for x in UNCOUNTED_SITE)
    steps = (np.arange(len(known.out)) + 0.5) / len(known.out)
    part = np.exp(low + (high - low) * _mixed(steps, 47)) if site.part is None else site.part
    name = f"{BREAK}.out.{site.code}"
    return JointDraws(name, (name,), np.log(-np.log1p(-part * known.out))[:, None])


def _fallen(captor: Captor, known: BreakOutcomes, handed: bool) -> JointDraws:
    """Log hazards, in the month of a collapse, of getting out and of being handed over."""
    first, f = captor.custodians[0], known.out
    name = f"{COLLAPSE}.out.{first}"
    if not handed:
        return JointDraws(name, (name,), np.log(-np.log1p(-f))[:, None])
    rows = np.stack([np.log(AT_ONCE * f), np.log(AT_ONCE * (1.0 - f))], axis=1)
    return JointDraws(name, (name, f"{COLLAPSE}.handed.{first}"), rows)


def _settled(known: BreakOutcomes) -> JointDraws:
    """Log hazards of being retaken and of being gone for good."""
    low, high = (math.log(x) for x in SETTLING)
    steps = (np.arange(len(known.retaken)) + 0.5) / len(known.retaken)
    pace, r = np.exp(low + (high - low) * _mixed(steps, 53)), known.retaken
    rows = np.stack([np.log(pace * r), np.log(pace * (1.0 - r))], axis=1)
    return JointDraws("broken_out", ("broken_out.retaken", "broken_out.gone"), rows)


def _mixed(values: Floats, seed: int) -> Floats:
    """The same values in an order that has nothing to do with that of other draws."""
    found: Floats = np.random.default_rng([1, seed]).permutation(values)
    return found


def _parameter(name: str, rows: Floats, view: CaseView) -> Parameter:
    """A parameter whose prior is that of the rows, for what shows one parameter alone."""
    low, high = (steady(float(x)) for x in np.exp(np.quantile(rows, LEVELS)))
    return Parameter(name, label_of(name, view), "a month", "log", low, high, derived="reference class of breaks")


def label_of(name: str, view: CaseView) -> str:
    """What a parameter of this mechanism is, in a few words."""
    what, _, code = name.removeprefix(f"{BREAK}.").removeprefix(f"{COLLAPSE}.").partition(".")
    sites = {site.code: site.label for site in held_sites(view)}
    where = sites.get(code) or (view.name(code) if code in view.custodians else code)
    if name.startswith("broken_out"):
        return "hazard of being retaken after a break" if name.endswith("retaken") else "hazard of staying out for good"
    event = "break of custody" if name.startswith(BREAK) else "collapse of custody"
    words = {
        "rate": f"hazard of a {event}: all that the captor holds, {where}",
        "out": f"hazard, in the month of a {event}, of getting out: {where}",
        "handed": f"hazard, in the month of a {event}, of being handed over: {where}",
    }
    return words[what]
