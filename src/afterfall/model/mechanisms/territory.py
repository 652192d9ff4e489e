"""Territory: when each remaining holding is lost, and how much of the whole is still held.

The loss of each spell of control of a town, province or corridor is a dated event. Losses before the as-of date are
data; a holding that is still held is lost at the hazard::

    log hazard[k, t] = pace + size * (log population[k] - mean) + neighbour * (share of neighbours lost - mean)
                       + campaign noise[t]

The means are over the months of exposure from which the pace is estimated, so that the pace is the hazard of an average
holding in an average month of that time. Control is the share of all population ever held that is still held,
``C[t] = floor + sum of weights of what is held``; ``dH[t] = -log(C[t] / C[t - 1])`` is the relative loss that acts on
people in the ranks, and ``1 - C[t] / C[t - 1]`` the share lost. Territory that no list names is held in parts, none
larger than the largest listed holding, which are lost like the others. Once only the floor is left, the ranks hold no
ground (`adrift`). A corridor opens the way in and out while it is held.

Assumptions: no holding is recaptured here (a later capture that is already known is a spell of its own). Given the
shared campaign noise, losses are independent. The unit is a month.

The prior of the pace is derived, not chosen: losses and months of exposure of the case's own holdings in the 24 months
before the as-of date (gamma with a Jeffreys half event), widened by a log standard deviation of 0.5 because campaigns
change pace; that value is a convention.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from afterfall.model.language.case_view import CaseView, Spell
from afterfall.model.language.parameters import Z95
from afterfall.model.language.vocabulary import (
    AdriftPath,
    DatedEvent,
    FiredPath,
    HeldPath,
    LeftPath,
    LossPath,
    NoisePath,
    Parameter,
    Part,
    SeriesPath,
    ShareLostPath,
)

PACE_WINDOW = 24
PACE_CHANGE_SD = 0.5
FINAL_FLOOR = 0.01


def territory(view: CaseView) -> Part:
    """A dated event for every spell of control, and the paths derived from them."""
    exposure = exposure_of(view)
    neighbours = _neighbours(view)
    dated_events = tuple(_dated_event(view, spell, exposure, neighbours.get(spell.name, {})) for spell in view.spells)
    paths = (
        NoisePath("noise_campaign", "shared noise on the campaign", "noise.campaign_sd", "noise.campaign_memory"),
        HeldPath("held", "share of the territory still held", _weights(view), FINAL_FLOOR),
        LossPath("loss", "relative loss of territory in the month", "held"),
        ShareLostPath("share_lost", "share of the territory lost in the month", "held"),
        LeftPath("log_left", "log of what is left of the territory held at the as-of date", "held"),
        AdriftPath("adrift", "no ground is held any more", "held"),
        *_corridor(view),
    )
    return Part(parameters=_parameters(exposure), dated_events=dated_events, paths=paths)


def _dated_event(view: CaseView, spell: Spell, exposure: Exposure, neighbours: dict[str, float]) -> DatedEvent:
    size = math.log(max(spell.population, 1.0)) - exposure.mean_log_population
    constants = [("territory.pace", 1.0), ("territory.size", size)]
    if neighbours:
        constants.append(("territory.neighbour", -exposure.mean_neighbours_lost))
    return DatedEvent(
        name=spell.name,
        label=spell.label,
        fired=None if spell.lost is None else view.month_of(spell.lost),
        constants=tuple(constants),
        paths=((None, "noise_campaign"),),
        neighbours=(("territory.neighbour", neighbours),) if neighbours else (),
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
    """For each spell, equal weights on the last spells of the holdings that the case lists as its neighbours."""
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


@dataclass(frozen=True, slots=True)
class Exposure:
    """Losses and months of exposure in the window, and the means of the covariates over those months."""

    losses: int
    months: float
    mean_log_population: float
    mean_neighbours_lost: float

    @property
    def pace(self) -> float:
        """Hazard a month of losing a holding: the mean of a gamma with a Jeffreys half event."""
        return (self.losses + 0.5) / max(self.months, PACE_WINDOW / 2.0)

    @property
    def log_sd(self) -> float:
        """Standard deviation of its log, including changes of the campaign's pace."""
        return math.hypot(1.0 / math.sqrt(self.losses + 0.5), PACE_CHANGE_SD)


def exposure_of(view: CaseView) -> Exposure:
    """Exposure of the case's own holdings in the months before the as-of date."""
    neighbours = _neighbours(view)
    lost = {s.name: 1 if s.lost is None else view.month_of(s.lost) for s in view.spells}
    losses, months, log_population, neighbours_lost, with_neighbours = 0, 0, 0.0, 0.0, 0
    for spell in view.spells:
        start = max(view.month_of(spell.captured) if spell.captured else -PACE_WINDOW, -PACE_WINDOW)
        losses += -PACE_WINDOW < lost[spell.name] <= 0
        for month in range(start + 1, min(lost[spell.name], 0) + 1):
            months += 1
            log_population += math.log(max(spell.population, 1.0))
            near = neighbours.get(spell.name)
            if near:
                with_neighbours += 1
                neighbours_lost += sum(w for n, w in near.items() if lost[n] < month)
    return Exposure(losses, months, log_population / max(months, 1), neighbours_lost / max(with_neighbours, 1))


def _parameters(exposure: Exposure) -> tuple[Parameter, ...]:
    pace, spread = exposure.pace, exposure.log_sd
    return (
        Parameter(
            "territory.pace",
            "hazard of losing an average holding in an average month of the campaign",
            "a month",
            "log",
            pace * math.exp(-Z95 * spread),
            pace * math.exp(Z95 * spread),
            derived=f"losses and exposure of the case's own holdings in the {PACE_WINDOW} months before the as-of date",
        ),
        Parameter(
            "territory.size", "how size slows a fall (elasticity to population)", "log a log", "natural", -0.6, 0.2
        ),
        Parameter("territory.neighbour", "effect of all neighbours lost on the hazard", "log", "natural", -0.3, 1.5),
        Parameter(
            "noise.campaign_sd", "spread of the shared monthly noise on the campaign", "log", "positive", 0.1, 0.8
        ),
        Parameter("noise.campaign_memory", "autocorrelation of that noise", "a month", "share", 0.3, 0.9),
    )


def lost_in_turn(view: CaseView) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each month with losses: size and share of neighbours lost of each spell held then, and which were lost.

    Which holdings were lost carries no information on the pace, which is derived from the number of losses: no fact is
    used twice.
    """
    exposure, neighbours = exposure_of(view), _neighbours(view)
    lost = {s.name: 1 if s.lost is None else view.month_of(s.lost) for s in view.spells}
    found = []
    for month in sorted({m for m in lost.values() if m <= 0}):
        held = [s for s in view.spells if lost[s.name] >= month and _taken(view, s) < month]
        size = [math.log(max(s.population, 1.0)) - exposure.mean_log_population for s in held]
        near = [sum(w for n, w in neighbours.get(s.name, {}).items() if lost[n] < month) for s in held]
        fell = [lost[s.name] == month for s in held]
        if any(fell) and not all(fell):
            found.append((np.array(size), np.array(near), np.array(fell, dtype=np.int32)))
    return found


def _taken(view: CaseView, spell: Spell) -> float:
    return view.month_of(spell.captured) if spell.captured else -math.inf
