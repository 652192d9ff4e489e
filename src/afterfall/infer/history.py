"""Expected flows of a history with quick gradients: factors of rates in JAX, the rest by the engine.

For a program without feedback or rations every chance of leaving is known before the walk begins. JAX makes factors of
parameters; the engine makes chances of factors (`engine.chances`), walks (`engine.walk`), and carries gradients back
through both. Several times quicker than `means`, to which a test holds it, values and gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from afterfall.engine.chances import Given, Leaving, Ways, leaving, leaving_back
from afterfall.engine.program import Program
from afterfall.engine.walk import Chances, Graph, Walked, walk, walk_back
from afterfall.infer.factors import Array, factors
from afterfall.infer.means import arrivals_of, plan_of


class Inputs(NamedTuple):
    """What a history follows from, or the gradient with respect to it."""

    base: Array  # [R, C]
    time: Array  # [T + 1, R, U]
    rho: Array  # [G]
    arrivals: Array  # [T, I, C]


def history(program: Program) -> Callable[[Array], Array]:
    """The function from parameters ``theta[P]`` to expected people ``[T + 1, S, C]``, from nobody at the start.

    Raises
    ------
    ValueError
        If the program has feedback or rations, or draws noise or dated events.
    """
    if len(program.feedback) or (program.ration >= 0).any():
        raise ValueError("the program has feedback or rations: expected neither (see `means`)")
    plan_of(program)
    lower, people = factors(program), _people(program)

    def run(theta: Array) -> Array:
        given = lower(theta)
        arrivals = jnp.moveaxis(arrivals_of(program, given), 1, 0)
        return people(Inputs(given.base, given.time, given.rho, arrivals))

    return run


def _people(program: Program) -> Callable[[Inputs], Array]:
    """The engine's part, as a function that JAX can differentiate."""
    ways, graph = _ways(program), _graph(program)
    n_cohorts, n_states = program.cell_key.shape
    months = (program.horizon, 2, n_states, n_cohorts)
    kept = (
        ((program.horizon, len(program.dest), n_cohorts), *[(program.horizon, n_states, n_cohorts)] * 2),
        ((program.horizon + 1, n_states, n_cohorts), months, months),
    )
    shapes = tuple(tuple(jax.ShapeDtypeStruct(shape, float) for shape in part) for part in kept)

    def forwards(*inputs: Array) -> tuple[Leaving, Walked]:
        base, time, rho, arrivals = (np.ascontiguousarray(x) for x in inputs)
        chances = leaving(ways, Given(base, time, rho))
        return chances, walk(graph, Chances(*chances, arrivals))

    def backwards(inputs: Inputs, chances: Leaving, walked: Walked, weight: Array) -> Inputs:
        base, time, rho, arrivals = (np.ascontiguousarray(x) for x in inputs)
        known = Leaving(*(np.ascontiguousarray(x) for x in chances))
        before = Walked(*(np.ascontiguousarray(x) for x in walked))
        back = walk_back(graph, Chances(*known, arrivals), before, np.ascontiguousarray(weight))
        given = leaving_back(ways, Given(base, time, rho), known, Leaving(back.share, back.leave, back.fresh))
        return Inputs(*given, back.arrivals)  # type: ignore[arg-type]

    def called(inputs: Inputs) -> tuple[Leaving, Walked]:
        chances, walked = jax.pure_callback(forwards, (Leaving(*shapes[0]), Walked(*shapes[1])), *inputs)
        return chances, walked

    @jax.custom_vjp
    def people(inputs: Inputs) -> Array:
        return called(inputs)[1].people

    def ahead(inputs: Inputs) -> tuple[Array, tuple[Inputs, Leaving, Walked]]:
        chances, walked = called(inputs)
        return walked.people, (inputs, chances, walked)

    def behind(kept: tuple[Inputs, Leaving, Walked], weight: Array) -> tuple[Inputs]:
        like = Inputs(*(jax.ShapeDtypeStruct(x.shape, x.dtype) for x in kept[0]))
        return (jax.pure_callback(backwards, like, *kept, weight),)

    people.defvjp(ahead, behind)
    return people  # type: ignore[no-any-return]


def _graph(program: Program) -> Graph:
    return Graph(*(np.ascontiguousarray(a, dtype=np.int32) for a in (program.first_edge, program.dest, program.inflow_state)))


def _ways(program: Program) -> Ways:
    first, rate, choice, choice_rate, retain, stratum = (
        np.ascontiguousarray(a, dtype=np.int32)
        for a in (
            program.first_edge,
            program.rate,
            program.choice,
            program.choice_rate,
            program.choice_retain,
            program.stratum,
        )
    )
    return Ways(first, rate, choice, np.ascontiguousarray(program.open), choice_rate, retain, stratum)
