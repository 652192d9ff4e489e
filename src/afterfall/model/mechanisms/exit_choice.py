"""Exit choice: leaving a group of the theatre, and the destination.

One exit with a total hazard and a split (origin o, group g, role r, month t)::

    leave  l = exp(leaving[g] + leaving[r] + u[o] + v[region] + l1 * lost[t] + l2 * log C[t] + noise[t])
               * (W[t] / W[as-of]) ** rho                            leaving[fighter] = 0
    to d   with share w_d / W ,  W = sum of w_d ,  d in {home, third country, abroad, each rival}

    log w_home  =            distance + common border + punitive policies at home + way[t]
    log w_third = third.pull                          + way[t]
    log w_away  = abroad.pull                         + way[t]
    log w_rival = defect.pull + strength + enmity (for members of the core)
    way[t]      = way.corridor * corridor lost + way.border * number of border controls in force

``lost`` is the share of the territory lost in the month, and ``C`` the share still held of all ground ever held: fewer
leave as encirclement tightens, before the as-of date as after it (members of a rival are not encircled). How strongly
is learned from history, too.

Women and minors leave less than fighters: a wife needs her husband's permission, the family papers and a smuggler. One
factor for each, ``leaving[adult]`` and ``leaving[minor]``, acts in every month and group, and on those who flee as
ground is lost (`remaining`). It stands for their share of movers as well: figures do not tell families who came to stay
from those who may not leave.

Those who do not leave stay. ``rho`` in [0, 1] says whether a closed way retains people (1: those who would have gone
stay) or diverts them (0: they go elsewhere). Data on one collapse do not identify rho, so results about borders should
be shown at 0, 1/2 and 1. The reference W[as-of] excludes the rivals' feedback, so that a rival's growth counts as a way
that opened.

Assumptions: softmax shares (independence of irrelevant alternatives within the four ways; places abroad are a nest of
their own, see `relocating`). Movers are as many among women and minors as among fighters. Mothers and children leave
independently of each other. Origin effects u (of mean one) and region effects v act on leaving only. Punitive policies
are those in force at the as-of date, for all months. Destination weights rest on priors only, and so do the factors of
women and minors: a fit reads no count of one role, so the case's priors take in those that are published.
"""

from __future__ import annotations

from collections.abc import Callable

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import NoisePath, SeriesPath
from afterfall.model.language.vocabulary import (
    Choice,
    Cohort,
    OnPath,
    OriginEffect,
    Parameter,
    Part,
    Rate,
    RateTerm,
    RegionEffect,
    State,
    Term,
    Transition,
)
from afterfall.model.mechanisms.ranks import groups, noise

LYING_LOW = "lying_low"
HOME_1, HOME_2 = "transit_home_1", "transit_home_2"
ABROAD_1, ABROAD_2 = "transit_abroad_1", "transit_abroad_2"
BORDER = "border"
#: Policies of a country of origin that punish those who return home.
PUNITIVE = ("criminalisation", "prosecution", "revocation", "passport", "repatriation_refused")
HOME_TERMS: tuple[RateTerm, ...] = (
    Term("home.distance", "log_distance"),
    Term("home.border", "borders_theatre"),
    Term("home.reception", "punitive"),
)
#: Leaving of women and of minors against fighters.
FAMILIES_LEAVE: tuple[RateTerm, ...] = (Term("leaving.adult", "role:adult"), Term("leaving.minor", "role:minor"))
#: How leaving falls as the ground held shrinks.
ENCIRCLED = OnPath("leaving.encirclement", "log_ground")
WAY: tuple[RateTerm, ...] = (OnPath("way.corridor", "corridor_closed"), OnPath("way.border", "border_controls"))


def exit_choice(view: CaseView) -> Part:
    """The exit of every group of the theatre towards home, a third country or another theatre."""
    transitions: list[Transition] = []
    for state, group in groups(view).items():
        exit_ = leaving_choice(state, group)
        for dest, (rate, label) in _ways().items():
            transitions.append(Transition(state, dest, rate, "exit_choice", label, exit_))
    paths = (
        SeriesPath("border_controls", "number of border controls in force", _border_controls(view)),
        NoisePath("noise_leaving", "shared noise on leaving", "noise.leaving_sd", "noise.leaving_memory"),
    )
    states = (State(LYING_LOW, "lying low in a third country", "lying_low", "abroad"),)
    return Part(states, tuple(transitions), parameters=_parameters(), features=_features(view), paths=paths)


def leaving_choice(state: str, group: str) -> Choice:
    """The exit of a group: its total hazard, and rho."""
    kind = state.removeprefix("ranks_") if group == "ranks" else group
    terms: tuple[RateTerm, ...] = (
        Term(f"leaving.{kind}"),
        *FAMILIES_LEAVE,
        OriginEffect("leaving.origin_sd"),
        RegionEffect("leaving.region_sd"),
        OnPath("leaving.loss", "share_lost"),
        OnPath(None, "noise_leaving"),
    )
    if group != "rival":  # those who live under the core are encircled as it loses its ground
        terms += (ENCIRCLED,)
    return Choice(f"leaving.{state}", Rate(f"leaving.{kind}", terms), "leaving.retained")


def _ways() -> dict[str, tuple[Rate, str]]:
    home = Rate("way.home", HOME_TERMS + WAY)
    third = Rate("way.third", (Term("third.pull"), *WAY))
    abroad = Rate("way.abroad", (Term("abroad.pull"), *WAY))
    return {
        HOME_1: (home, "sets out for home"),
        LYING_LOW: (third, "goes to ground"),
        ABROAD_1: (abroad, "sets out abroad"),
    }


def _border_controls(view: CaseView) -> Callable[[int], float]:
    """Number of the case's border controls (public at the as-of date) that are in force in a month."""
    periods = view.in_force(BORDER)
    return lambda month: float(sum(start <= month <= end for start, end in periods))


def _features(view: CaseView) -> dict[str, Callable[[Cohort], float]]:
    punishing = {p.place for p in view.case.policies if p.kind in PUNITIVE and not p.end}
    return {
        "log_distance": lambda cohort: view.log_distance(cohort, "distance_theatre_km"),
        "punitive": lambda cohort: float(cohort.origin in punishing),
        "borders_theatre": lambda cohort: view.covariate(cohort.origin, "borders_theatre", 0.0),
    }


def _parameters() -> tuple[Parameter, ...]:
    kinds = {
        "mover": ("those not meaning to stay", 0.03, 0.3),
        "stayer": ("those meaning to stay", 0.001, 0.03),
        "remnant": ("remnants", 0.003, 0.1),
        "rival": ("members of a rival", 0.001, 0.05),
        "unaffiliated": ("those with no organisation", 0.01, 0.3),
    }
    hazards = [
        Parameter(f"leaving.{kind}", f"hazard of leaving the theatre, {label}", "a month", "log", low, high)
        for kind, (label, low, high) in kinds.items()
    ]
    return (
        *hazards,
        Parameter("leaving.adult", "leaving of other adults against fighters", "ratio", "log", 0.1, 1.0),
        Parameter("leaving.minor", "leaving of minors against fighters", "ratio", "log", 0.1, 1.0),
        Parameter("leaving.origin_sd", "spread of leaving between origins", "log", "positive", 0.3, 1.2),
        Parameter("leaving.region_sd", "spread of leaving between regions", "log", "positive", 0.1, 0.8),
        Parameter(
            "leaving.loss", "log increase of leaving were all territory lost in the month", "log", "natural", -1.0, 3.0
        ),
        Parameter(
            "leaving.encirclement",
            "how leaving falls as the ground held shrinks (elasticity to the share of all ground still held)",
            "log a log",
            "natural",
            0.0,
            1.0,
        ),
        Parameter(
            "leaving.retained", "rho: share of a closed way's flow that stays instead", "share", "share", 0.05, 0.95
        ),
        Parameter("home.distance", "elasticity of going home to distance", "log a log", "natural", -1.0, 0.5),
        Parameter("home.border", "going home when the country borders the theatre", "log", "natural", -0.5, 1.5),
        Parameter("home.reception", "going home where policy punishes it, against where not", "ratio", "log", 0.3, 1.5),
        Parameter("third.pull", "going to ground in a third country against going home", "ratio", "log", 0.05, 2.0),
        Parameter("abroad.pull", "going to another theatre against going home", "ratio", "log", 0.02, 1.0),
        Parameter("way.corridor", "ways out after the corridor is lost, against before", "ratio", "log", 0.1, 1.0),
        Parameter("way.border", "ways out under one more border control", "ratio", "log", 0.4, 1.0),
        *noise("leaving"),
    )
