"""Skill against a baseline in words: better or worse, whether that is conclusive, and the interval behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from afterfall.evaluate.core.bootstrap import Skill
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
BETTER, WORSE, EQUAL, INCONCLUSIVE = "better", "worse", "equal", "inconclusive"
NOTHING_TO_COMPARE = "nothing to compare"


def skill_verdict(skill: float, low: float, high: float) -> str:
    """Better or worse than the baseline, and "inconclusive" where the 90 % interval contains zero.

    >>> skill_verdict(0.2, 0.1, 0.3), skill_verdict(-0.1, -0.3, 0.2)
    ('better', 'worse, inconclusive')
    """
    if not math.isfinite(skill):
        return WORSE if skill == -math.inf else NOTHING_TO_COMPARE
    word = WORSE if skill < 0 else BETTER if skill > 0 else EQUAL
    conclusive = math.isfinite(low) and (low > 0 or high < 0)
    return word if conclusive else f"{word}, {INCONCLUSIVE}"


def verdict(skill: Skill) -> str:
    """The words of `skill_verdict` for a skill."""
    return skill_verdict(skill.skill, skill.low90, skill.high90)


def skill_range(skill: Skill) -> str:
    """The 90 % interval of a skill."""
    if not (math.isfinite(skill.low90) and math.isfinite(skill.high90)):
        return NOTHING
    return f"{skill.low90:.2f} to {skill.high90:.2f}"


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
    }
