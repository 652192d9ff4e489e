"""Targets of a forecast, fixed beforehand and the same for every as-of date, and whether it met them.

- 90 % intervals contain 80 to 97 % of the figures; each country-quantity pair counts once;
- returnees: CRPS no worse than persistence with its calibrated error;
- killed: CRPS 15 % better than the baseline of the quantity;
- complete splits: better than the shares in the counted countries of the region;
- falls of strongholds: better than a constant hazard.

With too few independent units for a verdict (`verdict.ENOUGH`) a target is not judged. Violence is judged against the
VIEWS benchmarks, by its own command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.core.bootstrap import Skill, skill
from afterfall.evaluate.core.verdict import TOO_FEW, verdict
from afterfall.evaluate.record.scoring import MODEL, Scores

COVERAGE = (0.80, 0.97)
KILLED_BETTER = 0.15


@dataclass(frozen=True, slots=True)
class Target:
    """One target: name and label, value reached (a share or a skill), the skill behind it, and whether it was met.

    `met` is None if there are too few to judge. `clear` is False if the 90 % interval of the skill contains the least
    value that meets the target.
    """

    name: str
    label: str
    reached: float
    skill: Skill | None
    met: bool | None
    clear: bool = True


def targets(scores: Scores) -> tuple[Target, ...]:
    """All targets of one as-of date, in a fixed order."""
    return tuple(_targets(scores))


def _targets(scores: Scores) -> Iterator[Target]:
    covered = scores.overall[0].coverage90[0]
    few = verdict(scores.overall[0].skill) == TOO_FEW
    met = None if few else bool(COVERAGE[0] <= covered <= COVERAGE[1])
    yield Target("coverage", "90% intervals contain 80 to 97%", covered, None, met)
    yield _of("returned", "returned: no worse than persistence", skill_against(scores, "returned", "hold_last"), 0.0)
    killed = next((s.skill for s in scores.summaries if s.quantity == "killed_so_far" and s.months is None), None)
    yield _of("killed", "killed: 15% better than the baseline", killed, KILLED_BETTER)
    yield _of("splits", "splits: better than the region's shares", scores.splits_regional, 0.0)
    yield _of("strongholds", "strongholds: better than a constant hazard", scores.falls_skill, 0.0)


def _of(name: str, label: str, found: Skill | None, least: float) -> Target:
    if found is None or verdict(found) == TOO_FEW:
        return Target(name, label, np.nan, found, None)
    return Target(name, label, found.skill, found, found.skill >= least, not found.low90 < least < found.high90)


def skill_against(scores: Scores, quantity: str, method: str) -> Skill:
    """Skill of a quantity's CRPS ("" for all) against one baseline method, whichever it is compared with elsewhere."""
    scored = scores.scored
    rows = [i for i, o in enumerate(scored.outcomes) if o.quantity == quantity or not (quantity or scored.hindsight[i])]
    clusters = [scored.outcomes[i].cluster for i in rows]
    families = [scored.outcomes[i].family for i in rows]
    ours, baseline = scored.marks[MODEL].crps[rows], scored.marks[method].crps[rows]
    name, seed = f"{quantity}/{method}", scores.run.request.seed
    return skill(ours, baseline, clusters, families=families, name=name, seed=seed)
