"""Dispatch: fighters sent to attack, at home or in another target country.

    sent       d = exp(dispatch.effort + dispatch[g] + dispatch.salience * coalition[o])     fighters only
    on the way s = exp(transit.speed), or intercepted like any traveller
    target     home to another country as exp(dispatch.home + dispatch.salience * coalition[o]) to one

Any country can be the target, not only the home country. The salience of a country is its membership of the military
coalition. Operatives are arrested, die, or stand down. One who stands down at home counts as a committed returnee
unknown to the authorities; in another country, as lying low. One who is arrested in another country is imprisoned there
and then deported home, known to the authorities. Attempts and casualties follow from these stocks (`attack`), not from
a rate here.

Assumptions: no dispatch of minors or of other adults, by decision. The hazard of being sent is poorly identified: of
the 945 Western fighters of 1990-2010 one in nine came back to plot, and far fewer were sent, which gives only an upper
bound. The prior is wide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import FIGHTERS, Choice, Cohort, Parameter, Part, Rate, State, Term, Transition
from afterfall.model.mechanisms.exit_choice import LYING_LOW
from afterfall.model.mechanisms.home import SELF_RETURNED, arrivals_home
from afterfall.model.mechanisms.ranks import KILLED, REMNANT
from afterfall.model.mechanisms.recruitment import RANKS
from afterfall.model.mechanisms.transit import intercepted, travel_rate

OPERATIVE = "operative_transit"
OPERATIVE_HOME, OPERATIVE_ABROAD = "operative_home", "operative_abroad"
PRISON_ABROAD = "prison_abroad"
#: Where operatives go when they are arrested, and when they stand down, by place. States at home are those of `home`.
ENDS = {OPERATIVE_HOME: ("prison_committed_1", "committed_recent"), OPERATIVE_ABROAD: (PRISON_ABROAD, LYING_LOW)}


def dispatch(view: CaseView) -> Part:
    """The states of operatives and the ways in and out."""
    states = (
        State(OPERATIVE, "sent to attack, on the way", "dispatch", "moving"),
        State(OPERATIVE_HOME, "sent to attack, in the home country", "dispatch", "home"),
        State(OPERATIVE_ABROAD, "sent to attack, in another target country", "dispatch", "abroad"),
        State(PRISON_ABROAD, "in prison in another target country", "imprisoned", "abroad"),
    )
    target = Choice("target", travel_rate())
    to_home = Rate("target.home", (Term("dispatch.home"), Term("dispatch.salience", "coalition")))
    transitions = [
        _move(OPERATIVE, OPERATIVE_HOME, to_home, "reaches its home country", target, counts=SELF_RETURNED),
        _move(OPERATIVE, OPERATIVE_ABROAD, Rate("target.other", ()), "reaches another target country", target),
    ]
    for state in (*RANKS, REMNANT):
        transitions.append(_move(state, OPERATIVE, _sent(state), "is sent to attack", counts=("dispatched_so_far",)))
    for move in intercepted(view, OPERATIVE, "transit"):
        transitions.append(replace(move, roles=FIGHTERS))
    for place, (prison, quiet) in ENDS.items():
        arrested = Rate("dispatch.arrested", (Term("dispatch.arrested"),))
        dies = Rate("dispatch.dies", (Term("dispatch.dies"),))
        stands_down = Rate("dispatch.stands_down", (Term("dispatch.stands_down"),))
        counts = ("prosecuted",) if place == OPERATIVE_HOME else ()
        transitions += [
            _move(place, prison, arrested, "is arrested", counts=counts),
            _move(place, KILLED, dies, "dies in or after an attack", counts=("killed_so_far",)),
            replace(_move(place, quiet, stands_down, "stands down"), back=quiet == LYING_LOW),
        ]
    released = Choice("released", Rate("dispatch.released", (Term("dispatch.released"),)))
    transitions += arrivals_home(PRISON_ABROAD, released, "dispatch", "is deported home", ("returned", "deported"))[:-1]
    return Part(states, tuple(transitions), parameters=_parameters(), features=_features(view))


def _move(
    source: str, dest: str, rate: Rate, label: str, choice: Choice | None = None, counts: tuple[str, ...] = ()
) -> Transition:
    return Transition(source, dest, rate, "dispatch", label, choice, roles=FIGHTERS, counts=counts)


def _sent(state: str) -> Rate:
    terms = [Term("dispatch.effort"), Term("dispatch.salience", "coalition")]
    if state == REMNANT:
        terms.append(Term("dispatch.remnant"))
    return Rate(f"dispatch.{'remnant' if state == REMNANT else 'ranks'}", tuple(terms))


def _features(view: CaseView) -> dict[str, Callable[[Cohort], float]]:
    return {"coalition": lambda cohort: view.covariate(cohort.origin, "coalition", 0.0)}


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "dispatch.effort", "hazard of a fighter in the ranks being sent to attack", "a month", "log", 2e-5, 2e-3
        ),
        Parameter("dispatch.remnant", "sending by remnants against the ranks", "ratio", "log", 0.05, 1.5),
        Parameter("dispatch.salience", "draw of a country in the military coalition", "ratio", "log", 0.7, 6.0),
        Parameter("dispatch.home", "being sent to the home country for each sent elsewhere", "ratio", "log", 0.3, 5.0),
        Parameter("dispatch.arrested", "hazard of arrest of an operative in place", "a month", "log", 0.02, 0.5),
        Parameter("dispatch.dies", "hazard of an operative in place dying", "a month", "log", 0.005, 0.2),
        Parameter(
            "dispatch.released",
            "hazard of release from prison abroad, to the home country",
            "a month",
            "log",
            0.004,
            0.03,
        ),
        Parameter("dispatch.stands_down", "hazard of standing down", "a month", "log", 0.005, 0.2),
    )
