"""Remaining: what is left of the ranks as territory is lost.

    in_ranks -> remnant  at rate dH[t] = -log(C[t] / C[t - 1])

so that the share of the ranks that has not yet dissolved follows the share of territory still held, whatever the timing
of the losses: with no other exit, ranks[t] / ranks[0] = C[t] / C[0]. Once no ground is held, those left in the ranks,
or who still join them, go underground within about a month. Remnants follow the same equations as the ranks, with their
own intercepts (`ranks`, `exit_choice`, `dispatch`).

Assumptions: going underground is independent of origin and role. Re-founding, recruitment of locals and recapture of
towns belong to the mechanisms of organisations.
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
