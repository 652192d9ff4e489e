"""Evaluation: which later figures count, what the forecast and the baselines predicted, and how they scored.

Rooms, each importing only from those before it:

    core        outcomes, scoring rules, bootstrap, last published figures
    baselines   forecasts without the model, and their calibration on earlier dates
    figures     the forecast of a published count; complete national splits
    events      dated events: strongholds, places reached, attacks
    experts     published expert statements as forecasts
    views       violence by place against the benchmarks of the VIEWS challenge
    record      scores of one run, of several as-of dates, and cross-validation
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.evaluate.core.outcomes import Outcome, Selection, select
    from afterfall.evaluate.record.scoring import Scores, score

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "core.outcomes": ["Outcome", "Selection", "select"],
        "record.scoring": ["Scores", "score"],
    },
)

__all__ = [
    "Outcome",
    "Scores",
    "Selection",
    "score",
    "select",
]
