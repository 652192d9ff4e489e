"""Targets of a forecast, fixed beforehand the same for every as-of date, and whether they were met.

- 90 % ranges printed for published counts contain 80 to 97 % of the figures; each country-quantity pair counts once;
- CRPS of all figures together, of returnees, of the killed and of those in the theatre: the model alone, without the
  regression that it is pooled with, no worse than that regression, the strongest simple opponent;
- complete splits: no worse than the regression.

The pool of both is no worse than the mean of its parts by construction, so it has no target. Falls of strongholds have
none either: they are one campaign, and cannot be judged.

With too few independent units for a verdict (`verdict.ENOUGH`) a target is not judged. Violence is judged against the
VIEWS benchmarks, by its own command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.core.bootstrap import Skill, skill
from afterfall.evaluate.core.verdict import TOO_FEW, verdict
from afterfall.evaluate.record.scoring import ALONE, MODEL, REGRESSION, Scores

COVERAGE = (0.80, 0.97)
#: Quantities with a target of their own.
QUANTITIES = {"returned": "returned", "killed_so_far": "killed", "in_theatre": "in the theatre"}


@dataclass(frozen=True, slots=True)
class Target:
    """One target: name and label, value reached (a share or a skill), the skill behind it, and whether it was met.

    `met` is None if there are too few to judge. `clear` is False if the 90 % interval of the skill contains the least
    value that meets the target, which is zero.
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
    known = scores.overall[0]
    covered = known.coverage.counts_literal
    few = verdict(known.skill) == TOO_FEW
    met = None if few else bool(COVERAGE[0] <= covered <= COVERAGE[1])
    yield Target("coverage", "90% ranges contain 80 to 97%", covered, None, met)
    yield _of("all", "all figures: model no worse than the regression", known.alone_against_regression)
    for quantity, words in QUANTITIES.items():
        found = skill_against(scores, quantity, REGRESSION, who=ALONE)
        yield _of(words.replace(" ", "_"), f"{words}: model no worse than the regression", found)
    yield _of("splits", "splits: no worse than the regression", scores.splits_regression)


def _of(name: str, label: str, found: Skill) -> Target:
    if verdict(found) == TOO_FEW:
        return Target(name, label, np.nan, found, None)
    return Target(name, label, found.skill, found, found.skill >= 0.0, not found.low90 < 0.0 < found.high90)


def skill_against(scores: Scores, quantity: str, method: str, *, who: str = MODEL) -> Skill:
    """Skill of a forecast's CRPS for a quantity ("" for all) against one other forecast."""
    scored = scores.scored
    rows = [i for i, o in enumerate(scored.outcomes) if o.quantity == quantity or not (quantity or scored.hindsight[i])]
    clusters = [scored.outcomes[i].cluster for i in rows]
    families = [scored.outcomes[i].family for i in rows]
    ours, baseline = scored.marks[who].crps[rows], scored.marks[method].crps[rows]
    name, seed = f"{who}/{quantity}/{method}", scores.run.request.seed
    return skill(ours, baseline, clusters, families=families, name=name, seed=seed)
