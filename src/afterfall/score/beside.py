"""What the track record sets beside its own scores: expert statements, and collapses left out one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from afterfall.score.experts import Experts
from afterfall.score.pooled import PooledScores
from afterfall.score.spread_apart import SpreadApart


@dataclass(frozen=True)
class Beside:
    """The parts; None for what a case has nothing of."""

    experts: Experts | None = None
    pooled: PooledScores | None = None
    spread: SpreadApart | None = None
