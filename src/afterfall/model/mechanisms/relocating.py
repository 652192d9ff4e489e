"""Relocating: the choice of another theatre by those who go abroad.

On arrival (second stage of the journey abroad) people are split over the host places p::

    log w[o, p] = place.distance * log distance(o, p) + place.border * common border + place.language * shared language
                  + place.organisation * log1p(published strength in p / 100) + place.instability * instability[p]
                  + place.foreigners * log1p(foreigners there / published strength)          (feedback)
                  + place.elsewhere * (p is the catch-all)
    own country   place.home in place of distance, border and language

An offshoot in one's own country is a state of its own (`home_offshoot`): going home to fight on. It counts as
relocated, not as returned. There, arrest leads to prison at home, and giving up leads to the returned unknown to the
authorities; both count as returns. From other places some go home later.

Assumptions: the simplest gravity model (the direction of each effect is supported by the literature on conflict
diffusion and foreign fighters; sizes are priors). Places are included by the case's rule; the rest is `elsewhere`.
Founding (no organisation there) and growth are one flow here, distinguished by whether the place had an organisation.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import (
    ADULTS,
    MINORS,
    Choice,
    Cohort,
    Feedback,
    Parameter,
    Part,
    Rate,
    Role,
    State,
    Term,
    Transition,
)
from afterfall.model.mechanisms.case_management import prison_state
from afterfall.model.mechanisms.exit_choice import ABROAD_2, HOME_1, LYING_LOW
from afterfall.model.mechanisms.home import MINOR_HOME, SELF_RETURNED, home_state
from afterfall.model.mechanisms.ranks import KILLED
from afterfall.model.mechanisms.transit import travel_rate

HOME_OFFSHOOT = "home_offshoot"
ELSEWHERE = "elsewhere"
MIN_SCALE = 100.0


def offshoot_state(place: str) -> str:
    """Name of the state of people with an offshoot in a place."""
    return f"offshoot_{place}"


def relocating(view: CaseView) -> Part:
    """One state per host place, the split on arrival, and what happens there."""
    states = [State(offshoot_state(p), f"with an offshoot: {view.name(p)}", "relocate", "abroad") for p in view.hosts]
    states.append(State(HOME_OFFSHOOT, "with an offshoot in one's own country", "relocate", "abroad"))
    where = Choice("place", travel_rate())
    transitions: list[Transition] = []
    feedbacks: list[Feedback] = []
    for place in view.hosts:
        others = frozenset((*view.origins, *view.regions)) - {place}
        ways = [_arrive(offshoot_state(place), _weight(place), where, others)]
        if place in view.origins:
            ways.append(_arrive(HOME_OFFSHOOT, _own_weight(place), where, frozenset({place})))
        scale, members = max(_strength(view, place), MIN_SCALE), (offshoot_state(place),)
        for way in ways:
            feedbacks.append(Feedback(way.rate.name, "place.foreigners", f"foreigners_{place}", members, scale))
        transitions += [*ways, *_life(offshoot_state(place))]
    transitions += _life_at_home()
    return Part(tuple(states), tuple(transitions), (), _parameters(), _features(view), feedbacks=tuple(feedbacks))


def _arrive(dest: str, rate: Rate, where: Choice, origins: frozenset[str]) -> Transition:
    counts = ("relocated_so_far",)
    return Transition(ABROAD_2, dest, rate, "relocating", "arrives", where, origins=origins, counts=counts)


def _life(state: str) -> list[Transition]:
    killed = Rate("killing.offshoot", (Term("killing.offshoot"),))
    home = Rate("offshoot.home", (Term("offshoot.home"),))
    hides = Rate("offshoot.hides", (Term("offshoot.hides"),))
    return [
        Transition(state, KILLED, killed, "relocating", "is killed", counts=("killed_so_far",)),
        Transition(state, HOME_1, home, "relocating", "sets out for home", back=True),
        Transition(state, LYING_LOW, hides, "relocating", "goes to ground", back=True),
    ]


def _life_at_home() -> list[Transition]:
    killed = Rate("killing.offshoot", (Term("killing.offshoot"),))
    arrested = Rate("home_offshoot.arrested", (Term("home_offshoot.arrested"),))
    gives_up = Rate("home_offshoot.gives_up", (Term("home_offshoot.gives_up"),))
    came_home = SELF_RETURNED
    return [
        _leave_home_offshoot(KILLED, killed, "is killed", ("killed_so_far",)),
        _leave_home_offshoot(prison_state("committed", 1), arrested, "is arrested", (*came_home, "prosecuted"), ADULTS),
        _leave_home_offshoot(home_state("committed", "recent"), gives_up, "gives up", came_home, ADULTS),
        _leave_home_offshoot(MINOR_HOME, gives_up, "goes home", came_home, MINORS),
    ]


def _leave_home_offshoot(
    dest: str, rate: Rate, label: str, counts: tuple[str, ...], roles: frozenset[Role] | None = None
) -> Transition:
    return Transition(HOME_OFFSHOOT, dest, rate, "relocating", label, roles=roles, counts=counts)


def _own_weight(place: str) -> Rate:
    terms = (Term("place.organisation", f"organisation:{place}"), Term("place.instability", f"instability:{place}"))
    return Rate(f"place.{place}.own", (*terms, Term("place.home")))


def _weight(place: str) -> Rate:
    if place == ELSEWHERE:
        return Rate(f"place.{place}", (Term("place.elsewhere"),))
    return Rate(
        f"place.{place}",
        (
            Term("place.distance", f"log_distance:{place}"),
            Term("place.border", f"borders:{place}"),
            Term("place.language", f"language:{place}"),
            Term("place.organisation", f"organisation:{place}"),
            Term("place.instability", f"instability:{place}"),
        ),
    )


def _strength(view: CaseView, place: str) -> float:
    """Latest published strength of the offshoots in a place, in people (0 where there is none)."""
    names = {o.organisation for o in view.case.organisations if o.kind == "offshoot" and o.place == place}
    total = 0.0
    for name in names:
        figures = [f for f in view.case.figures if f.organisation == name and f.quantity == "strength"]
        latest = max(figures, key=lambda f: (f.refers_to.last_day, f.figure), default=None)
        total += latest.value if latest else 0.0
    return total


def _features(view: CaseView) -> dict[str, Callable[[Cohort], float]]:
    features: dict[str, Callable[[Cohort], float]] = {}
    for place in view.hosts:
        strength = math.log1p(_strength(view, place) / MIN_SCALE)
        instability = view.case.covariate(place, "instability") or 0.0
        features |= {
            f"log_distance:{place}": lambda c, p=place: view.log_distance(c, f"distance_km:{p}"),  # type: ignore[misc]
            f"borders:{place}": lambda c, p=place: view.covariate(c.origin, f"borders:{p}", 0.0),  # type: ignore[misc]
            f"language:{place}": lambda c, p=place: view.covariate(c.origin, f"language:{p}", 0.0),  # type: ignore[misc]
            f"organisation:{place}": lambda c, s=strength: s,  # type: ignore[misc]
            f"instability:{place}": lambda c, i=instability: i,  # type: ignore[misc]
        }
    return features


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "place.distance",
            "elasticity of a place's draw to distance from the origin",
            "log a log",
            "natural",
            -1.5,
            0.2,
        ),
        Parameter("place.border", "draw of a place that borders the origin", "log", "natural", -0.5, 1.5),
        Parameter("place.language", "draw of a place that shares a language", "log", "natural", -0.5, 1.5),
        Parameter("place.organisation", "draw of a place's published strength", "log a log", "natural", 0.0, 1.2),
        Parameter("place.instability", "draw of instability, a standard deviation", "log", "natural", -0.3, 1.0),
        Parameter("place.foreigners", "draw of the foreigners already there", "log a log", "natural", -0.3, 1.0),
        Parameter(
            "place.home",
            "draw of one's own country, against one at 1,000 km with no border or language in common",
            "log",
            "natural",
            -1.0,
            2.5,
        ),
        Parameter("place.elsewhere", "draw of all places not named", "log", "natural", -2.0, 2.0),
        Parameter("home_offshoot.arrested", "hazard of arrest with an offshoot at home", "a month", "log", 0.003, 0.1),
        Parameter("home_offshoot.gives_up", "hazard of giving up there", "a month", "log", 0.002, 0.05),
        Parameter("killing.offshoot", "hazard of being killed with an offshoot", "a month", "log", 0.001, 0.02),
        Parameter("offshoot.home", "hazard of leaving an offshoot for home", "a month", "log", 0.001, 0.03),
        Parameter("offshoot.hides", "hazard of leaving an offshoot for a third country", "a month", "log", 0.001, 0.03),
    )
