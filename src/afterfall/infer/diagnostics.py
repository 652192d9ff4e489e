"""Convergence diagnostics: rank-normalised split R-hat and effective sample size, by ArviZ.

Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), "Rank-normalization, folding, and localization: an improved
R-hat", doi:10.1214/20-BA1221.
"""

from __future__ import annotations

from dataclasses import dataclass

from arviz_stats.base.array import array_stats

from afterfall.engine.program import Floats
from afterfall.posterior.convergence import GOOD_RHAT, faults_of


@dataclass(frozen=True)
class Diagnosis:
    """Diagnostics of the chains, by unknown ``[P]`` and overall."""

    names: tuple[str, ...]
    rhat: Floats
    ess: Floats
    divergences: int
    kept: int
    steps: float
    acceptance: float

    @property
    def above(self) -> tuple[str, ...]:
        """Unknowns whose R-hat is above `GOOD_RHAT`, the worst first."""
        order = self.rhat.argsort()[::-1]
        return tuple(f"{self.names[i]} {self.rhat[i]:.3f}" for i in order if self.rhat[i] > GOOD_RHAT)

    @property
    def faults(self) -> tuple[str, ...]:
        """Failed convergence criteria; empty when the draws can be used."""
        return faults_of(self.names, self.rhat, self.ess, divergences=self.divergences, kept=self.kept)


def split_rhat(draws: Floats) -> float:
    """Rank-normalised split R-hat of draws ``[chain, iteration]``: the larger of those of ranks and folded ranks."""
    return float(array_stats.rhat(draws, chain_axis=0, draw_axis=1, method="rank"))


def effective_size(draws: Floats) -> float:
    """Bulk effective sample size of draws ``[chain, iteration]``."""
    return float(array_stats.ess(draws, chain_axis=0, draw_axis=1, method="bulk"))
