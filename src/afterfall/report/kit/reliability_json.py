"""Reliability of a run or of a record for JSON: stated and observed shares, and the PIT, by quantity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterfall.evaluate.core.reliability import LEVELS
from afterfall.evaluate.record.reliability_of_record import reliability_by_quantity
from afterfall.evaluate.record.scoring import Scores


def reliability_json(scores: Sequence[Scores]) -> dict[str, Any]:
    """Stated and observed shares, and the PIT, of all figures and by quantity."""
    return {
        name: {
            "figures": one.figures,
            "clusters": one.clusters,
            "independent": one.independent,
            "levels": [
                {"stated": level, "observed": seen, "low90": low, "high90": high}
                for level, seen, low, high in zip(LEVELS, one.observed, one.low, one.high, strict=True)
            ],
            "pit": one.pit,
            "pit_low90": one.pit_low,
            "pit_high90": one.pit_high,
        }
        for name, one in reliability_by_quantity(scores).items()
    }
