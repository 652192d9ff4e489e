"""The weight of a fit against its priors, and draws that follow it."""

import numpy as np
import pytest

from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.stacking import left_out, log_likelihoods, scored_groups, stacked, stacking_weight
from afterfall.model import Model


def test_the_weight_is_the_maximum_of_the_mean_log_score_on_a_grid() -> None:
    rng = np.random.default_rng(3)
    fit, priors = rng.normal(0.0, 1.0, 30), rng.normal(0.0, 1.0, 30)
    grid = np.linspace(0.0, 1.0, 100_001)[:, None]
    best = grid[np.log(grid * np.exp(fit) + (1.0 - grid) * np.exp(priors)).sum(axis=1).argmax(), 0]
    assert stacking_weight(fit, priors) == pytest.approx(best, abs=2e-5)


def test_a_fit_that_predicts_every_group_better_has_all_the_weight_and_one_that_predicts_worse_has_none() -> None:
    low, high = np.array([-3.0, -900.0]), np.array([-2.0, -850.0])
    assert stacking_weight(high, low) == pytest.approx(1.0, abs=1e-4)
    assert stacking_weight(low, high) == pytest.approx(0.0, abs=1e-4)
    assert stacking_weight(np.zeros(0), np.zeros(0)) == 0.5


def test_the_left_out_density_of_a_normal_model_is_that_of_its_posterior_without_the_group() -> None:
    rng = np.random.default_rng(1)
    y = np.array([0.3, -0.5, 1.1])  # y ~ N(mu, 1), mu ~ N(0, 1)
    draws = rng.normal(y.sum() / 4.0, 0.5, 200_000)
    log = -0.5 * (y - draws[:, None]) ** 2 - 0.5 * np.log(2.0 * np.pi)
    mean, var = (y.sum() - y) / 3.0, 1.0 + 1.0 / 3.0
    exact = -0.5 * (y - mean) ** 2 / var - 0.5 * np.log(2.0 * np.pi * var)
    assert left_out(log) == pytest.approx(exact, abs=0.01)


def test_draws_of_the_priors_have_no_more_weight_than_the_fit_loses(tiny: Model) -> None:
    density = LogPosterior.of(tiny)
    rng = np.random.default_rng(0)
    z = 0.1 * rng.standard_normal((40, len(density.names)))
    mixed, fitted = stacked(density, z, seed=5)
    assert (mixed != z).any(axis=1).tolist() == (~fitted).tolist()
    assert (mixed[fitted] == z[fitted]).all()
    assert log_likelihoods(density, z).shape == (40, len(density.fit_figures.totals) + 1)


def test_both_are_scored_on_every_group_that_has_a_figure(tiny: Model) -> None:
    density = LogPosterior.of(tiny)
    own = log_likelihoods(density, 0.1 * np.random.default_rng(0).standard_normal((5, len(density.names))))
    assert scored_groups(density).tolist() == np.flatnonzero(np.ptp(own, axis=0) > 0.0).tolist()
    assert 0 < len(scored_groups(density)) <= own.shape[1]


def test_draws_far_from_the_figures_lose_all_weight(tiny: Model) -> None:
    density = LogPosterior.of(tiny)
    names = density.names
    z = np.zeros((40, len(names)))
    z[:, names.index("killing.fighter")] = 8.0 + 0.01 * np.arange(40)
    mixed, fitted = stacked(density, z, seed=5)
    assert fitted.mean() < 0.1
    assert (mixed != z).any(axis=1).mean() > 0.9


def test_nothing_to_compare_gives_no_score_and_what_does_not_vary_has_even_weights() -> None:
    assert left_out(np.zeros((9, 0))).shape == (0,)
    assert left_out(np.full((9, 1), -2.0)) == pytest.approx([-2.0])
