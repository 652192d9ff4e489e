"""What all parts of the track record share: a skill with its interval, a worse score in bold."""

from __future__ import annotations

import math

from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.verdict import WORSE
from afterfall.report.kit.number_formats import decimals
from afterfall.report.kit.skill_words import skill_range


def worse_bold(word: str) -> str:
    """A verdict with "worse" in bold."""
    return word.replace(WORSE, f"**{WORSE}**")


def skill_text(skill: Skill) -> str:
    """Skill with its 90 % interval where it has one, empty for nothing."""
    if not skill.figures:
        return ""
    return decimals(skill.skill) + ("" if math.isnan(skill.low90) else f" ({skill_range(skill)})")


def pair_text(pair: tuple[float, float]) -> str:
    """Scores of the model and of a baseline."""
    return ", ".join(map(decimals, pair))
