"""The weight of a fit against its priors, and draws that follow it."""

import numpy as np
import pytest

from afterfall.infer import stacking
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.stacking import (
    GroupScores,
    effective_draws,
    group_scores,
    left_out,
    log_likelihoods,
    scored_groups,
    stacked,
    stacking_weight,
)
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
    found, k = left_out(log)
    assert found == pytest.approx(exact, abs=0.01)
    assert k.max() < 0.7


def test_draws_of_the_priors_have_no_more_weight_than_the_fit_loses(tiny: Model) -> None:
    density = LogPosterior.of(tiny)
    rng = np.random.default_rng(0)
    z = 0.1 * rng.standard_normal((40, len(density.names)))
    found = stacked(density, z, seed=5)
    assert (found.z != z).any(axis=1).tolist() == (~found.fitted).tolist()
    assert (found.z[found.fitted] == z[found.fitted]).all()
    assert len(found.scores.fit) == len(scored_groups(density))
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
    found = stacked(density, z, seed=5)
    assert found.fitted.mean() < 0.1
    assert (found.z != z).any(axis=1).mean() > 0.9


def test_nothing_to_compare_gives_no_score_and_what_does_not_vary_has_even_weights() -> None:
    assert [x.shape for x in left_out(np.zeros((9, 0)))] == [(0,), (0,)]
    assert left_out(np.full((9, 1), -2.0)) == (pytest.approx([-2.0]), pytest.approx([0.0]))


def test_a_group_that_the_fit_leans_on_has_a_large_k_and_a_density_that_errs_towards_the_fit() -> None:
    rng = np.random.default_rng(2)
    y, sd = 4.0, 0.2  # y ~ N(mu, sd), mu ~ N(0, 1): the group alone holds the posterior where it is
    var = 1.0 / (1.0 + 1.0 / sd**2)
    draws = rng.normal(y * var / sd**2, np.sqrt(var), (1200, 1))
    found, k = left_out(-0.5 * ((y - draws) / sd) ** 2 - np.log(sd * np.sqrt(2.0 * np.pi)))
    exact = -0.5 * y**2 / (1.0 + sd**2) - 0.5 * np.log(2.0 * np.pi * (1.0 + sd**2))
    assert found[0] > exact + 1.0
    assert k[0] > 0.7
    # The fit without the group is its prior, so that it predicts no better; the unreliable density would say it does.
    scores = GroupScores(np.append(found, -2.0), np.array([exact, -1.0]), np.append(k, 0.1), np.full(2, 500.0), 1200)
    assert scores.reliable.tolist() == [False, True]
    assert scores.weight == pytest.approx(0.0, abs=1e-4)
    assert stacking_weight(scores.fit, scores.priors) > 0.5


def test_a_group_that_few_draws_of_the_priors_carry_is_scored_for_neither() -> None:
    ones = np.ones(2)
    scores = GroupScores(-ones, np.array([-9.0, -0.5]), 0.1 * ones, np.array([29.0, 31.0]), 1200)
    assert scores.reliable.tolist() == [False, True]
    assert scores.weight == pytest.approx(0.0, abs=1e-4)
    nobody = GroupScores(-ones, -9.0 * ones, 0.9 * ones, 500.0 * ones, 1200)
    assert nobody.weight == 0.5


def test_few_draws_of_the_fit_need_a_smaller_k() -> None:
    one = np.ones(1)
    assert GroupScores(one, one, 0.65 * one, 99.0 * one, 1200).reliable.all()
    assert not GroupScores(one, one, 0.65 * one, 99.0 * one, 400).reliable.any()


def test_the_effective_number_is_that_of_equal_likelihoods() -> None:
    log = np.array([[-900.0, 0.0], [-900.0, -700.0], [-900.0, -700.0], [-1700.0, -700.0]])
    assert effective_draws(log) == pytest.approx([3.0, 1.0])


def test_draws_of_the_priors_are_added_until_they_carry_every_group(
    tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    density, asked = LogPosterior.of(tiny), []

    def borrowed(_: LogPosterior, z: np.ndarray, seed: int, first: int) -> np.ndarray:
        asked.append((len(z), seed, first))
        log = np.zeros((len(z), len(density.fit_figures.totals) + 1))
        log[:, scored_groups(density)[0]] = np.where(carry(np.arange(first, first + len(z))), 0.0, -99.0)
        return log

    monkeypatch.setattr(stacking, "borrowing_log_likelihoods", borrowed)
    monkeypatch.setattr(stacking, "DRAWS", 40)
    monkeypatch.setattr(stacking, "MOST_DRAWS", 120)
    z = 0.1 * np.random.default_rng(0).standard_normal((40, len(density.names)))
    carry = lambda i: i >= 20  # noqa: E731
    found = group_scores(density, z, np.random.default_rng(0), 5)
    assert asked == [(40, 5, 0), (40, 5, 40)]
    assert found.effective.min() == pytest.approx(60.0)
    carry, asked[:] = (lambda i: i < 10), []
    found = group_scores(density, z, np.random.default_rng(0), 5)
    assert asked == [(40, 5, 0), (40, 5, 40), (40, 5, 80)]
    assert not found.reliable[0]
    assert found.priors[0] == pytest.approx(np.log(10 / 120))
