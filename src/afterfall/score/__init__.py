"""Scores: which later figures count, what the forecast and naive forecasts said of them, and who was closer.

Names are imported when first used, as in the run room.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterfall.score.outcomes import Outcome, Selection, select
    from afterfall.score.scoring import Scores, score

_HOME = {
    "Outcome": "outcomes",
    "Selection": "outcomes",
    "select": "outcomes",
    "Scores": "scoring",
    "score": "scoring",
}

__all__ = ["Outcome", "Scores", "Selection", "score", "select"]


def __getattr__(name: str) -> Any:
    """Import a public name from its file on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'afterfall.score' has no attribute {name!r}")
    return getattr(import_module(f"afterfall.score.{_HOME[name]}"), name)
