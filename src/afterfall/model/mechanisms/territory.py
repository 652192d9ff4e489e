"""Territory: when each remaining holding falls, and how much of the whole is still held.

Each spell of control of a town, province or corridor is a token. Losses before the as-of date are data; a holding
still held falls at the hazard::

    log hazard[k, t] = pace + size * log(population[k] / median) + neighbour * share of neighbours lost + campaign noise[t]

Control is the share of all population ever held that is still held, ``C[t] = floor + sum of weights of what stands``,
floored at what no list names, and ``dH[t] = -log(C[t] / C[t - 1])`` is the relative loss that people in the ranks feel.
A corridor opens the way in and out while it is held.

Assumptions: no holding is retaken here (a later capture already known is a spell of its own); holdings fall one by one
given the shared campaign noise; a month is the unit.

The prior of the pace is derived, not chosen: losses and months of exposure of the case's own holdings in the 24 months
before the as-of date, with a Jeffreys half event, widened by a log standard deviation of 0.5 because campaigns change
pace (of the same order as the between-campaign spread of months to fall in this case's own record).
"""

from __future__ import annotations

import math

from afterfall.model.scene import Scene
from afterfall.model.vocabulary import (
    FiredPath,
    HeldPath,
    LossPath,
    NoisePath,
    Parameter,
    Part,
    SeriesPath,
    Token,
)

PACE_WINDOW = 24
PACE_CHANGE_SD = 0.5
FINAL_FLOOR = 0.01
Z95 = 1.6448536269514722


def territory(scene: Scene) -> Part:
    """Tokens for every spell of control, with the paths `held`, `loss`, `campaign` and `corridor_closed`."""
    spells = scene.spells
    median = _median_population(scene)
    weights = _weights(scene)
    neighbours = _neighbours(scene)
    tokens = tuple(
        Token(
            name=spell.name,
            label=spell.label,
            fired=None if spell.lost is None else scene.month_of(spell.lost),
            constants=(
                ("territory.pace", 1.0),
                ("territory.size", math.log(max(spell.population, 1.0) / median)),
            ),
            paths=((None, "noise_campaign"),),
            neighbours=(("territory.neighbour", neighbours.get(spell.name, {})),),
        )
        for spell in spells
    )
    corridor = next((s.name for s in reversed(spells) if s.kind == "corridor"), None)
    corridor_path = (
        FiredPath("corridor_closed", "the corridor out is lost", corridor)
        if corridor
        else SeriesPath("corridor_closed", "the corridor out is lost (this case has none)", lambda month: 0.0)
    )
    paths = (
        NoisePath("noise_campaign", "shared noise on the campaign", "noise.campaign_sd", "noise.campaign_memory"),
        HeldPath("held", "share of the territory still held", weights, FINAL_FLOOR),
        LossPath("loss", "relative loss of territory in the month", "held"),
        corridor_path,
    )
    return Part(parameters=_parameters(scene), tokens=tokens, paths=paths)


def _weights(scene: Scene) -> dict[str, float]:
    """Share of each spell in all population ever held; a place held twice counts once, with its last spell."""
    last = {spell.holding: spell for spell in scene.spells}
    total = sum(spell.population for spell in last.values())
    return {spell.name: (1.0 - FINAL_FLOOR) * spell.population / total for spell in last.values()}


def _median_population(scene: Scene) -> float:
    populations = sorted(spell.population for spell in scene.spells)
    return max(populations[len(populations) // 2], 1.0) if populations else 1.0


def _neighbours(scene: Scene) -> dict[str, dict[str, float]]:
    """For each spell, equal weights on the last spells of the holdings that the case lists as its neighbours."""
    last = {spell.holding: spell.name for spell in scene.spells}
    near: dict[str, list[str]] = {}
    for row in scene.case.neighbours:
        if row.neighbour in last:
            near.setdefault(row.holding, []).append(last[row.neighbour])
    result = {}
    for spell in scene.spells:
        names = [n for n in near.get(spell.holding, ()) if n != spell.name]
        result[spell.name] = {n: 1.0 / len(names) for n in names}
    return result


def pace_of_losses(scene: Scene) -> tuple[float, float]:
    """Hazard a month of losing a holding in the window before the as-of date, and its log standard deviation."""
    losses, exposure = 0.5, 0.5
    for spell in scene.spells:
        start = max(scene.month_of(spell.captured) if spell.captured else -PACE_WINDOW, -PACE_WINDOW)
        end = 0 if spell.lost is None else scene.month_of(spell.lost)
        if end > -PACE_WINDOW:
            exposure += max(0, end - start)
            losses += spell.lost is not None
    return losses / exposure, math.hypot(1.0 / math.sqrt(losses), PACE_CHANGE_SD)


def _parameters(scene: Scene) -> tuple[Parameter, ...]:
    pace, spread = pace_of_losses(scene)
    return (
        Parameter(
            "territory.pace",
            "hazard of losing a holding of median size with no neighbour lost",
            "a month",
            "log",
            pace * math.exp(-Z95 * spread),
            pace * math.exp(Z95 * spread),
            derived=f"losses and exposure of the case's own holdings in the {PACE_WINDOW} months before the as-of date",
        ),
        Parameter("territory.size", "how size slows a fall (elasticity to population)", "log a log", "natural", -0.6, 0.2),
        Parameter("territory.neighbour", "effect of all neighbours lost on the hazard", "log", "natural", -0.3, 1.5),
        Parameter("noise.campaign_sd", "spread of the shared monthly noise on the campaign", "log", "positive", 0.1, 0.8),
        Parameter("noise.campaign_memory", "autocorrelation of that noise", "a month", "share", 0.3, 0.9),
    )
