"""Territory: when each remaining holding is lost, and how much of the whole is still held.

The loss of each spell of control of a town, province or corridor is a dated event. Losses before the as-of date are
data; a holding that is still held is lost at the hazard::

    log hazard[k, t] = tempo + growth * trend[t] - focus * log(held[t - 1] / held[0])
                       + size * (log population[k] - mean) + neighbour * (share of neighbours lost - mean)
                       + operation[k, t] (see `announced_operations`) + campaign noise[t]

Attackers have forces for a number of operations at a time. With a focus of 1 the number of holdings lost a month does
not depend on how many are left, so the hazard of each grows as the others fall; with a focus of 0 each falls at its own
hazard, whatever happens to the others. The number lost a month may grow as well: `trend` is the months since a central
month of the campaign, and stops growing (with a half-life of eight months) once the forecast begins.

The means are over the listed holdings held on the as-of date. The effect of neighbours comes on top of the focus.
Control is the share of all population ever held that is still held, ``C[t] = floor + sum of weights of what is held``;
``dH[t] = -log(C[t] / C[t - 1])`` is the relative loss that acts on people in the ranks, and ``1 - C[t] / C[t - 1]`` the
share lost. Territory that no list names is held in parts, each of the population of an average listed holding or less.
A part has the hazard of an average listed holding, times `remainder`: attackers take towns first and countryside after
them. It falls in step: its `held` is the number of listed holdings and parts together, so it falls faster as they fall,
while parts that are left do not draw attackers from the listed holdings. Once only the floor is left, the ranks hold no
ground (`adrift`). A corridor opens the way in and out while it is held.

People of the ranks are spread over the ground as its population is, but for one thing: foreigners live near the way by
which they came. `people_of_ground` is what is held with the weight of each spell multiplied by ``foreigners ** x``,
where x is one in the country of the corridor, zero in other countries, and one half for ground of no one country. In
the forecast `loss`, on which people are lost from the ranks (`remaining`), and the fronts of captors (`capture`) follow
from it; in the history, where shares are those of the population, from what is held. The parameter acts where a case
has a corridor and ground in several countries. Its default prior says that as many to ten times as many are there; the
share of the territory, on which leaving, arrivals and organisations depend, is that of the population.

Assumptions: no holding is recaptured here (a later capture that is already known is a spell of its own). Given the
shared campaign noise, losses are independent. The unit is a month.

The tempo is that of holdings under no announced operation. The priors of tempo and growth are derived, not chosen: a
Poisson regression of the holdings lost in each month up to the as-of date, log-linear in time, in which operations of
the past have their own part (`tempo_of_losses`). Before it is fitted, a holding is lost after 21 months, give or take a
factor of exp(1.1): mean months from capture to loss of the towns of nine organisations that had lost three or more by
January 2013 (3 in Afghanistan in 2001, 7 in northern Mali, 12 in Iraq to 2010, 13 in Pakistan, 22 in Somalia, 33 in
Chechnya, 35 in Algeria, 88 in Colombia, 89 in Sri Lanka; 97 towns, dates as widely reported, three in four recalled;
towns that were never lost are not among them). The number lost a month grows or shrinks by a factor of three a year
(one standard deviation, at the mean of the months). The central month is the one that makes level and growth
independent. The form was chosen on as-of dates up to August 2016, by Brier scores of when strongholds fall and by the
share of the area held. Growth, focus and the end of the campaign are those of one war: no campaign in the record stops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from afterfall.model.language.case_view import CaseView, Spell
from afterfall.model.language.parameters import Z95
from afterfall.model.language.path_vocabulary import (
    AdriftPath,
    FiredPath,
    HeldPath,
    LeftPath,
    LogLostPath,
    LogSharePath,
    LossPath,
    NoisePath,
    SeriesPath,
    ShareLostPath,
)
from afterfall.model.language.vocabulary import DatedEvent, Parameter, Part
from afterfall.model.mechanisms.announced_operations import operation_parameters, operation_paths, operation_terms
from afterfall.model.mechanisms.tempo_of_losses import Tempo, tempo_of

PACE_WINDOW = 24
PACE_CHANGE_SD = 0.5
FINAL_FLOOR = 0.01


def territory(view: CaseView) -> Part:
    """A dated event for every spell of control, and the paths derived from them."""
    tempo, average, neighbours = tempo_of(view), average_now(view), _neighbours(view)
    dated_events = tuple(_dated_event(view, spell, average, neighbours.get(spell.name, {})) for spell in view.spells)
    paths = (
        NoisePath("noise_campaign", "shared noise on the campaign", "noise.campaign_sd", "noise.campaign_memory"),
        HeldPath("held", "share of the territory still held", _weights(view), FINAL_FLOOR),
        _people_of_ground(view),
        LossPath("loss", "relative loss of the ground of the ranks in the month", PEOPLE_OF_GROUND),
        ShareLostPath("share_lost", "share of the territory lost in the month", "held"),
        LeftPath("log_left", "log of what is left of the territory held at the as-of date", "held"),
        LogSharePath("log_ground", "log of the share of all ground ever held that is still held", "held"),
        LogLostPath("log_lost", "log of the share of all ground ever held that is lost", "held"),
        AdriftPath("adrift", "no ground is held any more", "held"),
        SeriesPath("campaign_trend", "months since the central month of the campaign, damped", tempo.trend),
        *operation_paths(view, tempo),
        *_corridor(view),
    )
    known = operation_parameters(view, tempo)
    parameters = (*_parameters(tempo), *known, *((FOREIGNERS,) if way_in(view) else ()))
    return Part(parameters=parameters, dated_events=dated_events, paths=paths, uses=tuple(p.name for p in known))


def _dated_event(view: CaseView, spell: Spell, average: Average, neighbours: dict[str, float]) -> DatedEvent:
    constants = [("territory.tempo", 1.0)]
    if spell.kind == "remainder":  # countryside and villages, which have no one size
        constants.append(("territory.remainder", 1.0))
    else:
        constants.append(("territory.size", math.log(max(spell.population, 1.0)) - average.log_population))
    if neighbours:
        constants.append(("territory.neighbour", -average.neighbours_lost))
    return DatedEvent(
        name=spell.name,
        label=spell.label,
        fired=None if spell.lost is None else view.month_of(spell.lost),
        constants=tuple(constants),
        paths=((None, "noise_campaign"), ("territory.growth", "campaign_trend"), *operation_terms(view, spell)),
        neighbours=(("territory.neighbour", neighbours),) if neighbours else (),
        left="territory.focus",
        counted=spell.kind != "remainder",
    )


#: The held path whose weights count the foreigners on the ground.
PEOPLE_OF_GROUND = "people_of_ground"
#: How much denser foreigners are near the way in.
FOREIGNERS = Parameter(
    "ground.foreigners",
    "foreigners for each inhabitant of the ground, in the country of the way in against others",
    "ratio",
    "log",
    1.0,
    10.0,
)


def _near(view: CaseView) -> dict[str, float]:
    """How near each spell is to the way in: 1 in its country, 0 in others, a half if unknown; none if all are alike."""
    country = way_in(view)
    near = {s.name: (0.5 if not s.country else float(s.country == country)) for s in view.spells}
    return near if country else {}


def way_in(view: CaseView) -> str:
    """Country of the corridor; none where all ground is in one country or nothing says where the corridor is."""
    country = next((s.country for s in reversed(view.spells) if s.kind == "corridor"), "")
    return country if {s.country for s in view.spells} != {country} else ""


def _people_of_ground(view: CaseView) -> HeldPath:
    label, near = "the ground still held, by the foreigners on it", _near(view)
    parameter = FOREIGNERS.name if near else None
    return HeldPath(PEOPLE_OF_GROUND, label, _weights(view), FINAL_FLOOR, parameter, near)


@dataclass(frozen=True, slots=True)
class Average:
    """Means over the listed holdings held on the as-of date: log population, share of neighbours lost."""

    log_population: float
    neighbours_lost: float


def average_now(view: CaseView) -> Average:
    """The average of what is held on the as-of date, of which the tempo gives the hazard."""
    neighbours = _neighbours(view)
    lost = {s.name for s in view.spells if s.lost is not None}
    held = [s for s in view.spells if s.lost is None and s.kind != "remainder"]
    near = [neighbours[s.name] for s in held if neighbours[s.name]]
    return Average(
        log_population=sum(math.log(max(s.population, 1.0)) for s in held) / max(len(held), 1),
        neighbours_lost=sum(w for one in near for n, w in one.items() if n in lost) / max(len(near), 1),
    )


def _corridor(view: CaseView) -> tuple[FiredPath | SeriesPath, FiredPath | SeriesPath]:
    """Whether the corridor is lost, and whether it was lost after the as-of date (not yet reflected in arrivals)."""
    spell = next((s for s in reversed(view.spells) if s.kind == "corridor"), None)
    closed, since = ("corridor_closed", "the corridor is lost"), ("corridor_closed_since", "lost since the as-of date")
    if spell is None:
        return SeriesPath(*closed, lambda month: 0.0), SeriesPath(*since, lambda month: 0.0)
    if spell.lost is None:
        return FiredPath(*closed, spell.name), FiredPath(*since, spell.name)
    return FiredPath(*closed, spell.name), SeriesPath(*since, lambda month: 0.0)


def _weights(view: CaseView) -> dict[str, float]:
    """Share of each spell in all population ever held; a place held twice counts once, through its last spell."""
    last = {spell.holding: spell for spell in view.spells}
    total = sum(spell.population for spell in last.values())
    return {spell.name: (1.0 - FINAL_FLOOR) * spell.population / total for spell in last.values()}


def held_now(view: CaseView) -> float:
    """Control at the as-of date: share of the territory ever held that is still held, including the floor."""
    lost = {spell.name for spell in view.spells if spell.lost is not None}
    return FINAL_FLOOR + sum(weight for name, weight in _weights(view).items() if name not in lost)


def _neighbours(view: CaseView) -> dict[str, dict[str, float]]:
    """For each spell, equal weights on the last spells of the holdings that the case lists as its neighbours.

    A remainder in several parts has no neighbours and is none: the case does not say which part is near.
    """
    last = {spell.holding: spell.name for spell in view.spells}
    near: dict[str, list[str]] = {}
    for row in view.case.neighbours:
        if row.neighbour in last:
            near.setdefault(row.holding, []).append(last[row.neighbour])
    result = {}
    for spell in view.spells:
        names = [n for n in near.get(spell.holding, ()) if n != spell.name]
        result[spell.name] = {n: 1.0 / len(names) for n in names}
    return result


def _mean_log_population(view: CaseView) -> float:
    """Mean log population of the core's listed holdings over the months of the window before the as-of date."""
    total, months = 0.0, 0
    for spell in (s for s in view.spells if s.kind != "remainder"):
        start = max(view.month_of(spell.captured) if spell.captured else -PACE_WINDOW, -PACE_WINDOW)
        end = 0 if spell.lost is None else min(view.month_of(spell.lost), 0)
        exposed = max(0, end - start)
        total += exposed * math.log(max(spell.population, 1.0))
        months += exposed
    return total / max(months, 1)


def _parameters(tempo: Tempo) -> tuple[Parameter, ...]:
    hazard, growth = tempo.log_hazard, tempo.growth
    return (
        Parameter(
            "territory.tempo",
            "hazard of losing an average holding under no operation, were as many held as now, in the central month",
            "a month",
            "log",
            math.exp(hazard - Z95 * tempo.level_sd),
            math.exp(hazard + Z95 * tempo.level_sd),
            derived="holdings of the case lost in each month up to the as-of date",
        ),
        Parameter(
            "territory.growth",
            "growth of the number of holdings lost a month",
            "log a month",
            "natural",
            growth - Z95 * tempo.growth_sd,
            growth + Z95 * tempo.growth_sd,
            derived="holdings of the case lost in each month up to the as-of date",
        ),
        Parameter(
            "territory.focus",
            "how far the attackers turn to the holdings that are left (1: losses a month stay the same)",
            "log a log",
            "natural",
            0.6,
            1.4,
        ),
        Parameter(
            "territory.size", "how size slows a fall (elasticity to population)", "log a log", "natural", -0.6, 0.2
        ),
        Parameter(
            "territory.remainder",
            "hazard of losing a part of the remainder, against an average listed holding",
            "ratio",
            "log",
            0.1,
            1.0,
        ),
        Parameter("territory.neighbour", "effect of all neighbours lost on the hazard", "log", "natural", -0.3, 1.5),
        Parameter(
            "noise.campaign_sd", "spread of the shared monthly noise on the campaign", "log", "positive", 0.1, 0.8
        ),
        Parameter("noise.campaign_memory", "autocorrelation of that noise", "a month", "share", 0.3, 0.9),
    )


def lost_in_turn(view: CaseView) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each month with losses: size and share of neighbours lost of each listed spell then held, and which fell.

    Which holdings were lost carries no information on the pace, which is derived from the number of losses. It is used
    twice all the same: which of them fell under an operation gives the ratio of hazards (`tempo_of_losses`), and size
    and neighbours are learned from the same losses as if no operation were known. With the operation as an offset,
    as of August 2016, the effect of size is -.124 in place of -.087 and that of neighbours .74 in place of .79: a
    fifth and a tenth of a posterior standard deviation.
    """
    mean, neighbours = _mean_log_population(view), _neighbours(view)
    lost = {s.name: 1 if s.lost is None else view.month_of(s.lost) for s in view.spells}
    listed = [s for s in view.spells if s.kind != "remainder"]  # a part of the rest has no size of its own
    found = []
    for month in sorted({lost[s.name] for s in listed if lost[s.name] <= 0}):
        held = [s for s in listed if lost[s.name] >= month and _taken(view, s) < month]
        size = [math.log(max(s.population, 1.0)) - mean for s in held]
        near = [sum(w for n, w in neighbours.get(s.name, {}).items() if lost[n] < month) for s in held]
        fell = [lost[s.name] == month for s in held]
        if any(fell) and not all(fell):
            found.append((np.array(size), np.array(near), np.array(fell, dtype=np.int32)))
    return found


def _taken(view: CaseView, spell: Spell) -> float:
    return view.month_of(spell.captured) if spell.captured else -math.inf
