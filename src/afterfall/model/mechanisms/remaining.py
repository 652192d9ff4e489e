"""Remaining: what becomes of the ranks as territory is lost.

People leave the ranks where ground is lost, unless they withdraw to ground that is still held (control C[t], the share
of all ground ever held)::

    leave the ranks  h = dH[t] * (1 - C[t]) ** p,   p = fall.withdrawal (+ fall.withdrawal_family for families)
                     and within about a month once no ground is held (`adrift`)

dH[t] is the relative loss, in the month, of the ground on which the ranks live (`territory`). With p = 0 nobody
withdraws: with no other exit, ranks[t] / ranks[0] = C[t] / C[0]. The larger p, the more of the ranks are lost with the
last ground. The prior of p rests on no source and is wide (90 % of it from 0.1 to 10): when a tenth of the ground is
left, and with no other exit, 12 to 83 % of the ranks are. This is one exposure for all that can happen, so a collapse
within a month kills as well as captures. Those who leave the ranks are split (role r is fighter or family) with log
weights::

    go underground    0
    captured by k     captured[r] + cornered * log C[t] + log weight of custodian k in the month (`capture`) + noise[t]
    killed            killed[r] + v[region] + k1 * campaign[t] + noise[t]        as in `ranks`
    flee the theatre  out[r] + leaving[r] + l2 * log C[t] + way[t]             as in `exit_choice`

The less ground is left, the fewer can hide or flee: `cornered` (from -1 to 0) is the elasticity of capture to the share
of all ground still held. Two ends of wars show how far apart these are. Of the foreigners in Afghanistan in late 2001,
who could cross into Pakistan, some 560 were taken to Guantanamo of two to three thousand. In Sri Lanka in May 2009,
with the sea behind them, some 12,000 of the Tamil Tigers were held, and few got away (both recalled from general
reports).

Families are moved to the rear sooner than fighters withdraw. Of the civilians under the Tamil Tigers in early 2009
nearly all went with the shrinking ground to its last strip, some 290,000 of 330,000 or more (United Nations Panel of
Experts on Sri Lanka, 2011); families of foreigners were taken from Manbij before it was encircled (reports of June
2016). Both are recalled, and say little of how many: what is added to p has a prior as wide as that of p itself.

Families do not fight on. Their priors say that few go underground and that most are captured: they follow the fate of
the ground on which they live. ``leaving[r]`` is how much less than fighters women and minors leave at any time: what
keeps them from leaving before the fall keeps them during it. Remnants follow the same equations as the ranks, with
their own intercepts (`ranks`, `exit_choice`, `dispatch`).

Assumptions: leaving the ranks is independent of origin; the split depends on the role. The split is weakly
informed, with stated wide priors. Of the foreigners in Afghanistan in late 2001 some were killed, some captured, and
more escaped; no count is firm. Re-founding, recruitment of locals and recapture of towns belong to the mechanisms of
organisations.
"""

from __future__ import annotations

from dataclasses import replace

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import (
    EVERY_ROLE,
    FIGHTERS,
    Choice,
    OnPath,
    Parameter,
    Part,
    Rate,
    RateTerm,
    RegionEffect,
    Role,
    State,
    Term,
    Times,
    Transition,
)
from afterfall.model.mechanisms.capture import custody_ways
from afterfall.model.mechanisms.exit_choice import ENCIRCLED, FAMILIES_LEAVE, LYING_LOW, WAY
from afterfall.model.mechanisms.ranks import KILLED, REMNANT
from afterfall.model.mechanisms.recruitment import RANKS

#: How capture rises as the ground held shrinks.
CORNERED = OnPath("fall.cornered", "log_ground")
#: The roles of families.
FAMILIES: frozenset[Role] = frozenset(EVERY_ROLE) - FIGHTERS
#: What can happen to those whose ground is lost, with prior ranges for fighters and for families, each for one who
#: goes underground.
FALLS: dict[str, tuple[str, tuple[float, float], tuple[float, float]]] = {
    "captured": ("captured where ground is lost", (0.03, 0.6), (1.0, 20.0)),
    "killed": ("killed where ground is lost, no campaign", (0.05, 0.6), (0.01, 0.3)),
    "out": ("out of the theatre as ground is lost", (0.02, 0.4), (0.2, 5.0)),
}


def remaining(view: CaseView) -> Part:
    """The state of remnants, the way into it, and the other ways of those whose ground is lost."""
    loss: tuple[RateTerm, ...] = (Times("loss"), OnPath("fall.withdrawal", "log_lost"))
    hazards: dict[str, tuple[Rate, frozenset[Role] | None]] = {
        "fall": (Rate("collapse", loss), FIGHTERS),
        "fall_family": (Rate("collapse.family", (*loss, OnPath("fall.withdrawal_family", "log_lost"))), FAMILIES),
        "adrift": (Rate("adrift", (Times("adrift"),)), None),
    }
    transitions = [
        move
        for state in RANKS
        for name, (hazard, roles) in hazards.items()
        for move in _ways(view, state, Choice(f"{name}.{state}", hazard), roles)
    ]
    state = State(REMNANT, "underground in the theatre after the fall", "remain")
    return Part((state,), tuple(transitions), parameters=_parameters())


def _ways(view: CaseView, state: str, choice: Choice, roles: frozenset[Role] | None) -> list[Transition]:
    underground = Rate("fall.underground", ())
    killed: tuple[RateTerm, ...] = (RegionEffect("killing.region_sd"), OnPath("killing.campaign", "campaign"))
    dies = Rate("fall.killed", (*_split("killed"), *killed, OnPath(None, "noise_killing")))
    flees = Rate("fall.out", (*_split("out"), *FAMILIES_LEAVE, ENCIRCLED, *WAY))
    moves = [
        Transition(state, REMNANT, underground, "remaining", "goes underground", choice),
        Transition(state, KILLED, dies, "remaining", "is killed as ground is lost", choice, counts=("killed_so_far",)),
        Transition(state, LYING_LOW, flees, "remaining", "flees as ground is lost", choice),
    ]
    for held, terms in custody_ways(view).items():
        taken = Rate(f"fall.{held}", (*_split("captured"), CORNERED, *terms, OnPath(None, "noise_capture")))
        moves.append(
            Transition(state, held, taken, "remaining", "is captured as ground is lost", choice, counts=("captured",))
        )
    return [replace(move, roles=roles) for move in moves]


def _split(what: str) -> tuple[Term, Term]:
    return Term(f"fall.{what}.fighter", "role:fighter"), Term(f"fall.{what}.family", "family")


def _parameters() -> tuple[Parameter, ...]:
    rows = []
    for what, (label, fighters, families) in FALLS.items():
        for who, people, (low, high) in (("fighter", "fighters", fighters), ("family", "families", families)):
            free = " if they left as freely as fighters" if (what, who) == ("out", "family") else ""
            text = f"{people} {label}{free}, for each who goes underground"
            rows.append(Parameter(f"fall.{what}.{who}", text, "ratio", "log", low, high))
    withdrawal = "how far people withdraw while ground is left (0: not at all)"
    rows.append(Parameter("fall.withdrawal", withdrawal, "exponent", "positive", 0.1, 10.0))
    cornered = "how capture where ground is lost rises as the ground held shrinks (elasticity to the share held)"
    rows.append(Parameter("fall.cornered", cornered, "log a log", "natural", -1.0, 0.0))
    more = "how much further families withdraw than fighters"
    return (*rows, Parameter("fall.withdrawal_family", more, "exponent", "positive", 0.1, 10.0))
