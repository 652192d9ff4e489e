"""Unrecorded: people who left custody and whose whereabouts nobody has counted.

They come by breaks and closures (`custody_events`) and leave, in each month, with hazards of their own::

    home by themselves   exp(unrecorded.home)      on the way home, as others who set out
    a third country      exp(unrecorded.third)     lying low there
    another theatre      exp(unrecorded.abroad)    on the way there
    underground          exp(unrecorded.joins)     with the remnants
    held again           exp(unrecorded.held)      by a custodian who takes prisoners, with the weights of capture
    dies                 exp(unrecorded.death)

The state says only that they are not known to be anywhere else. No source gives any of these hazards for women and
children, of whom most are; all priors are wide, a factor of 25 or more, and labelled uninformed. Of 120 men who left
the prison of Shaddadi in January 2026, 81 were retaken within a day by the ministry that retook them: such days are
inside the event and not here.

Children are born to the women at the rate of those in custody. The state exists only where a custody event that is
public by the as-of date leads to it. Unit: the month.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Choice, Parameter, Part, Rate, State, Term, Transition
from afterfall.model.mechanisms.capture import custody_ways
from afterfall.model.mechanisms.custody_events import UNRECORDED, has_unrecorded
from afterfall.model.mechanisms.exit_choice import ABROAD_1, HOME_1, LYING_LOW
from afterfall.model.mechanisms.ranks import KILLED, REMNANT

#: Ways out: the state, the label, what is counted, and the 90 % interval of the hazard a month.
WAYS: dict[str, tuple[str, str, tuple[str, ...], tuple[float, float]]] = {
    "home": (HOME_1, "sets out for home", (), (0.001, 0.05)),
    "third": (LYING_LOW, "goes to a third country", (), (0.002, 0.1)),
    "abroad": (ABROAD_1, "sets out abroad", (), (0.0003, 0.01)),
    "joins": (REMNANT, "goes underground", (), (0.001, 0.05)),
    "death": (KILLED, "dies", ("killed_so_far",), (0.0002, 0.005)),
}
HELD_AGAIN = (0.002, 0.1)
WORDS = {
    "home": "setting out for home",
    "third": "going to a third country",
    "abroad": "setting out for another theatre",
    "joins": "going underground with the remnants",
    "death": "dying",
    "held": "being held again",
}


def unrecorded(view: CaseView) -> Part:
    """The state and its ways out; nothing in a case without people of unknown whereabouts."""
    if not has_unrecorded(view):
        return Part()
    transitions = [
        Transition(
            UNRECORDED,
            dest,
            Rate(f"unrecorded.{way}", (Term(f"unrecorded.{way}"),)),
            "unrecorded",
            label,
            counts=counts,
            back=dest != KILLED,
        )
        for way, (dest, label, counts, _) in WAYS.items()
    ]
    again = Choice("unrecorded.held", Rate("unrecorded.held", (Term("unrecorded.held"),)))
    transitions += [
        Transition(UNRECORDED, held, Rate(f"moved.{held}", terms), "unrecorded", "is held again", again, back=True)
        for held, terms in custody_ways(view, month_by_month=False).items()
    ]
    ranges = {way: given for way, (_, _, _, given) in WAYS.items()} | {"held": HELD_AGAIN}
    parameters = tuple(
        Parameter(f"unrecorded.{way}", f"hazard of {WORDS[way]}, whereabouts unknown", "a month", "log", low, high)
        for way, (low, high) in ranges.items()
    )
    state = State(UNRECORDED, "whereabouts unknown since custody", UNRECORDED)
    return Part((state,), tuple(transitions), parameters=parameters)
