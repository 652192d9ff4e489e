"""Reliability of one run or of a whole record, by quantity.

Over several as-of dates the same figure is forecast several times. Its country-quantity pair is one cluster all the
same, so more dates do not make more independent units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.reliability import Reliability, reliability
from afterfall.evaluate.record.scoring import MODEL, Scores

ALL = "all"


def reliability_by_quantity(scores: Sequence[Scores]) -> Mapping[str, Reliability]:
    """Reliability of all quantities together (`ALL`) and of each, on structure known at the as-of dates."""
    rows = [
        (outcome, float(pit))
        for one in scores
        for outcome, pit, late in zip(
            one.scored.outcomes, one.scored.marks[MODEL].pit, one.scored.hindsight, strict=True
        )
        if not late
    ]
    if not rows:
        return {}
    quantities = sorted({outcome.quantity for outcome, _ in rows})
    return {ALL: _of(rows)} | {q: _of([row for row in rows if row[0].quantity == q]) for q in quantities}


def _of(rows: Sequence[tuple[Outcome, float]]) -> Reliability:
    return reliability(
        np.array([pit for _, pit in rows]),
        [outcome.cluster for outcome, _ in rows],
        [outcome.family for outcome, _ in rows],
    )
