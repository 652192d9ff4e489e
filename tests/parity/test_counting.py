"""What a figure is expected to say: the same in NumPy, in JAX (the fit) and compiled (the nowcast)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from afterfall.engine.jit import jit
from afterfall.infer import jax_factors
from afterfall.model.observation import counting

RULES = (
    (counting.people_per_unit, 3),
    (counting.dead_per_counted_fighter, 2),
    (counting.seen_in_theatre, 5),
    (counting.spread_of_origins, 2),
    (counting.relative_variance, 3),
)


@pytest.mark.parametrize(("rule", "arguments"), RULES, ids=lambda one: getattr(one, "__name__", ""))
def test_one_rule_in_three_forms(rule: Callable[..., Any], arguments: int) -> None:
    draws = np.random.default_rng(5).uniform(0.05, 0.95, (arguments, 40))
    plain = np.array(rule(*draws))
    assert jax_factors.jax.config.jax_enable_x64  # importing the fit switches it on
    traced = np.array(jax_factors.jax.jit(rule)(*draws))
    compiled = np.array([jit(rule)(*row) for row in draws.T]).T
    assert np.allclose(plain, traced, rtol=1e-13, atol=0.0)
    assert np.array_equal(plain, compiled)
    assert np.ptp(plain, axis=-1).max() > 0.0


def test_units_by_hand() -> None:
    assert counting.people_per_unit(0.5, 0.8, 0.4) == (1.0, 1.2, 0.8)
    assert counting.dead_per_counted_fighter(0.5, 1.1) == pytest.approx(1.05)
    assert counting.seen_in_theatre(100.0, 20.0, 10.0, 0.75, 0.5) == 110.0
    assert counting.spread_of_origins(0.2, 3.0) == 1.0
    assert counting.relative_variance(1.0, 0.3, 0.4) == pytest.approx(1.25)
