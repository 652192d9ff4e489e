"""What the spread of a number rests on: planted shares come out, noise does not, and few simulations say so."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.report.explain.spread_shares import shares_sentence, spread_shares


def made(n: int, planted: tuple[float, float], noise: float, parameters: int = 150) -> tuple[np.ndarray, np.ndarray]:
    """A number that follows parameters 0 and 1 with these variances, and noise."""
    generator = np.random.default_rng(20170213)
    draws = generator.normal(size=(n, parameters))
    weights = np.sqrt(planted)
    return draws[:, :2] @ weights + np.sqrt(noise) * generator.normal(size=n), draws


def test_planted_shares_come_out() -> None:
    values, draws = made(4000, (0.3, 0.5), 0.2)
    found = spread_shares(values, draws, [True] + [False] * 149)
    assert found is not None
    assert found.informed == pytest.approx(0.3, abs=0.05)
    assert found.assumed == pytest.approx(0.5, abs=0.05)
    assert found.informed + found.assumed + found.rest == pytest.approx(1.0)


def test_noise_is_not_taken_for_a_share() -> None:
    values, draws = made(1000, (0.0, 0.0), 1.0)
    found = spread_shares(values, draws, [True] * 75 + [False] * 75)
    assert found is not None
    assert found.rest > 1.0 - 4 * found.error


def test_with_few_simulations_nothing_is_claimed() -> None:
    values, draws = made(100, (0.3, 0.5), 0.2)
    assert "Too few simulations" in shares_sentence(spread_shares(values, draws, [True] * 150))
    assert "What its spread rests on" in shares_sentence(spread_shares(*made(1000, (0.3, 0.5), 0.2), [True] * 150))


def test_a_number_that_does_not_vary_has_no_shares() -> None:
    assert spread_shares(np.zeros(50), np.ones((50, 2)), [True, False]) is None
    assert shares_sentence(None) == ""
