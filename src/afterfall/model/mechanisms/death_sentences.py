"""Death sentences by the courts of the theatre, and executions, as outcomes counted apart.

In a case with custody events, of the adults whom a custodian with courts k holds::

    sentenced to death   exp(detention.sentenced[k] + condemned.ratio)
    and then   executed  exp(condemned.executed)
               commuted  exp(condemned.commuted), to another sentence
               dies      exp(detention.death), as others who are held

The counters `condemned_so_far` and `executed` count them; the executed are among the dead. Nobody under sentence of
death is sent home.

Iraqi courts have passed many such sentences on foreigners and carried out few that were published; no count by year
exists. All three priors are wide and uninformed. Unit: the month.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import ADULTS, Parameter, Part, Rate, State, Term, Transition
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.custody_events import has_events
from afterfall.model.mechanisms.detention import DIED, SENTENCED, has_courts
from afterfall.model.mechanisms.ranks import KILLED

CONDEMNED, EXECUTED = "condemned", "executed"


def death_sentences(view: CaseView) -> Part:
    """The state of those sentenced to death; nothing in a case without custody events or courts."""
    courts = [k for k in view.custodians if has_courts(view, k)]
    if not has_events(view) or not courts:
        return Part()
    moves = [
        Transition(
            detained_state(k),
            CONDEMNED,
            Rate(f"condemned.{k}", (Term(f"detention.sentenced.{k}"), Term("condemned.ratio"))),
            "death_sentences",
            "is sentenced to death",
            roles=ADULTS,
            counts=("condemned_so_far",),
        )
        for k in courts
    ]
    ways = {
        "condemned.executed": (KILLED, "is executed", (*DIED, EXECUTED)),
        "condemned.commuted": (SENTENCED, "has the sentence commuted", ()),
        "detention.death": (KILLED, "dies in custody", DIED),
    }
    moves += [
        Transition(CONDEMNED, dest, Rate(name, (Term(name),)), "death_sentences", label, roles=ADULTS, counts=counts)
        for name, (dest, label, counts) in ways.items()
    ]
    state = State(CONDEMNED, "sentenced to death by a court of the theatre", "detained", "detained")
    return Part((state,), tuple(moves), parameters=_parameters())


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("condemned.ratio", "sentenced to death for each otherwise sentenced", "ratio", "log", 0.02, 0.6),
        Parameter("condemned.executed", "hazard of execution under sentence of death", "a month", "log", 1e-4, 0.01),
        Parameter("condemned.commuted", "hazard of another sentence in its place", "a month", "log", 1e-3, 0.05),
    )
