"""Ranks: death and capture in the theatre, in the ranks of the core and in every other group there.

For a group g (movers and stayers of the core, remnants, rivals, those with no organisation), role r and month t::

    killed    k = exp(killing[r] + killing[g] + v[region] + k1 * campaign[t] + noise[t])
    captured  c = exp(capture[r] + capture[g] + noise[t])

Both are for months and places in which no ground is lost. What befalls those whose ground is lost is in `remaining`:
one exposure, of which some are killed and some captured. Custodians split a capture as `capture` says. Both noises are
shared lognormal AR(1) factors: deaths in a month are not independent. The campaign
against the core ends when all of its ground is lost.

Assumptions: the campaign is one number for the whole theatre (in force or not, from the case's military policies).
Groups and regions of origin differ by constant factors. Mortality is the best-informed hazard of the model, since
deaths by origin are published; capture before the fall is poorly identified.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import NoisePath, SeriesPath
from afterfall.model.language.vocabulary import (
    ROLES,
    Choice,
    OnPath,
    Parameter,
    Part,
    Rate,
    RateTerm,
    RegionEffect,
    State,
    Term,
    Transition,
)
from afterfall.model.mechanisms.capture import captor_parameters, custody_parameters, custody_ways, fronts
from afterfall.model.mechanisms.recruitment import MOVER, STAYER, UNAFFILIATED, rival_state

REMNANT = "remnant"
KILLED = "killed"
MILITARY = "military"


def groups(view: CaseView) -> dict[str, str]:
    """States of people at large in the theatre, each with the group whose parameters it uses."""
    fixed = {UNAFFILIATED: "unaffiliated", MOVER: "ranks", STAYER: "ranks"}
    return fixed | {rival_state(r): "rival" for r in view.rivals} | {REMNANT: "remnant"}


def ranks(view: CaseView) -> Part:
    """Death and capture of everyone at large in the theatre."""
    transitions: list[Transition] = []
    for state, group in groups(view).items():
        transitions.append(Transition(state, KILLED, killing(group), "ranks", "is killed", counts=("killed_so_far",)))
        taken = Choice(f"capture.{state}", _capture(group))
        for held, terms in custody_ways(view).items():
            rate = Rate(f"custody.{held}", terms)
            transitions.append(Transition(state, held, rate, "ranks", "is captured", taken, counts=("captured",)))
    paths = (
        SeriesPath("campaign", "a military campaign is under way", _campaign(view)),
        NoisePath("noise_killing", "shared noise on killing", "noise.killing_sd", "noise.killing_memory"),
        NoisePath("noise_capture", "shared noise on capture", "noise.capture_sd", "noise.capture_memory"),
        *fronts(view),
    )
    states = (State(KILLED, "killed or dead in the theatre", "killed", "dead"),)
    return Part(states, tuple(transitions), parameters=_parameters(view), paths=paths)


def killing(group: str) -> Rate:
    """The hazard of being killed in a group."""
    terms: list[RateTerm] = [Term(f"killing.{role}", f"role:{role}") for role in ROLES]
    if group != "ranks":
        terms.append(Term(f"killing.{group}"))
    terms += [RegionEffect("killing.region_sd"), OnPath("killing.campaign", "campaign"), OnPath(None, "noise_killing")]
    return Rate(f"killing.{group}", tuple(terms))


def _capture(group: str) -> Rate:
    terms: list[RateTerm] = [Term(f"capture.{role}", f"role:{role}") for role in ROLES]
    if group != "ranks":
        terms.append(Term(f"capture.{group}"))
    terms.append(OnPath(None, "noise_capture"))
    return Rate(f"capture.{group}", tuple(terms))


def _campaign(view: CaseView) -> Callable[[int], float]:
    """One while a military policy against the core is in force; always one in a case without such a policy.

    A campaign ends with the last ground, once all of it is lost.
    """
    periods: list[tuple[float, float]] = [*view.in_force(MILITARY)] or [(-math.inf, math.inf)]
    ends = [math.inf if spell.lost is None else view.month_of(spell.lost) for spell in view.spells]
    last = max(ends, default=math.inf)
    return lambda month: float(month <= last and any(start <= month <= end for start, end in periods))


def _parameters(view: CaseView) -> tuple[Parameter, ...]:
    who = {"fighter": "a fighter", "adult": "another adult", "minor": "a minor"}
    killing_range = {"fighter": (0.001, 0.03), "adult": (0.0003, 0.015), "minor": (0.0002, 0.01)}
    rows = [
        Parameter(f"killing.{r}", f"hazard of being killed, {who[r]} in the ranks", "a month", "log", *killing_range[r])
        for r in ROLES
    ]
    rows += [
        Parameter(
            f"capture.{r}", f"hazard of capture where no ground is lost, {who[r]}", "a month", "log", 0.0001, 0.005
        )
        for r in ROLES
    ]
    for group in ("unaffiliated", "rival", "remnant"):
        label = {"unaffiliated": "those with no organisation", "rival": "a rival", "remnant": "remnants"}[group]
        rows.append(Parameter(f"killing.{group}", f"killing of {label} against the ranks", "ratio", "log", 0.15, 1.5))
        most = 20.0 if group == "remnant" else 2.0  # remnants hold no ground that shields them
        rows.append(
            Parameter(f"capture.{group}", f"capture of {label} against the ranks", "ratio", "log", most / 40.0, most)
        )
    rows += [
        Parameter("killing.region_sd", "spread of killing between regions", "log", "positive", 0.1, 0.8),
        Parameter("killing.campaign", "killing under a military campaign against none", "ratio", "log", 1.0, 4.0),
        *custody_parameters(view),
        *captor_parameters(view),
        *noise("killing"),
        *noise("capture"),
    ]
    return tuple(rows)


def noise(what: str) -> tuple[Parameter, Parameter]:
    """Standard deviation and memory of a shared noise, with wide priors."""
    return (
        Parameter(f"noise.{what}_sd", f"spread of the shared noise on {what}", "log", "positive", 0.1, 0.8),
        Parameter(f"noise.{what}_memory", "its autocorrelation", "a month", "share", 0.3, 0.9),
    )
