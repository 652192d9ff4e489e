"""Evaluation: which later figures count, what the forecast and the baselines predicted of them, and how they scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.evaluate.core.outcomes import Outcome, Selection, select
    from afterfall.evaluate.core.scoring import Scores, score

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "core.outcomes": ["Outcome", "Selection", "select"],
        "core.scoring": ["Scores", "score"],
    },
)

__all__ = [
    "Outcome",
    "Scores",
    "Selection",
    "score",
    "select",
]
