"""Revocation: losing citizenship while held in or near the theatre, which rules out repatriation and deportation home.

An adult in custody k, or sentenced there, after the as-of date::

    loses it   exp(revocation.hazard), split stateless : another nationality as exp(revocation.stateless) : 1
    and then   escapes exp(detention.escape), dies exp(detention.death), as the others who are held

Nobody who has lost it is repatriated, deported home or released home: the ways home in `detention` lead only out of the
custodians' states. Nothing happens here before the as-of date: revocations by then are reflected in the figures of
those who did not return. Where an origin has repealed the power by the as-of date (a policy of kind
`revocation_repealed`, unless it took the power again later), its people do not lose it: the hazard is zero until a
lever is set above zero.

Assumptions: children keep their citizenship (some states revoked that of children too). People at large do not lose it,
since a decision that cannot be enforced moves nobody. How many have another nationality is unknown, so the split is
wide. The hazard is a decision of governments: its prior says that few had taken it by early 2017.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from afterfall.case import Case
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import SeriesPath
from afterfall.model.language.vocabulary import (
    ADULTS,
    FORECAST,
    Choice,
    Cohort,
    Parameter,
    Part,
    Rate,
    State,
    Term,
    Times,
    Transition,
)
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.detention import DIED, SENTENCED
from afterfall.model.mechanisms.ranks import KILLED, REMNANT

STATELESS, REVOKED = "stateless", "revoked"
WAYS = {
    STATELESS: ("held, citizenship lost and no other", (Term("revocation.stateless"),)),
    REVOKED: ("held, citizenship lost, another left", ()),
}
#: Kinds of policies that give the power and that take it away, and the feature of people of an origin without it.
GIVEN, REPEALED, NO_POWER = "revocation", "revocation_repealed", f"{FORECAST}no_power_to_revoke"
#: The log of what stands for zero where logs are added.
NEVER = math.log(1e-20)


def repealed(case: Case, origin: str) -> str:
    """Name of the policy by which an origin has no power to revoke citizenship on the as-of date; empty where none.

    Of several laws in force, the one that began last counts.
    """
    laws = [p for p in case.policies if p.kind in (GIVEN, REPEALED) and p.place == origin and not p.end]
    last = max(laws, key=lambda p: ((p.start or p.published).last_day, p.policy), default=None)
    return last.policy if last is not None and last.kind == REPEALED else ""


def revocation(view: CaseView) -> Part:
    """Two states of people without their citizenship, the way in and the ways out."""
    none = any(repealed(view.case, origin) for origin in view.origins)
    closed = (Term(None, NO_POWER),) if none else ()
    hazard = Rate("revocation", (Term("revocation.hazard"), *closed, Times("after_as_of")))
    transitions = []
    for source in (*(detained_state(k) for k in view.custodians), SENTENCED):
        loses = Choice(f"revoked.{source}", hazard)
        for dest, (_, terms) in WAYS.items():
            rate, label, counts = Rate(f"revoked.{dest}", terms), "loses citizenship", ("lost_citizenship",)
            transitions.append(Transition(source, dest, rate, "revocation", label, loses, roles=ADULTS, counts=counts))
    for state in WAYS:
        escapes, dies = (Rate(name, (Term(name),)) for name in ("detention.escape", "detention.death"))
        out = ("escaped",)
        transitions += [
            Transition(state, REMNANT, escapes, "revocation", "escapes", roles=ADULTS, back=True, counts=out),
            Transition(state, KILLED, dies, "revocation", "dies in custody", roles=ADULTS, counts=DIED),
        ]
    return Part(
        tuple(State(name, label, "detained", "detained") for name, (label, _) in WAYS.items()),
        tuple(transitions),
        parameters=_parameters(),
        features={NO_POWER: _no_power(view)} if none else {},
        paths=(SeriesPath("after_as_of", "after the as-of date", lambda month: float(month > 0)),),
    )


def _no_power(view: CaseView) -> Callable[[Cohort], float]:
    without = {origin for origin in view.origins if repealed(view.case, origin)}
    return lambda cohort: NEVER if cohort.origin in without else 0.0


def _parameters() -> tuple[Parameter, ...]:
    hazard = "hazard of an adult held abroad losing citizenship, no more being done than now"
    return (
        Parameter("revocation.hazard", hazard, "a month", "log", 1e-5, 1e-3),
        Parameter("revocation.stateless", "stateless for each who has another nationality", "ratio", "log", 0.05, 5.0),
    )
