"""Reliability: whether a central interval of a stated level contains observed figures as often as it states.

The probability integral transform (PIT) of a figure says at which quantile of its forecast it fell. The central
interval of level L contains a figure if ``|2 PIT - 1| <= L``, so all levels follow from the PIT, and so does the
histogram, which is flat if forecasts are calibrated (Gneiting, Balabdaoui and Raftery 2007,
doi:10.1111/j.1467-9868.2007.00587.x). Each country-quantity pair counts once.

A share of few figures is not exactly the level even of a perfect forecast. The consistency band (Bröcker and Smith
2007, doi:10.1175/WAF993.1) is the central 90 % interval of the binomial share of as many figures as there are
independent units: country-quantity pairs or report families, whichever are fewer.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom  # type: ignore[import-untyped]

from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.core.scoring_rules import Floats
from afterfall.run.quantile_levels import INTERVAL_LEVELS

#: Nominal levels of central intervals.
LEVELS = tuple(k / 10 for k in range(1, 10))
BINS = 10


@dataclass(frozen=True, slots=True)
class Reliability:
    """Observed shares against stated levels, and the PIT histogram; each country-quantity pair counts once.

    Attributes
    ----------
    figures, clusters, independent
        Numbers of figures, of country-quantity pairs, and of independent units.
    observed
        Share of figures inside the central interval of each of `LEVELS`.
    low, high
        Consistency band of these shares.
    pit
        Share of figures in each tenth of the PIT.
    pit_low, pit_high
        Consistency band of the share in one tenth.
    """

    figures: int
    clusters: int
    independent: int
    observed: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    pit: tuple[float, ...]
    pit_low: float
    pit_high: float


def reliability(pit: Floats, clusters: Sequence[Hashable], families: Sequence[Hashable]) -> Reliability:
    """Reliability of forecasts, one figure at least.

    Parameters
    ----------
    pit
        PIT of each figure ``(N,)``, in 0..1.
    clusters, families
        Country-quantity pair and report family of each figure, N of each.
    """
    central = np.abs(2.0 * pit - 1.0)
    tenth = np.minimum((pit * BINS).astype(int), BINS - 1)
    independent = min(len(set(clusters)), len(set(families)))
    bands = [_band(independent, level) for level in LEVELS]
    pit_low, pit_high = _band(independent, 1.0 / BINS)
    return Reliability(
        figures=len(clusters),
        clusters=len(set(clusters)),
        independent=independent,
        observed=tuple(weighted_mean(central <= level, clusters) for level in LEVELS),
        low=tuple(low for low, _ in bands),
        high=tuple(high for _, high in bands),
        pit=tuple(weighted_mean(tenth == k, clusters) for k in range(BINS)),
        pit_low=pit_low,
        pit_high=pit_high,
    )


def _band(independent: int, share: float) -> tuple[float, float]:
    """Central 90 % interval of an observed share: of `independent` figures, each with probability `share`."""
    low, high = binom.ppf((INTERVAL_LEVELS[0], INTERVAL_LEVELS[-1]), independent, share) / independent
    return float(low), float(high)
