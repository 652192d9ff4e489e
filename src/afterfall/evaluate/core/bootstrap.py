"""Skill against a baseline, with a bootstrap interval that resamples clusters instead of single figures.

Figures of one country and quantity repeat each other: a country that publishes every quarter would outvote one that
published once. So each country-quantity pair (a cluster) counts once, with the mean of its scores. Resampling clusters
with replacement (Field and Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x) shows how the skill would vary with
another set of countries. With few clusters the interval is too narrow; with one cluster there is none.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterfall.evaluate.core.scoring_rules import Floats, keyed
from afterfall.run.quantile_levels import INTERVAL_LEVELS

REPLICATES = 2000
ENDS = (INTERVAL_LEVELS[0], INTERVAL_LEVELS[-1])


@dataclass(frozen=True, slots=True)
class Skill:
    """Skill ``1 - mean score / mean score of the baseline``: 1 is perfect, 0 equal, below 0 worse.

    Attributes
    ----------
    skill
        NaN if there is nothing to compare; minus infinity if only the baseline was perfect.
    low90, high90
        Ends of the 90 % bootstrap interval, NaN with fewer than two clusters.
    model, baseline
        Mean scores; each cluster counts once.
    figures, clusters
        Numbers of figures and clusters compared.
    """

    skill: float
    low90: float
    high90: float
    model: float
    baseline: float
    figures: int
    clusters: int


def cluster_means(scores: npt.ArrayLike, clusters: Sequence[Hashable]) -> Floats:
    """Mean of the scores ``(N,)`` of each cluster, clusters in the order of their first figure."""
    values = np.asarray(scores, float)
    order = {name: i for i, name in enumerate(dict.fromkeys(clusters))}
    index = np.array([order[name] for name in clusters], dtype=int)
    return np.bincount(index, weights=values, minlength=len(order)) / np.bincount(index, minlength=len(order))


def weighted_mean(scores: npt.ArrayLike, clusters: Sequence[Hashable]) -> float:
    """Mean score in which each cluster counts once; NaN without scores."""
    return float(cluster_means(scores, clusters).mean()) if len(clusters) else float("nan")


def skill(
    model: npt.ArrayLike, baseline: npt.ArrayLike, clusters: Sequence[Hashable], *, name: str, seed: int
) -> Skill:
    """Skill of a model's scores against those of a baseline, with its bootstrap interval.

    Parameters
    ----------
    model, baseline
        Scores ``(N,)`` of the same figures; lower is better.
    clusters
        Cluster of each figure, N of them.
    name, seed
        Keys of the resampling, so that an interval does not depend on what else is scored.
    """
    if not len(clusters):
        return Skill(np.nan, np.nan, np.nan, np.nan, np.nan, 0, 0)
    ours, theirs = cluster_means(model, clusters), cluster_means(baseline, clusters)
    count = len(ours)
    low, high = np.nan, np.nan
    if count > 1:
        drawn = keyed(f"bootstrap/{name}", seed=seed).integers(count, size=(REPLICATES, count))
        low, high = np.quantile(
            _skill(ours[drawn].mean(axis=1), theirs[drawn].mean(axis=1)), ENDS, method="inverted_cdf"
        )
    value = float(_skill(ours.mean(), theirs.mean()))
    return Skill(value, float(low), float(high), float(ours.mean()), float(theirs.mean()), len(clusters), count)


def _skill(ours: npt.ArrayLike, theirs: npt.ArrayLike) -> Floats:
    """Skill; if the baseline has no error, 0 for a draw and minus infinity for a loss."""
    a, b = np.asarray(ours, float), np.asarray(theirs, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b > 0, 1.0 - a / np.where(b > 0, b, 1.0), np.where(a > 0, -np.inf, 0.0))
