"""Relocating: which other theatre, for those who go abroad.

On arrival (second stage of the journey abroad) people split over the host places p::

    log w[o, p] = place.distance * log distance(o, p) + place.border * common border + place.language * shared language
                  + place.organisation * log1p(published strength in p / 100) + place.instability * instability[p]
                  + place.foreigners * log1p(foreigners there / published strength)          (feedback)
                  + place.home * (p is one's own country) + place.elsewhere * (p is the catch-all)

The own country as a place of an offshoot is a state of its own (`home_offshoot`): going home to fight on. There,
arrest leads to prison at home; from other places some go home later.

Assumptions: gravity in its plainest form (the direction of each effect is what the literature on conflict diffusion
and foreign fighters supports; sizes are priors). A place enters by the case's rule, the rest is `elsewhere`. Founding
(no organisation there) and growth are one flow here and are told apart by whether the place had an organisation.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from afterfall.model.mechanisms.leaving import ABROAD_2, HOME_1, LYING_LOW
from afterfall.model.mechanisms.ranks import KILLED
from afterfall.model.mechanisms.transit import travel_rate
from afterfall.model.scene import Scene
from afterfall.model.vocabulary import (
    Choice,
    Cohort,
    Feedback,
    Parameter,
    Part,
    Rate,
    State,
    Term,
    Transition,
)

HOME_OFFSHOOT = "home_offshoot"
ELSEWHERE = "elsewhere"
MIN_SCALE = 100.0


def offshoot_state(place: str) -> str:
    """Name of the state of being with an offshoot in a place."""
    return f"offshoot_{place}"


def relocating(scene: Scene) -> Part:
    """One state a host place, the split on arrival, and what happens there."""
    states = [State(offshoot_state(p), f"with an offshoot: {scene.name(p)}", "relocate", "abroad") for p in scene.hosts]
    states.append(State(HOME_OFFSHOOT, "with an offshoot in one's own country", "relocate", "abroad"))
    where = Choice("place", travel_rate())
    transitions: list[Transition] = []
    feedbacks: list[Feedback] = []
    for place in scene.hosts:
        rate = _weight(place)
        others = frozenset((*scene.origins, *scene.regions)) - {place}
        counts = ("relocated_so_far",)
        arrive = Transition(
            ABROAD_2, offshoot_state(place), rate, "relocating", "arrives", where, origins=others, counts=counts
        )
        transitions.append(arrive)
        if place in scene.origins:
            own = Rate(f"{rate.name}.own", (*rate.terms, Term("place.home")))
            only = frozenset({place})
            transitions.append(
                Transition(
                    ABROAD_2, HOME_OFFSHOOT, own, "relocating", "arrives in its own", where, origins=only, counts=counts
                )
            )
        scale = max(_strength(scene, place), MIN_SCALE)
        feedbacks.append(
            Feedback(rate.name, "place.foreigners", f"foreigners_{place}", (offshoot_state(place),), scale)
        )
        transitions += _life(offshoot_state(place))
    killed = Rate("killing.offshoot", (Term("killing.offshoot"),))
    transitions.append(
        Transition(HOME_OFFSHOOT, KILLED, killed, "relocating", "is killed", counts=("killed_so_far",))
    )
    return Part(
        tuple(states), tuple(transitions), (), _parameters(), _features(scene), feedbacks=tuple(feedbacks)
    )


def _life(state: str) -> list[Transition]:
    killed = Rate("killing.offshoot", (Term("killing.offshoot"),))
    home = Rate("offshoot.home", (Term("offshoot.home"),))
    hides = Rate("offshoot.hides", (Term("offshoot.hides"),))
    return [
        Transition(state, KILLED, killed, "relocating", "is killed", counts=("killed_so_far",)),
        Transition(state, HOME_1, home, "relocating", "sets out for home", back=True),
        Transition(state, LYING_LOW, hides, "relocating", "goes to ground", back=True),
    ]


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


def _strength(scene: Scene, place: str) -> float:
    """Latest published strength of the offshoots in a place, in people (0 where there is none)."""
    names = {o.organisation for o in scene.case.organisations if o.kind == "offshoot" and o.place == place}
    total = 0.0
    for name in names:
        figures = [f for f in scene.case.figures if f.organisation == name and f.quantity == "strength"]
        latest = max(figures, key=lambda f: (f.refers_to.last_day, f.figure), default=None)
        total += latest.value if latest else 0.0
    return total


def _features(scene: Scene) -> dict[str, Callable[[Cohort], float]]:
    features: dict[str, Callable[[Cohort], float]] = {}
    for place in scene.hosts:
        strength = math.log1p(_strength(scene, place) / MIN_SCALE)
        instability = scene.case.covariate(place, "instability") or 0.0
        features |= {
            f"log_distance:{place}": lambda c, p=place: scene.log_distance(c, f"distance_km:{p}"),  # type: ignore[misc]
            f"borders:{place}": lambda c, p=place: scene.covariate(c.origin, f"borders:{p}", 0.0),  # type: ignore[misc]
            f"language:{place}": lambda c, p=place: scene.covariate(c.origin, f"language:{p}", 0.0),  # type: ignore[misc]
            f"organisation:{place}": lambda c, s=strength: s,  # type: ignore[misc]
            f"instability:{place}": lambda c, i=instability: i,  # type: ignore[misc]
        }
    return features


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("place.distance", "elasticity of a place's draw to distance from the origin", "log a log", "natural", -1.5, 0.2),
        Parameter("place.border", "draw of a place that borders the origin", "log", "natural", -0.5, 1.5),
        Parameter("place.language", "draw of a place that shares a language", "log", "natural", -0.5, 1.5),
        Parameter("place.organisation", "draw of a place's published strength", "log a log", "natural", 0.0, 1.2),
        Parameter("place.instability", "draw of instability, a standard deviation", "log", "natural", -0.3, 1.0),
        Parameter("place.foreigners", "draw of the foreigners already there", "log a log", "natural", -0.3, 1.0),
        Parameter("place.home", "draw of one's own country", "log", "natural", -1.0, 2.5),
        Parameter("place.elsewhere", "draw of all places not named", "log", "natural", -2.0, 2.0),
        Parameter("killing.offshoot", "hazard of being killed with an offshoot", "a month", "log", 0.001, 0.02),
        Parameter("offshoot.home", "hazard of leaving an offshoot for home", "a month", "log", 0.001, 0.03),
        Parameter("offshoot.hides", "hazard of leaving an offshoot for a third country", "a month", "log", 0.001, 0.03),
    )
