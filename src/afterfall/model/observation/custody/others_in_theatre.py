"""Counts of an origin's people in the theatre who are not held, or of one role of all who are there.

In a case with custody events two kinds of stocks *in the theatre* are read as counts of people held are
(`held_figures`), of other states:

- those with rebels (definition ``with_rebels``): with any rival of the core, one that became a government or a part of
  an army among them;
- those of one role, or women and children together: at large, held, or of unknown whereabouts.

Both are read for `RECENT` months, and only if they are of a day after the last loss of ground. Stocks of everyone in
the theatre are read elsewhere (`origin_figures`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from afterfall.case import Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import State
from afterfall.model.mechanisms.custody_events import has_events
from afterfall.model.mechanisms.recruitment import rival_state
from afterfall.model.observation.custody.held_after_events import before_captures
from afterfall.model.observation.custody.taken_home import FAMILY_DEFINITION

#: Words for those whom such a count is of, in place of custodians.
REBELS, THEATRE = "with-rebels", "in-theatre"
REBEL_DEFINITION = "with_rebels"
THEATRE_STAGES = ("theatre", "detained")
#: Months after which such a stock is not read.
RECENT = 24


def others_in_theatre(view: CaseView, origin: str) -> Iterator[tuple[str, Figure]]:
    """Stocks of an origin that are read, with the word for whom each is of."""
    for figure in view.case.figures_of("in_theatre", place=origin) if has_events(view) else ():
        late = -view.month_of(figure.refers_to.last_day) <= RECENT and before_captures(view, figure) is figure
        if figure.basis == "stock" and late and (word := whom_of(figure)):
            yield word, figure


def whom_of(figure: Figure) -> str:
    """The word for whom a stock in the theatre is of, or nothing where it is not read here."""
    if figure.definition == REBEL_DEFINITION:
        return REBELS
    of_role = bool(figure.role) and figure.counts_people
    return THEATRE if of_role or figure.definition == FAMILY_DEFINITION else ""


def states_in_theatre(view: CaseView, word: str, states: Sequence[State]) -> list[bool]:
    """Which states a stock of a word is of."""
    rivals = {rival_state(rival) for rival in view.rivals}
    return [s.name in rivals if word == REBELS else s.stage in THEATRE_STAGES for s in states]
