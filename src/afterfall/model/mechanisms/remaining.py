"""Remaining: what is left of the ranks when the ground is gone.

    in_ranks -> remnant  at rate dH[t] = -log(C[t] / C[t - 1])

so that the share of the ranks that has not yet dissolved follows the share of territory still held, whatever the
timing of the falls: with no other exit, ranks[t] / ranks[0] = C[t] / C[0]. Once no ground is held, whoever is left in
the ranks, or still joins them, goes underground within about a month. Remnants obey the same equations as the ranks,
each with its own intercepts (`ranks`, `leaving`, `dispatch`).

Assumptions: who dissolves is independent of origin and role. Re-founding, recruiting locals and retaking towns belong
to the organisations' mechanism.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Part, Rate, State, Times, Transition
from afterfall.model.mechanisms.ranks import REMNANT
from afterfall.model.mechanisms.recruitment import RANKS


def remaining(view: CaseView) -> Part:
    """The state of remnants and the way into it."""
    ways = (Rate("collapse", (Times("loss"),)), Rate("adrift", (Times("adrift"),)))
    transitions = tuple(Transition(s, REMNANT, way, "remaining", "goes underground") for s in RANKS for way in ways)
    return Part((State(REMNANT, "underground in the theatre after the fall", "remain"),), transitions)
