"""Transit: two stages of travel, and interception.

The journey is Erlang-2 (two equal stages): its spread around the mean is smaller than that of memoryless travel. In
each stage::

    on       s = exp(transit.speed)                                  to the next stage, or to arrival
    stopped  i = exp(transit.intercepted + transit.border * border controls in force)   split over the custodians
    hides    q = exp(transit.hides)                                  lies low in a third country

Those who lie low set out again, for home or abroad, at hazards of their own; some never do. Deportation by the state
that intercepted them is a way out of its custody (see `detention`). States nearby stop more of them than custodians of
the theatre do.

Assumptions: one speed for both directions. Interception does not depend on the destination. Turkish authorities
published deportations and entry bans (not movements), so the split between arrival and interception rests on priors.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Choice, OnPath, Parameter, Part, Rate, State, Term, Transition
from afterfall.model.mechanisms.capture import intercept_ways
from afterfall.model.mechanisms.exit_choice import ABROAD_1, ABROAD_2, HOME_1, HOME_2, LYING_LOW

ON_THE_WAY = (HOME_1, HOME_2, ABROAD_1, ABROAD_2)


def transit(view: CaseView) -> Part:
    """The four stages of travel, interception, hiding, and setting out again."""
    states = (
        State(HOME_1, "on the way home, first half", "in_transit", "moving"),
        State(HOME_2, "on the way home, second half", "in_transit", "moving"),
        State(ABROAD_1, "on the way to another theatre, first half", "in_transit", "moving"),
        State(ABROAD_2, "on the way to another theatre, second half", "in_transit", "moving"),
    )
    speed = travel_rate()
    transitions = [
        Transition(HOME_1, HOME_2, speed, "transit", "travels on"),
        Transition(ABROAD_1, ABROAD_2, speed, "transit", "travels on"),
    ]
    for stage in ON_THE_WAY:
        hides = Rate("transit.hides", (Term("transit.hides"),))
        transitions.append(Transition(stage, LYING_LOW, hides, "transit", "goes to ground", back=True))
        transitions += intercepted(view, stage, "transit")
    again = {HOME_1: "third.home", ABROAD_1: "third.abroad"}
    for dest, name in again.items():
        transitions.append(Transition(LYING_LOW, dest, Rate(name, (Term(name),)), "transit", "sets out again"))
    transitions += intercepted(view, LYING_LOW, "third")
    return Part(states, tuple(transitions), parameters=_parameters())


def travel_rate() -> Rate:
    """Hazard of finishing one stage of a journey."""
    return Rate("transit.speed", (Term("transit.speed"),))


def intercepted(view: CaseView, state: str, where: str) -> list[Transition]:
    """Interception out of a state, split over the custodians; `where` names the parameter of its hazard."""
    terms = (Term(f"{where}.intercepted"), OnPath("transit.border", "border_controls"))
    stopped = Choice(f"intercepted.{state}", Rate(f"{where}.intercepted", terms))
    return [
        Transition(
            state,
            held,
            Rate(f"intercept.{held}", ways),
            "transit",
            "is intercepted",
            stopped,
            counts=("intercepted",),
        )
        for held, ways in intercept_ways(view).items()
    ]


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("transit.speed", "hazard of finishing one of two stages of travel", "a month", "log", 0.7, 6.0),
        Parameter(
            "transit.intercepted", "hazard of being stopped on the way, no border controls", "a month", "log", 0.02, 0.5
        ),
        Parameter("transit.border", "interception under one more border control", "ratio", "log", 1.0, 2.0),
        Parameter("transit.hides", "hazard of going to ground on the way", "a month", "log", 0.02, 0.5),
        Parameter("third.home", "hazard of setting out for home from a third country", "a month", "log", 0.003, 0.1),
        Parameter("third.abroad", "hazard of setting out for another theatre", "a month", "log", 0.001, 0.05),
        Parameter(
            "third.intercepted", "hazard of being found in a third country, no controls", "a month", "log", 0.002, 0.05
        ),
    )
