"""What drives a number is found when it is planted, and nothing is found where nothing is."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.report.explain.rank_correlations import noise_level, rank_correlations, thirds

NAMES = tuple(f"p{i}" for i in range(120))


def draws(seed: int, n: int = 600) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, len(NAMES)))


def test_a_planted_driver_comes_first() -> None:
    theta = draws(1)
    quantity = np.round(np.exp(3 + theta[:, 7] - 0.5 * theta[:, 40] + 0.3 * draws(2)[:, 0]))
    found = rank_correlations(quantity, theta, NAMES)
    assert [i.parameter for i in found[:2]] == ["p7", "p40"]
    assert found[0].correlation > 0 > found[1].correlation
    assert found[0].low[0] < found[0].high[0]


def test_ranks_do_not_mind_the_scale_of_a_parameter() -> None:
    theta = draws(3)
    quantity = theta[:, 5] + draws(4)[:, 0]
    bent = theta.copy()
    bent[:, 5] = np.exp(bent[:, 5])
    plain, other = (rank_correlations(quantity, t, NAMES) for t in (theta, bent))
    assert [(i.parameter, pytest.approx(i.correlation)) for i in plain] == [(i.parameter, i.correlation) for i in other]


def test_little_is_found_where_nothing_is() -> None:
    found = [len(rank_correlations(draws(100 + k)[:, 0], draws(k), NAMES)) for k in range(40)]
    assert sum(found) < 40  # far fewer than 0.05 * 120 a try, which a bound at 5 % would let through


def test_a_lower_bound_would_let_noise_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afterfall.report.explain.rank_correlations.noise_level", lambda n, p: 1.96 / np.sqrt(n))
    found = [len(rank_correlations(draws(100 + k)[:, 0], draws(k), NAMES)) for k in range(40)]
    assert sum(found) > 100


def test_what_does_not_vary_drives_nothing() -> None:
    theta = draws(5)
    assert rank_correlations(np.zeros(len(theta)), theta, NAMES) == ()
    theta[:, 3] = 1.0
    assert "p3" not in {i.parameter for i in rank_correlations(theta[:, 4], theta, NAMES)}


def test_thirds_are_those_of_the_parameter() -> None:
    values = np.arange(9.0)
    low, high = thirds(values, -values)
    assert low == (7.0, 6.0, 8.0)
    assert high == (1.0, 0.0, 2.0)


def test_noise_falls_with_futures() -> None:
    assert noise_level(4000, 100) == pytest.approx(noise_level(1000, 100) / 2)
