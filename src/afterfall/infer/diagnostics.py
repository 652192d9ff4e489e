"""Whether chains have met: split R-hat and effective sample size, on ranks.

Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), "Rank-normalization, folding, and localization: an improved
R-hat", doi:10.1214/20-BA1221; the effective size by Geyer's initial monotone sequence (1992,
doi:10.1214/ss/1177011137).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

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
    folded = np.abs(draws - np.median(draws))
    return max(_rhat(_ranked(_split(draws))), _rhat(_ranked(_split(folded))))


def effective_size(draws: Floats) -> float:
    """Effective sample size of rank-normalised split draws ``[chain, iteration]``."""
    chains = _ranked(_split(draws))
    m, n = chains.shape
    centred = chains - chains.mean(axis=1, keepdims=True)
    autocovariance = np.array([[c[: n - k] @ c[k:] / n for k in range(n)] for c in centred])
    within = autocovariance[:, 0].mean() * n / (n - 1.0)
    total = within * (n - 1.0) / n + chains.mean(axis=1).var(ddof=1)
    if total <= 0.0:
        return float(m * n)
    rho = 1.0 - (within - autocovariance.mean(axis=0) * n / (n - 1.0)) / total
    rho[0] = 1.0
    pairs = rho[: n // 2 * 2].reshape(-1, 2).sum(axis=1)
    stop = int(np.argmax(pairs < 0.0)) if (pairs < 0.0).any() else len(pairs)
    monotone = np.minimum.accumulate(pairs[:stop])
    tau = max(-1.0 + 2.0 * monotone.sum(), 1.0 / np.log10(m * n))
    return float(m * n / tau)


def _split(draws: Floats) -> Floats:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _ranked(draws: Floats) -> Floats:
    ranks = stats.rankdata(draws).reshape(draws.shape)
    return np.asarray(stats.norm.ppf((ranks - 0.375) / (draws.size + 0.25)))


def _rhat(chains: Floats) -> float:
    n = chains.shape[1]
    within = chains.var(axis=1, ddof=1).mean()
    between = n * chains.mean(axis=1).var(ddof=1)
    return float(np.sqrt((n - 1.0) / n + between / (n * within))) if within > 0.0 else 1.0
