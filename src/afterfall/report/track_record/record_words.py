"""What all parts of the track record share: a skill with its interval, a worse score in bold."""

from __future__ import annotations

from afterfall.evaluate.core.bootstrap import Skill
from afterfall.report.kit.number_formats import decimals
from afterfall.report.kit.skill_words import WORSE, skill_range


def worse_bold(word: str) -> str:
    """A verdict with "worse" in bold."""
    return word.replace(WORSE, f"**{WORSE}**")


def skill_text(skill: Skill) -> str:
    """Skill with its 90 % interval, empty for nothing."""
    return f"{decimals(skill.skill)} ({skill_range(skill)})" if skill.figures else ""


def pair_text(pair: tuple[float, float]) -> str:
    """Scores of the model and of a baseline, the model's in bold where it is the worse."""
    model, baseline = map(decimals, pair)
    return f"**{model}**, {baseline}" if pair[0] > pair[1] else f"{model}, {baseline}"
