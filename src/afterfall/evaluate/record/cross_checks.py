"""What the track record sets beside its own scores: expert statements, and collapses left out one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from afterfall.evaluate.events.spread_left_out import SpreadApart
from afterfall.evaluate.experts.expert_scores import Experts
from afterfall.evaluate.record.mortality_cross_validation import PooledScores


@dataclass(frozen=True)
class Beside:
    """The parts; None for what a case has nothing of."""

    experts: Experts | None = None
    pooled: PooledScores | None = None
    spread: SpreadApart | None = None
