"""Figures under draws of the priors: an origin is predicted from its region's others, never from its own counts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import jax
import numpy as np
import pytest
from benchmarks.eight_origins import eight_origins

from afterfall.infer.likelihood import Shares, by_group, shares_of
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.regional_borrowing import (
    PooledNodes,
    beliefs_of,
    borrowing_log_likelihoods,
    log_likelihood_of,
    pooled_of,
)
from afterfall.model import build, sample
from afterfall.model.observation.fit_arrays import fit_arrays
from afterfall.model.observation.initial_state_plan import InitialStatePlan
from afterfall.model.observation.nowcast import _beliefs, history

DISCREPANCY = 0.2


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> LogPosterior:
    return LogPosterior.of(build(eight_origins(tmp_path_factory.mktemp("eight")), horizon=1))


@pytest.fixture(scope="module")
def theta(eight: LogPosterior) -> np.ndarray:
    return np.asarray(eight.parameters(0.4 * np.random.default_rng(2).normal(size=len(eight.names))))


@pytest.fixture(scope="module")
def shares(eight: LogPosterior, theta: np.ndarray) -> Shares:
    found: Shares = jax.tree.map(np.asarray, shares_of(eight.model.view, eight.program)(theta))
    return found


def region_of(density: LogPosterior) -> np.ndarray:
    return np.array(density.model.nowcaster.plan.region)[sorted(density.fit_figures.totals)]


def scored(density: LogPosterior, theta: np.ndarray, shares: Shares, pooled: PooledNodes) -> np.ndarray:
    data = fit_arrays(density.model.view, density.fit_figures)
    found = log_likelihood_of(data, density.program, region_of(density), theta, DISCREPANCY, shares, pooled)
    return np.asarray(found)


def of_the_region(density: LogPosterior, theta: np.ndarray, shares: Shares) -> PooledNodes:
    """Pooled means that are those of the region, as alike as its origins are."""
    k, region = theta[density.program.names.index("nowcast.concentration")], region_of(density)
    home, dead = shares.home[-1, region], shares.dead[-1, region]
    return PooledNodes(home, np.full(len(home), k), dead / (1.0 - home), (k + 1.0) * (1.0 - home) - 1.0)


def test_what_the_region_expects_moves_nothing(eight: LogPosterior, theta: np.ndarray, shares: Shares) -> None:
    plain = by_group(eight.model.view, eight.program, eight.fit_figures)(theta, DISCREPANCY)[0]
    assert scored(eight, theta, shares, of_the_region(eight, theta, shares)) == pytest.approx(np.asarray(plain))


def test_an_origin_is_scored_by_its_own_pooled_shares(eight: LogPosterior, theta: np.ndarray, shares: Shares) -> None:
    """Those of another origin, and the world's, stay."""
    pooled = of_the_region(eight, theta, shares)
    before = scored(eight, theta, shares, pooled)
    for o in range(len(before) - 1):
        home = pooled.home.copy()
        home[o] *= 0.5
        after = scored(eight, theta, shares, pooled._replace(home=home))
        assert (np.flatnonzero(after != before) == [o]).all()


def with_plan(plan: InitialStatePlan) -> LogPosterior:
    """Only what pooling reads of a density."""
    found: Any = SimpleNamespace(model=SimpleNamespace(nowcaster=SimpleNamespace(plan=plan)))
    return cast("LogPosterior", found)


def test_an_origin_borrows_from_the_others_of_its_region_and_not_from_its_own_counts(
    eight: LogPosterior, theta: np.ndarray, shares: Shares
) -> None:
    plan, origins = eight.model.nowcaster.plan, np.array(sorted(eight.fit_figures.totals))
    beliefs = beliefs_of(eight.program, theta, shares, DISCREPANCY)
    before = np.array(pooled_of(eight, beliefs, origins, 1, 0))
    counted = np.flatnonzero((plan.evidence >= 0).all(axis=0))
    assert len(counted) > 1
    for o in counted:
        evidence = plan.evidence.copy()
        evidence[:, o] = -1.0
        after = np.array(pooled_of(with_plan(plan._replace(evidence=evidence)), beliefs, origins, 1, 0))
        changed = set(origins[(after != before).any(axis=0)].tolist())
        region = plan.region[origins] == plan.region[o]
        assert changed == set(origins[region].tolist()) - {int(o)}


def test_the_forecast_pools_the_same(eight: LogPosterior) -> None:
    """Totals and pooled shares with beliefs of the fit program are close to those of the full history's nowcast."""
    draws = sample(eight.model, trajectories=range(3), seed=4)
    past = history(eight.model.nowcaster, eight.model.history, draws.values, 4)
    column = {name: i for i, name in enumerate(draws.names)}
    origins = np.array(sorted(eight.fit_figures.totals))
    for i in range(3):
        theta = draws.values[i, [column[name] for name in eight.program.names]]
        own: Shares = jax.tree.map(np.asarray, shares_of(eight.model.view, eight.program)(theta))
        ours = np.array(pooled_of(eight, beliefs_of(eight.program, theta, own, 0.0), origins, 4, i))
        theirs = np.array(pooled_of(eight, _beliefs(past, i, draws, column), origins, 4, i))
        assert ours[::2] == pytest.approx(theirs[::2], abs=0.03)
        assert ours[1::2] == pytest.approx(theirs[1::2], rel=0.1)


def test_each_draw_has_a_finite_score(eight: LogPosterior) -> None:
    z = np.random.default_rng(1).standard_normal((6, len(eight.names)))
    found = borrowing_log_likelihoods(eight, z, 3)
    assert found.shape == (6, len(eight.fit_figures.totals) + 1)
    assert np.isfinite(found).all()
    assert np.array_equal(found, borrowing_log_likelihoods(eight, z, 3))
