"""Whether chains have met: split R-hat and effective sample size, on ranks, by ArviZ.

Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), "Rank-normalization, folding, and localization: an improved
R-hat", doi:10.1214/20-BA1221.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from arviz_stats.base.array import array_stats

from afterfall.engine.program import Floats

LARGEST_RHAT = 1.05
LEAST_ESS = 100.0
MOST_DIVERGENT = 0.01


@dataclass(frozen=True)
class Diagnosis:
    """How the chains did, by unknown ``[P]`` and all in all."""

    names: tuple[str, ...]
    rhat: Floats
    ess: Floats
    divergences: int
    kept: int
    steps: float
    acceptance: float

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong, worst first; nothing when the draws can be used."""
        worst, least = int(np.argmax(self.rhat)), int(np.argmin(self.ess))
        checks = (
            (
                self.rhat[worst] > LARGEST_RHAT,
                f"R-hat of {self.names[worst]} is {self.rhat[worst]:.3f}, expected at most {LARGEST_RHAT}",
            ),
            (
                self.ess[least] < LEAST_ESS,
                f"effective sample size of {self.names[least]} is {self.ess[least]:.0f}, "
                f"expected at least {LEAST_ESS:.0f}",
            ),
            (
                self.divergences > MOST_DIVERGENT * self.kept,
                f"{self.divergences} of {self.kept} iterations diverged, expected at most {MOST_DIVERGENT:.0%}",
            ),
        )
        return tuple(text for wrong, text in checks if wrong)


def split_rhat(draws: Floats) -> float:
    """Rank-normalised split R-hat of draws ``[chain, iteration]``: the larger of that of ranks and of folded ranks."""
    return float(array_stats.rhat(draws, chain_axis=0, draw_axis=1, method="rank"))


def effective_size(draws: Floats) -> float:
    """Bulk effective sample size of draws ``[chain, iteration]``."""
    return float(array_stats.ess(draws, chain_axis=0, draw_axis=1, method="bulk"))
