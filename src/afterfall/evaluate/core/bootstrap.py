"""Skill against a baseline, with a bootstrap interval that resamples countries and reports, not single figures.

**Clusters.** Figures of one country and quantity repeat each other: a country that publishes every quarter would
outvote one that published once. So each country-quantity pair (a cluster) counts once, with the mean of its scores.
Resampling clusters with replacement (Field and Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x) shows how the skill
would vary with another set of countries.

**Report families.** One report that gives thirty countries makes one error thirty times. Where families are given, they
are resampled as well, independently of the clusters, and each figure has the product of both multiplicities as its
weight: the pigeonhole bootstrap (Owen 2007, doi:10.1214/07-AOAS122; the two-way dependence of Cameron, Gelbach and
Miller 2011, doi:10.1198/jbes.2010.07136). Within a cluster the mean is weighted by the multiplicities of families; a
cluster of which no figure is drawn drops out.

A family whose figures all lie in one cluster makes nothing depend across clusters, and resampling its cluster already
covers it. Its multiplicity stays one. So the interval is that of clusters alone if each figure has a family of its own.
Otherwise the product counts the noise of single figures more than once, and the interval is slightly too wide rather
than too narrow (Owen and Eckles 2012, doi:10.1214/12-AOAS547). Where no families are given, clusters alone are
resampled.

**Few units.** Percentile intervals are too narrow for few units. Their levels are therefore moved outwards by Student's
distribution: the expanded percentile interval (Hesterberg 2015, doi:10.1080/00031305.2015.1089789). The number of
units is that of clusters, or the effective number of report families if that is smaller: ``1 / sum of squares`` of
their shares of the weight (Kish). Under `ENOUGH` units there is no interval and no p-value.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats  # type: ignore[import-untyped]

from afterfall.evaluate.core.scoring_rules import Floats, generator_of
from afterfall.run.quantile_levels import INTERVAL_LEVELS

REPLICATES = 2000
LOWER = INTERVAL_LEVELS[0]
#: Fewest independent units for an interval and a verdict.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Skill:
    """Skill ``1 - mean score / mean score of the baseline``: 1 is perfect, 0 equal, below 0 worse.

    Attributes
    ----------
    skill
        NaN if there is nothing to compare; minus infinity if only the baseline was perfect.
    low90, high90
        Ends of the 90 % bootstrap interval, NaN with fewer than `ENOUGH` independent units.
    model, baseline
        Mean scores; each cluster counts once.
    figures, clusters
        Numbers of figures and clusters compared.
    independent
        Number of independent units: clusters, or the effective number of report families if that is smaller.
    p_value
        Two-sided bootstrap p-value of no difference, NaN without an interval.
    """

    skill: float
    low90: float
    high90: float
    model: float
    baseline: float
    figures: int
    clusters: int
    independent: int
    p_value: float


NO_SKILL = Skill(np.nan, np.nan, np.nan, np.nan, np.nan, 0, 0, 0, np.nan)


def cluster_means(scores: npt.ArrayLike, clusters: Sequence[Hashable]) -> Floats:
    """Mean of the scores ``(N,)`` of each cluster, clusters in the order of their first figure."""
    values, index = np.asarray(scores, float), _numbered(clusters)
    return np.bincount(index, weights=values) / np.bincount(index) if len(index) else np.empty(0)


def weighted_mean(scores: npt.ArrayLike, clusters: Sequence[Hashable]) -> float:
    """Mean score in which each cluster counts once; NaN without scores."""
    return float(cluster_means(scores, clusters).mean()) if len(clusters) else float("nan")


def skill(
    model: npt.ArrayLike,
    baseline: npt.ArrayLike,
    clusters: Sequence[Hashable],
    *,
    families: Sequence[Hashable] | None = None,
    name: str,
    seed: int,
) -> Skill:
    """Skill of a model's scores against those of a baseline, with its bootstrap interval.

    Parameters
    ----------
    model, baseline
        Scores ``(N,)`` of the same figures; lower is better.
    clusters
        Cluster of each figure, N of them.
    families
        Report family of each figure, N of them; None if figures share nothing but their cluster.
    name, seed
        Keys of the resampling, so that an interval does not depend on what else is scored.
    """
    if not len(clusters):
        return NO_SKILL
    ours, theirs = cluster_means(model, clusters).mean(), cluster_means(baseline, clusters).mean()
    count = len(set(clusters))
    units = count if families is None else min(count, _effective(clusters, families))
    low, high, p_value = np.nan, np.nan, np.nan
    if units >= ENOUGH:
        drawn = _replicates(np.asarray(model, float), np.asarray(baseline, float), clusters, families, name, seed)
        level = expanded(LOWER, units)
        low, high = np.quantile(drawn, (level, 1.0 - level), method="inverted_cdf")
        p_value = _p_value(drawn, units)
    return Skill(
        skill=float(_skill(ours, theirs)),
        low90=float(low),
        high90=float(high),
        model=float(ours),
        baseline=float(theirs),
        figures=len(clusters),
        clusters=count,
        independent=units,
        p_value=p_value,
    )


def expanded(level: float, units: int) -> float:
    """The level of a percentile interval of few units that stands for a level under 0.5 of many.

    >>> round(expanded(0.05, 5), 3), round(expanded(0.05, 1000), 3)
    (0.009, 0.05)
    """
    return float(stats.norm.cdf(math.sqrt(units / (units - 1)) * stats.t.ppf(level, units - 1)))


def _effective(clusters: Sequence[Hashable], families: Sequence[Hashable]) -> int:
    """Effective number of report families, each weighted by its figures' part in the mean over clusters."""
    sizes = Counter(clusters)
    share: Counter[Hashable] = Counter()
    for cluster, family in zip(clusters, families, strict=True):
        share[family] += 1.0 / sizes[cluster] / len(sizes)  # type: ignore[assignment]
    return round(1.0 / sum(part * part for part in share.values()))


def _numbered(names: Sequence[Hashable]) -> npt.NDArray[np.intp]:
    """Each name as a number, in the order of first occurrence."""
    order = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return np.array([order[name] for name in names], dtype=np.intp)


def _replicates(
    model: Floats,
    baseline: Floats,
    clusters: Sequence[Hashable],
    families: Sequence[Hashable] | None,
    name: str,
    seed: int,
) -> Floats:
    """Skills of the resampled figures, at most `REPLICATES`: one in which no figure is drawn is left out."""
    column, row = _numbered(clusters), _numbered(clusters if families is None else families)
    shape = int(row.max()) + 1, int(column.max()) + 1
    cell, size = row * shape[1] + column, shape[0] * shape[1]
    # Figures, and sums of both scores, by family and cluster.
    added = (np.bincount(cell, weights=each, minlength=size) for each in (np.ones_like(model), model, baseline))
    cells = np.stack([each.reshape(shape) for each in added])
    shared = np.count_nonzero(cells[0], axis=1) > 1
    of_family = np.where(shared, _multiplicities(f"bootstrap/{name}/families", shape[0], seed), 1.0)
    figures, *sums = of_family @ cells  # each (REPLICATES, clusters)
    weights = _multiplicities(f"bootstrap/{name}", shape[1], seed) * (figures > 0)
    ours, theirs = ((weights * each / np.maximum(figures, 1.0)).sum(axis=1) for each in sums)
    total = weights.sum(axis=1)
    kept = total > 0
    return _skill(ours[kept] / total[kept], theirs[kept] / total[kept])


def _multiplicities(name: str, count: int, seed: int) -> Floats:
    """How often each of `count` units is drawn, ``(REPLICATES, count)``."""
    drawn = generator_of(name, seed=seed).integers(count, size=(REPLICATES, count))
    flat = drawn + count * np.arange(REPLICATES)[:, None]
    return np.bincount(flat.ravel(), minlength=REPLICATES * count).reshape(REPLICATES, count).astype(float)


def _p_value(drawn: Floats, units: int) -> float:
    """Twice the smaller share of replicates on either side of zero, as the levels of an interval are moved.

    The observed skill counts as one replicate on each side.
    """
    fewer = min(np.count_nonzero(drawn <= 0), np.count_nonzero(drawn >= 0))
    moved = stats.norm.ppf((fewer + 1) / (len(drawn) + 1)) * math.sqrt((units - 1) / units)
    return float(min(1.0, 2.0 * stats.t.cdf(moved, units - 1)))


def _skill(ours: npt.ArrayLike, theirs: npt.ArrayLike) -> Floats:
    """Skill; if the baseline has no error, 0 for a draw and minus infinity for a loss."""
    a, b = np.asarray(ours, float), np.asarray(theirs, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b > 0, 1.0 - a / np.where(b > 0, b, 1.0), np.where(a > 0, -np.inf, 0.0))
