"""The three rules by which the VIEWS prediction challenge 2023/24 scores draws of monthly deaths. Lower is better.

For draws x_1..x_n and an outcome y (Hegre et al. 2025, doi:10.1177/00223433241300862):

    CRPS       mean |x_i - y| - sum_ij |x_i - x_j| / (2 n^2)
    ignorance  -log2 of the share of draws in the bin of y, one imaginary draw added to each of the eleven bins
    interval   width of the central 90 % interval plus 20 times the distance by which the outcome lies outside it

The library `scoringrules` computes CRPS and interval score. The ignorance score is ours, because the challenge's
version, with its bins and imaginary draws, is in no library.

The ignorance score depends on the number of draws, so the challenge resamples all forecasts to 1,000 draws by Fourier
interpolation along the order of the draws, with negative values set to zero. For the twelve draws of conflictology this
spreads mass over bins that contain none of the twelve, which flatters its score. It is reproduced here because the
published scores were computed that way.
"""

from __future__ import annotations

import numpy as np

from afterfall.engine.program import Floats

#: Lower edges of the bins of the ignorance score.
BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
DRAWS = 1000
#: One minus the level of the interval.
MISS = 0.1
NAMES = ("crps", "ignorance", "interval")


def crps(draws: Floats, outcome: Floats) -> Floats:
    """Continuous ranked probability score of ``draws[..., n]`` against ``outcome[...]``, in deaths."""
    import scoringrules  # type: ignore[import-untyped]

    return np.asarray(scoringrules.crps_ensemble(outcome, draws, backend="numpy"), float)


def ignorance(draws: Floats, outcome: Floats, *, worth: int = 1) -> Floats:
    """Ignorance score of ``draws[..., n]`` against ``outcome[...]``, in bits; each draw counts as `worth` draws."""
    drawn = np.digitize(draws, BINS)
    hits = (drawn == np.digitize(outcome, BINS)[..., None]).sum(axis=-1)
    return np.asarray(-np.log2((worth * hits + 1.0) / (worth * draws.shape[-1] + len(BINS))))


def interval(draws: Floats, outcome: Floats) -> Floats:
    """Interval score of the central 90 % interval of ``draws[..., n]`` against ``outcome[...]``, in deaths."""
    import scoringrules

    low, high = np.quantile(draws, [MISS / 2, 1.0 - MISS / 2], axis=-1)
    score = scoringrules.interval_score(outcome, low, high, MISS, backend="numpy")
    return np.asarray(score, float).reshape(np.shape(outcome))  # the library drops axes of length one


def views_scores(draws: Floats, outcome: Floats) -> Floats:
    """The three scores, ``(3, ...)``, in the order of `NAMES`; draws of another number than `DRAWS` are resampled."""
    return np.stack([crps(draws, outcome), ignorance(resampled(draws), outcome), interval(draws, outcome)])


def resampled(draws: Floats) -> Floats:
    """`DRAWS` draws by Fourier interpolation along the last axis, as the challenge makes them for its ignorance score.

    A single draw is repeated.
    """
    n = draws.shape[-1]
    if n == DRAWS:
        return draws
    from scipy.signal import resample  # type: ignore[import-untyped]

    flat = draws.reshape(-1, n)
    return np.asarray(np.maximum(resample(flat, DRAWS, axis=1), 0.0).reshape(*draws.shape[:-1], DRAWS))
