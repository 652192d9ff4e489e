"""Expected flows in JAX: equal to the engine's, with and without feedback and rations, values and gradients."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.parity.conftest import by_engine

from afterfall.engine.program import Floats, Program
from afterfall.infer.history import history
from afterfall.infer.jax_means import means
from afterfall.model import Model, sample
from afterfall.model.compile.reduced_model import ReducedModel

EQUAL = 1e-9


def test_the_quick_history_is_the_engines(small: ReducedModel, draws: Floats) -> None:
    run = jax.jit(history(small.program))
    for theta in draws:
        people, _ = by_engine(small.program, theta)
        assert np.abs(np.moveaxis(np.asarray(run(theta)), 1, 2) - people).max() < EQUAL
    off = by_engine(small.program, draws[0] * 1.001)[0]
    assert np.abs(np.moveaxis(np.asarray(run(draws[0])), 1, 2) - off).max() > 1e-4


def test_its_gradient_is_the_slope(small: ReducedModel, draws: Floats) -> None:
    weight = np.random.default_rng(1).random((len(small.states), small.program.origin.size))
    value = jax.jit(lambda theta: (history(small.program)(theta) * weight).sum())
    slope = np.asarray(jax.jit(jax.grad(value))(jnp.asarray(draws[1])))
    for p in (*np.argsort(-np.abs(slope))[:8], small.names.index("leaving.retained")):
        step = np.zeros(draws.shape[1])
        step[p] = 1e-5
        measured = (value(draws[1] + step) - value(draws[1] - step)) / 2e-5
        assert measured == pytest.approx(slope[p], rel=1e-5, abs=1e-5), small.names[p]


def without_families(program: Program) -> Program:
    """The program without births and without passing 18, which a fit leaves out."""
    births = program.inflow_per.any(axis=1)
    return program._replace(
        inflow_open=program.inflow_open * ~births[:, None],
        inflow_per=np.zeros_like(program.inflow_per),
        pass_to=np.full_like(program.pass_to, -1),
    )


def test_births_and_passing_are_refused(tiny: Model) -> None:
    with pytest.raises(ValueError, match="inflows for each person of a parent, or passing"):
        means(tiny.history)


def test_means_with_feedback_and_rations(tiny: Model) -> None:
    program = without_families(tiny.history)
    assert len(program.feedback)
    assert (program.ration >= 0).any()
    run = jax.jit(means(program))
    for theta in sample(tiny, trajectories=2, seed=5).values:
        people, counters = by_engine(program, theta)
        flows = run(theta)
        assert np.abs(np.asarray(flows.people) - people).max() < EQUAL
        assert np.abs(np.asarray(flows.counters) - counters).max() < EQUAL


@pytest.mark.slow
def test_both_ways_to_a_gradient_agree(small: ReducedModel, draws: Floats) -> None:
    weight = np.random.default_rng(1).random((len(small.states), small.program.origin.size))
    quick = jax.jit(jax.grad(lambda theta: (history(small.program)(theta) * weight).sum()))
    plain = jax.jit(jax.grad(lambda theta: (means(small.program)(theta).people * weight.T).sum()))
    for theta in draws:
        assert np.asarray(quick(theta)) == pytest.approx(np.asarray(plain(theta)), rel=1e-9, abs=1e-9)


def test_what_cannot_be_run_is_refused(tiny: Model) -> None:
    with pytest.raises(ValueError, match="noise or dated events"):
        means(tiny.program)
    with pytest.raises(ValueError, match="feedback, capacities or several strata"):
        history(tiny.history)
