"""Diagnostics know chains that have met from chains that have not."""

import numpy as np
import pytest

from afterfall.infer.diagnostics import Diagnosis, effective_size, split_rhat


def chains(seed: int = 1, memory: float = 0.0) -> np.ndarray:
    draw = np.random.default_rng(seed).normal(size=(4, 1000))
    for t in range(1, draw.shape[1]):
        draw[:, t] = memory * draw[:, t - 1] + np.sqrt(1.0 - memory**2) * draw[:, t]
    return draw


def test_chains_that_have_met() -> None:
    assert split_rhat(chains()) < 1.01
    assert effective_size(chains()) == pytest.approx(4000, rel=0.15)


def test_chains_that_have_not() -> None:
    apart = chains() + np.array([[0.0], [0.0], [0.0], [0.5]])
    assert split_rhat(apart) > 1.02
    drifting = chains() + np.linspace(0.0, 1.0, 1000)
    assert split_rhat(drifting) > 1.02
    wider = chains() * np.array([[1.0], [1.0], [1.0], [2.0]])
    assert split_rhat(wider) > 1.02


def test_memory_costs_draws() -> None:
    assert effective_size(chains(memory=0.8)) == pytest.approx(4000 * 0.2 / 1.8, rel=0.25)


def test_faults_are_named() -> None:
    good = Diagnosis(("a", "b"), np.array([1.0, 1.01]), np.array([300.0, 400.0]), 0, 500, 15.0, 0.9)
    assert not good.faults
    bad = Diagnosis(("a", "b"), np.array([1.0, 1.2]), np.array([20.0, 400.0]), 50, 500, 15.0, 0.9)
    assert [text.split()[0] for text in bad.faults] == ["R-hat", "effective", "50"]
