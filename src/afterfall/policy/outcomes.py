"""What a comparison looks at, and which way is better.

Killing is never a benefit: more people killed counts as worse, whoever they are, and what falls because people died
does not count as better (`afterfall.policy.pairing`). Deaths in camps, statelessness and people wrongly flagged are
among the outcomes of every comparison, wanted or not, as is all that a lever's side effects name. Where the threat
moves (the theatre, third countries, offshoots, other targets) stands beside what happens at home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from afterfall.model.levers import Lever
from afterfall.model.mechanisms.cooperating import KNOWLEDGE

#: Which way is better: fewer, more, or neither (a burden or a matter of judgement).
Direction = Literal["less", "more", "neither"]
Group = Literal["home", "sources", "harm", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A quantity of the model as an outcome: stocks at the month asked for, counters since the as-of date."""

    quantity: str
    direction: Direction
    group: Group


HOME = (
    Outcome("returned_at_risk", "less", "home"),
    Outcome("undetected", "less", "home"),
    Outcome("operatives_home", "less", "home"),
    Outcome("dispatched_so_far", "less", "home"),
    Outcome("relapsed_pacified_so_far", "less", "home"),
    Outcome("relapsed_adherent_so_far", "less", "home"),
    Outcome("relapsed_sympathiser_so_far", "less", "home"),
    Outcome("missed_so_far", "less", "home"),
    Outcome("disengage", "more", "home"),
    Outcome("returned", "neither", "home"),
    Outcome("repatriated", "neither", "home"),
    Outcome("under_assessment", "neither", "home"),
    Outcome("flagged_waiting", "less", "home"),
    Outcome("monitored", "neither", "home"),
    Outcome("in_programme", "neither", "home"),
    Outcome("imprisoned", "neither", "home"),
    Outcome("prosecuted", "neither", "home"),
)
#: What the sources of a kind of knowledge are worth, as a number of fresh ones: read from a run, no quantity of it.
SOURCES = tuple(Outcome(f"sources.{kind}", "more", "sources") for kind in KNOWLEDGE)
HARM = (
    Outcome("died_in_custody", "less", "harm"),
    Outcome("killed_so_far", "less", "harm"),
    Outcome("lost_citizenship", "less", "harm"),
    Outcome("stateless", "less", "harm"),
    Outcome("wrongly_flagged_so_far", "less", "harm"),
    Outcome("watched_harmless", "less", "harm"),
)
#: Who is no longer at large in the theatre is home, abroad, held or dead, each an outcome of its own: that fewer are
#: there says nothing by itself.
ELSEWHERE = (
    Outcome("at_large_in_theatre", "neither", "elsewhere"),
    Outcome("remain", "less", "elsewhere"),
    Outcome("defect", "less", "elsewhere"),
    Outcome("detained", "neither", "elsewhere"),
    Outcome("escaped", "less", "elsewhere"),
    Outcome("third_country", "less", "elsewhere"),
    Outcome("relocate", "less", "elsewhere"),
    Outcome("operatives_abroad", "less", "elsewhere"),
)
#: Everyone who dies, of whatever cause, since the as-of date.
DEAD = "killed_so_far"
#: Capacity that is used, shown beside every comparison: stocks as person-months, counters as people.
RESOURCES = {
    "under_assessment": "person-months under assessment",
    "monitored": "person-months monitored",
    "in_programme": "programme place-months",
    "imprisoned": "prison place-months",
    "prosecuted": "people imprisoned",
    "repatriated": "people brought home",
}
#: Outcomes shown at fixed rho: what a closed border moves.
AT_RHO = ("returned_at_risk", "undetected", "third_country", "at_large_in_theatre", "detained", "relocate")


def outcomes(quantities: Sequence[str], levers: Sequence[Lever] = ()) -> tuple[Outcome, ...]:
    """All outcomes of a run with these quantities: at home, sources, harm, elsewhere, each host of offshoots.

    What else the side effects of the levers name is harm, better the other way than is feared.
    """
    hosts = tuple(Outcome(q, "less", "elsewhere") for q in quantities if q.startswith("offshoot_"))
    known = set(quantities)
    usual = tuple(
        o for o in (*HOME, *SOURCES, *HARM, *ELSEWHERE, *hosts) if o.quantity in known or o.group == "sources"
    )
    feared = {e.quantity: e.direction for lever in levers for e in lever.side_effects}
    seen = {o.quantity for o in usual}
    return usual + tuple(
        Outcome(name, "less" if way == "more" else "more", "harm") for name, way in feared.items() if name not in seen
    )
