"""What a forecast of one as-of date was meant to reach, and whether it did: fixed beforehand, the same for every date.

- nine in ten intervals that hold 80 to 97 % of the figures, one weight a cluster;
- the returned at least as well told as by holding the last figure, with that forecast's calibrated error;
- the killed 15 % better than the naive forecast they are measured against;
- complete splits better than the shares in the counted countries of the region;
- strongholds' fall better than a constant hazard.

Of fewer clusters than `ENOUGH` nothing is said. Violence is judged beside the field, by its own command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.core.bootstrap import Skill, skill
from afterfall.evaluate.core.scoring import MODEL, Scores

HOLDS = (0.80, 0.97)
#: Clusters (holdings, or countries with a complete split) of which a share or a skill is told.
ENOUGH, ENOUGH_SPLITS = 5, 2
KILLED_BETTER = 0.15


@dataclass(frozen=True, slots=True)
class Target:
    """One aim: its name and words, what was reached (a share or a skill), the skill behind it, and whether it was met.

    `met` is None where there was too little to compare.
    """

    name: str
    label: str
    reached: float
    skill: Skill | None
    met: bool | None


def targets(scores: Scores) -> tuple[Target, ...]:
    """All aims of one as-of date, in a fixed order."""
    return tuple(_aims(scores))


def _aims(scores: Scores) -> Iterator[Target]:
    covered = scores.overall[0].coverage90[0]
    few = scores.overall[0].skill.clusters < ENOUGH
    met = None if few else bool(HOLDS[0] <= covered <= HOLDS[1])
    yield Target("coverage", "90% intervals hold 80 to 97%", covered, None, met)
    yield _of(
        "returned", "returned: no worse than holding the last", against_targets(scores, "returned", "hold_last"), 0.0
    )
    killed = next((s.skill for s in scores.summaries if s.quantity == "killed_so_far" and s.months is None), None)
    yield _of("killed", "killed: 15% better than the naive forecast", killed, KILLED_BETTER)
    yield _of("splits", "splits: better than the region's shares", scores.splits_regional, 0.0, ENOUGH_SPLITS)
    yield _of("strongholds", "strongholds: better than a constant hazard", scores.falls_skill, 0.0)


def _of(name: str, label: str, found: Skill | None, least: float, enough: int = ENOUGH) -> Target:
    if found is None or found.clusters < enough or np.isnan(found.skill):
        return Target(name, label, np.nan, found, None)
    return Target(name, label, found.skill, found, found.skill >= least)


def against_targets(scores: Scores, quantity: str, method: str) -> Skill:
    """Skill of a quantity's CRPS against one naive method, whichever it is measured against elsewhere."""
    scored = scores.scored
    rows = [i for i, o in enumerate(scored.outcomes) if o.quantity == quantity]
    clusters = [scored.outcomes[i].cluster for i in rows]
    ours, naive = scored.marks[MODEL].crps[rows], scored.marks[method].crps[rows]
    return skill(ours, naive, clusters, name=f"{quantity}/{method}", seed=scores.run.request.seed)
