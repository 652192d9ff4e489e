"""Endpoints of a comparison: which quantities are compared, and which direction is better.

Killing is never a benefit: more people killed counts as worse, whoever they are, and a fall caused by deaths does not
count as better (`afterfall.policy.paired_differences`). Every comparison reports deaths in camps, statelessness and
people wrongly flagged, children held, sentences of death, and everything named by a lever's side effects. It also
reports displacement: to the theatre, third countries, offshoots, other targets.

**Who comes home in sight is not judged like who comes home unseen.** People brought home or deported are met on arrival
and assessed; people who travel by themselves mostly are not. Fewer of the second kind is better. The first are neither
better nor worse by themselves: without repatriation they would be held abroad, at risk and out of reach. So
`self_returned` and `undetected` are judged; `repatriated`, `deported` and those at risk whom the authorities know
(`known_at_risk`) are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from afterfall.model.levers import Lever
from afterfall.model.mechanisms.human_sources import KNOWLEDGE

#: Which direction is better: less, more, or neither (a burden, or a matter of judgement).
Direction = Literal["less", "more", "neither"]
Group = Literal["home", "sources", "harm", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A quantity of the model as an endpoint: a stock at the requested month, or a counter since the as-of date."""

    quantity: str
    direction: Direction
    group: Group


HOME = (
    Endpoint("undetected", "less", "home"),
    Endpoint("known_at_risk", "neither", "home"),
    Endpoint("returned_at_risk", "neither", "home"),
    Endpoint("self_returned", "less", "home"),
    Endpoint("operatives_home", "less", "home"),
    Endpoint("dispatched_so_far", "less", "home"),
    Endpoint("relapsed_pacified_so_far", "less", "home"),
    Endpoint("relapsed_adherent_so_far", "less", "home"),
    Endpoint("relapsed_sympathiser_so_far", "less", "home"),
    Endpoint("missed_so_far", "less", "home"),
    Endpoint("disengage", "more", "home"),
    Endpoint("returned", "neither", "home"),
    Endpoint("repatriated", "neither", "home"),
    Endpoint("deported", "neither", "home"),
    Endpoint("under_assessment", "neither", "home"),
    Endpoint("flagged_waiting", "less", "home"),
    Endpoint("monitored", "neither", "home"),
    Endpoint("in_programme", "neither", "home"),
    Endpoint("imprisoned", "neither", "home"),
    Endpoint("prosecuted", "neither", "home"),
)
#: Those at risk at large at home whom the authorities know, derived as one quantity of the model less another.
KNOWN_AT_RISK = ("returned_at_risk", "undetected")
DERIVED = {"known_at_risk": KNOWN_AT_RISK}
DERIVED_LABELS = {"known_at_risk": "at risk, known to the authorities"}
#: Human sources by kind of knowledge, in equivalents of new sources: derived from a run, not a quantity of the model.
SOURCES = tuple(Endpoint(f"sources.{kind}", "more", "sources") for kind in KNOWLEDGE)
#: Expected attempts in the country by those who attempt, per so many simulations: derived (`attempts_expected`).
ATTEMPTS, SIMULATIONS = "attempts.", 1000
ATTACKS = tuple(Endpoint(f"{ATTEMPTS}{source}", "less", "home") for source in ("returnees", "sent", "inspired"))
ATTEMPT_LABELS = {
    f"{ATTEMPTS}returnees": "attempts by returnees",
    f"{ATTEMPTS}sent": "attempts by the sent",
    f"{ATTEMPTS}inspired": "attempts by the inspired",
}
HARM = (
    Endpoint("held_minors", "less", "harm"),
    Endpoint("died_in_custody", "less", "harm"),
    Endpoint("condemned_so_far", "less", "harm"),
    Endpoint("executed", "less", "harm"),
    Endpoint("killed_so_far", "less", "harm"),
    Endpoint("lost_citizenship", "less", "harm"),
    Endpoint("stateless", "less", "harm"),
    Endpoint("wrongly_flagged_so_far", "less", "harm"),
    Endpoint("watched_harmless", "less", "harm"),
)
#: People no longer at large in the theatre are home, abroad, held or dead, each an endpoint of its own, so a smaller
#: number there is neither better nor worse by itself.
ELSEWHERE = (
    Endpoint("at_large_in_theatre", "neither", "elsewhere"),
    Endpoint("remain", "less", "elsewhere"),
    Endpoint("defect", "less", "elsewhere"),
    Endpoint("detained", "neither", "elsewhere"),
    Endpoint("escaped", "less", "elsewhere"),
    Endpoint("third_country", "less", "elsewhere"),
    Endpoint("relocate", "less", "elsewhere"),
    Endpoint("operatives_abroad", "less", "elsewhere"),
)
#: Everyone who dies, of whatever cause, since the as-of date.
DEAD = "killed_so_far"
#: Counter of the children born; a child that is not born is no benefit either.
BORN = "born"
#: Capacity used, reported with every comparison: stocks as person-months, counters as people.
RESOURCES = {
    "under_assessment": "person-months under assessment",
    "monitored": "person-months monitored",
    "in_programme": "programme place-months",
    "imprisoned": "prison place-months",
    "prosecuted": "people imprisoned",
    "repatriated": "people brought home",
    "detained": "person-months held in or near the theatre",
}
#: Endpoints shown at fixed rho: what a closed border displaces.
AT_RHO = ("returned_at_risk", "undetected", "third_country", "at_large_in_theatre", "detained", "relocate")


def endpoints(quantities: Sequence[str], levers: Sequence[Lever] = ()) -> tuple[Endpoint, ...]:
    """All endpoints of a run with these quantities: home, sources, harm, elsewhere, each host of offshoots.

    Other quantities named by side effects of the levers are harms; the better direction is opposite to the feared one.
    """
    hosts = tuple(Endpoint(q, "less", "elsewhere") for q in quantities if q.startswith("offshoot_"))
    known = {*quantities, *(name for name, parts in DERIVED.items() if set(parts) <= set(quantities))}
    usual = tuple(
        o for o in (*HOME, *SOURCES, *HARM, *ELSEWHERE, *hosts) if o.quantity in known or o.group == "sources"
    )
    feared = {e.quantity: e.direction for lever in levers for e in lever.side_effects}
    seen = {o.quantity for o in usual}
    return usual + tuple(
        Endpoint(name, "less" if way == "more" else "more", "harm") for name, way in feared.items() if name not in seen
    )
