"""What all parts of the track record share: a table of Markdown, a skill with its interval, a loss in bold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from afterfall.evaluate.core.bootstrap import Skill
from afterfall.report.kit.number_formats import json_number
from afterfall.report.scores.score_tables import decimals, skill_range


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def loss_bold(word: str) -> str:
    """A loss stands out."""
    return word.replace("loss", "**loss**")


def skill_text(skill: Skill) -> str:
    """Skill with its 90 % interval, empty for nothing."""
    return f"{decimals(skill.skill)} ({skill_range(skill)})" if skill.figures else ""


def pair_text(pair: tuple[float, float]) -> str:
    """Scores of the model and of a naive forecast, the model's bold where it is the worse."""
    model, baseline = map(decimals, pair)
    return f"**{model}**, {baseline}" if pair[0] > pair[1] else f"{model}, {baseline}"


def skill_json(skill: Skill) -> dict[str, Any]:
    """A skill for JSON."""
    return {name: json_number(v) if isinstance(v, float) else v for name, v in asdict(skill).items()}
