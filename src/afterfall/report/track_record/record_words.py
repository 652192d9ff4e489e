"""What all parts of the track record share: a skill with its interval, a worse score in bold."""

from __future__ import annotations

from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.verdict import WORSE
from afterfall.report.kit.number_formats import decimals
from afterfall.report.kit.skill_words import skill_range


def worse_bold(word: str) -> str:
    """A verdict with "worse" in bold."""
    return word.replace(WORSE, f"**{WORSE}**")


def skill_text(skill: Skill) -> str:
    """Skill with its 90 % interval, empty for nothing."""
    return f"{decimals(skill.skill)} ({skill_range(skill)})" if skill.figures else ""


def pair_text(pair: tuple[float, float]) -> str:
    """Scores of the model and of a baseline."""
    return ", ".join(map(decimals, pair))
