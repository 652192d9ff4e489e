"""Detention in and near the theatre, and the ways out of it.

For a custodian k (a prison or camp of the theatre, a state nearby)::

    repatriated   exp(repatriation.hazard + u[o]), limited by origin to the people whom the origin takes back a month
                  (by role and stated policy, where custody events are recorded: `repatriation_policy`)
    deported      exp(detention.deported[k]): sent home by the custodian, and known to the authorities on arrival
    moved         exp(detention.moved) to another custodian who takes prisoners, with the weights of capture
    sentenced     exp(detention.sentenced[k]) by the courts of the theatre,
                  and from there released home at exp(detention.released), known to the authorities on arrival
    escapes       exp(detention.escape), back to the remnants
    dies          exp(detention.death)

The capacity of repatriation is ``exp(repatriation.capacity)`` times one person a month per thousand travellers of the
origin; demand beyond it is unmet repatriation demand, an output. Structure that only hindsight suggests (mass
detention, camps, repatriation of families) is listed in the case's hindsight ledger, and scores that depend on it are
shown separately.

A state nearby that takes no ground in the theatre holds people stopped on the way, who are deported within weeks or
months. Custodians of the theatre deport few. A return is a repatriation, a deportation, or the person's own (`home`):
each has a counter, and the three sum to those who returned.

Assumptions: a repatriated adult is under assessment on arrival. Prison breaks are part of a constant hazard.
"""

from __future__ import annotations

from afterfall.case.captor_words import capturing
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import (
    Capacity,
    Choice,
    OriginEffect,
    Parameter,
    Part,
    Rate,
    RateTerm,
    State,
    Term,
    Transition,
)
from afterfall.model.mechanisms.capture import captors, custody_ways, detained_state
from afterfall.model.mechanisms.home import arrivals_home
from afterfall.model.mechanisms.ranks import KILLED, REMNANT
from afterfall.model.mechanisms.repatriation_policy import repatriation_terms

SENTENCED = "sentenced"
REPATRIATION = "repatriation"
DIED = ("killed_so_far", "died_in_custody")


def detention(view: CaseView) -> Part:
    """States of custody and the ways out."""
    states = tuple(State(detained_state(k), f"held: {view.name(k)}", "detained", "detained") for k in view.custodians)
    states += (State(SENTENCED, "sentenced by a court of the theatre", "detained", "detained"),)
    transitions = [move for k in view.custodians for move in (*_home(view, k), *_moved(view, k), *_stays(k))]
    dies = Rate("detention.death", (Term("detention.death"),))
    transitions.append(Transition(SENTENCED, KILLED, dies, "detention", "dies in custody", counts=DIED))
    released = Choice("released_sentenced", Rate("detention.released", (Term("detention.released"),)))
    transitions += arrivals_home(SENTENCED, released, "detention", "is released home", ("returned", "deported"))[:-1]
    capacity = Capacity(
        REPATRIATION,
        "repatriations that an origin accepts in a month",
        "repatriation.capacity",
        by_origin=True,
        limit=lambda origin: view.central_travelled(origin) / 1000.0,
    )
    return Part(states, tuple(transitions), parameters=_parameters(view), capacities=(capacity,))


def has_courts(view: CaseView, custodian: str) -> bool:
    """Whether the name of a custodian says that its prisoners are those of courts."""
    return "courts" in view.name(custodian).lower()


def _home(view: CaseView, k: str) -> list[Transition]:
    source = detained_state(k)
    own: tuple[RateTerm, ...] = (Term("repatriation.hazard"), OriginEffect("repatriation.origin_sd"))
    wanted = Rate("repatriation", (*own, *repatriation_terms(view)))
    deported = Rate(f"detention.deported.{k}", (Term(f"detention.deported.{k}"),))
    repatriated = arrivals_home(
        source,
        Choice(f"repatriated.{source}", wanted),
        "detention",
        "is repatriated",
        ("returned", "repatriated"),
        REPATRIATION,
    )
    sent = arrivals_home(
        source, Choice(f"deported.{source}", deported), "detention", "is deported home", ("returned", "deported")
    )
    return repatriated + sent


def _moved(view: CaseView, k: str) -> list[Transition]:
    source = detained_state(k)
    moved = Choice(f"moved.{source}", Rate("detention.moved", (Term("detention.moved"),)))
    return [
        Transition(source, dest, Rate(f"moved.{dest}", terms), "detention", "is moved", moved, back=True)
        for dest, terms in custody_ways(view, month_by_month=False).items()
        if dest != source
    ]


def _stays(k: str) -> list[Transition]:
    source = detained_state(k)
    sentenced = Rate(f"detention.sentenced.{k}", (Term(f"detention.sentenced.{k}"),))
    escapes = Rate("detention.escape", (Term("detention.escape"),))
    dies = Rate("detention.death", (Term("detention.death"),))
    counts = ("escaped",)
    return [
        Transition(source, SENTENCED, sentenced, "detention", "is sentenced", roles=frozenset({"fighter", "adult"})),
        Transition(source, REMNANT, escapes, "detention", "escapes", back=True, counts=counts),
        Transition(source, KILLED, dies, "detention", "dies in custody", counts=DIED),
    ]


def _parameters(view: CaseView) -> tuple[Parameter, ...]:
    rows: list[Parameter] = []
    takers, apart = capturing(view.case.places), bool(captors(view))
    for k in view.custodians:
        name = view.name(k)
        low, high = (5e-4, 0.1) if not apart else (5e-4, 0.03) if k in takers else (0.01, 0.5)
        tried = (5e-4, 0.1)
        if any(e.high != 0 for e in view.case.custody_events) and k in takers and not has_courts(view, k):
            tried = (1e-5, 1e-3)  # others than courts sentence few
        rows += [
            Parameter(
                f"detention.deported.{k}", f"hazard of being deported home by {name}", "a month", "log", low, high
            ),
            Parameter(f"detention.sentenced.{k}", f"hazard of being sentenced: {name}", "a month", "log", *tried),
        ]
    return (
        *rows,
        Parameter(
            "repatriation.hazard", "hazard at which an origin would take its people back", "a month", "log", 5e-4, 0.05
        ),
        Parameter("repatriation.origin_sd", "spread of that hazard between origins", "log", "positive", 0.5, 2.0),
        Parameter(
            "repatriation.capacity",
            "people an origin takes back a month, for a thousand who travelled",
            "people",
            "log",
            0.2,
            20.0,
        ),
        Parameter(
            "detention.released", "hazard of release home after a sentence in the theatre", "a month", "log", 5e-4, 0.02
        ),
        Parameter("detention.moved", "hazard of being moved to another custodian", "a month", "log", 3e-4, 0.02),
        Parameter("detention.escape", "hazard of escaping", "a month", "log", 3e-4, 0.01),
        Parameter("detention.death", "hazard of dying in custody", "a month", "log", 2e-4, 0.005),
    )
