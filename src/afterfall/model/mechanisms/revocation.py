"""Revocation: losing citizenship while held in or near the theatre, which rules out repatriation and deportation home.

An adult in custody k, or sentenced there, after the as-of date::

    loses it   exp(revocation.hazard), split stateless : another nationality as exp(revocation.stateless) : 1
    and then   escapes exp(detention.escape), dies exp(detention.death), as the others who are held

Nobody who has lost it is repatriated, deported home or released home: the ways home in `detention` lead only out of the
custodians' states. Nothing happens here before the as-of date: revocations by then are reflected in the figures of
those who did not return.

Assumptions: children keep their citizenship (some states revoked that of children too). People at large do not lose it,
since a decision that cannot be enforced moves nobody. How many have another nationality is unknown, so the split is
wide. The hazard is a decision of governments: its prior says that few had taken it by early 2017.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import SeriesPath
from afterfall.model.language.vocabulary import ADULTS, Choice, Parameter, Part, Rate, State, Term, Times, Transition
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.detention import DIED, SENTENCED
from afterfall.model.mechanisms.ranks import KILLED, REMNANT

STATELESS, REVOKED = "stateless", "revoked"
WAYS = {
    STATELESS: ("held, citizenship lost and no other", (Term("revocation.stateless"),)),
    REVOKED: ("held, citizenship lost, another left", ()),
}


def revocation(view: CaseView) -> Part:
    """Two states of people without their citizenship, the way in and the ways out."""
    hazard = Rate("revocation", (Term("revocation.hazard"), Times("after_as_of")))
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
        paths=(SeriesPath("after_as_of", "after the as-of date", lambda month: float(month > 0)),),
    )


def _parameters() -> tuple[Parameter, ...]:
    hazard = "hazard of an adult held abroad losing citizenship, no more being done than now"
    return (
        Parameter("revocation.hazard", hazard, "a month", "log", 1e-5, 1e-3),
        Parameter("revocation.stateless", "stateless for each who has another nationality", "ratio", "log", 0.05, 5.0),
    )
