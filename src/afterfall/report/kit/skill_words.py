"""How skills are shown: names of scored quantities, the interval of a skill, and a skill for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.verdict import BETTER, TOO_FEW, WORSE, comparisons, verdict
from afterfall.report.kit.number_formats import NOTHING

#: Scored quantities as they are named wherever scores are shown.
QUANTITIES: Mapping[str, str] = {
    "travelled": "travelled so far",
    "returned": "returned so far",
    "killed_so_far": "killed so far",
    "prosecuted": "imprisoned at home so far",
    "repatriated": "repatriated so far",
    "in_theatre": "in the theatre",
    "detained": "detained in or near the theatre",
    "third_country": "in third countries",
}


def skill_range(skill: Skill) -> str:
    """The 90 % interval of a skill; a dash where there are too few independent units to judge by it."""
    if verdict(skill) == TOO_FEW or not (math.isfinite(skill.low90) and math.isfinite(skill.high90)):
        return NOTHING
    return f"{skill.low90:.2f} to {skill.high90:.2f}"


def many_verdicts(skills: Iterable[Skill]) -> str:
    """What the verdicts of a table are worth together: how many exclude zero, by chance, in fact, and adjusted."""
    found = comparisons(skills)
    if not found.made:
        return "No comparison has enough independent units to be judged."
    judged = "One comparison is" if found.made == 1 else f"{found.made} comparisons are"
    return (
        f"{judged} judged. If nothing differed, {found.by_chance:.1f} of their 90% intervals would exclude "
        f"zero by chance. {found.better + found.worse} do ({found.better} {BETTER}, {found.worse} {WORSE}); "
        f"{found.adjusted} after Holm's adjustment."
    )


def comparisons_json(skills: Iterable[Skill]) -> dict[str, Any]:
    """What the verdicts of a table are worth together, for JSON."""
    return asdict(comparisons(skills))


def skill_json(skill: Skill) -> dict[str, Any]:
    """A skill for JSON."""
    return {
        "skill": skill.skill,
        "low90": skill.low90,
        "high90": skill.high90,
        "model": skill.model,
        "baseline": skill.baseline,
        "figures": skill.figures,
        "clusters": skill.clusters,
        "independent": skill.independent,
        "p_value": skill.p_value,
        "verdict": verdict(skill),
    }
