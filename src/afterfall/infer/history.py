"""Expected flows of a history with fast gradients: factors of rates in JAX, the rest in the engine.

For a program of one stratum without feedback or capacities, all probabilities of leaving are known beforehand. JAX
computes factors from parameters. The engine computes probabilities from factors (`engine.exit_probabilities`), then
people by month (`engine.adjoint`), and carries gradients back through both. This is several times faster than
`jax_means`; a test compares values and gradients of the two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from afterfall.engine.adjoint import ExitTables, ForwardPass, Graph, backward_pass, forward_pass
from afterfall.engine.exit_probabilities import ExitEdges, Given, Leaving, exit_probabilities, exit_probabilities_back
from afterfall.engine.program import Program
from afterfall.infer.jax_factors import Array, factors
from afterfall.infer.jax_means import arrivals_of, plan_of


class Inputs(NamedTuple):
    """The inputs of a history, or the gradient with respect to them."""

    base: Array  # [R, C]
    time: Array  # [T + 1, R]
    rho: Array  # [G]
    arrivals: Array  # [T, I, C]


class Walk(NamedTuple):
    """A history walked forwards: its inputs, the tables made of them, and where people are."""

    given: Given
    exits: ExitTables
    forward: ForwardPass

    def made_from(self, *inputs: np.ndarray) -> bool:
        """Whether base, time, rho and arrivals are those of this walk."""
        return all(map(np.array_equal, (*self.given, self.exits.arrivals), inputs))


def history(program: Program) -> Callable[[Array], Array]:
    """The function from parameters ``theta[P]`` to expected people ``[T + 1, S, C]``, starting from nobody.

    Raises
    ------
    ValueError
        If the program has feedback, capacities or several strata, or draws noise or dated events.
    """
    if len(program.feedback) or (program.ration >= 0).any() or program.stratum.any():
        raise ValueError("the program has feedback, capacities or several strata: expected none (see `jax_means`)")
    plan_of(program)
    lower, people = factors(program), _people(program)

    def run(theta: Array) -> Array:
        given = lower(theta)
        arrivals = jnp.moveaxis(arrivals_of(program, given), 1, 0)
        return people(Inputs(given.base, given.time[:, :, 0], given.rho, arrivals))

    return run


def _people(program: Program) -> Callable[[Inputs], Array]:
    """The engine's part, as a function that JAX can differentiate.

    The backward pass needs the tables of the forward pass. Passing them through JAX would cost more than computing
    them again, so the last ones are kept here and used where the inputs are the same to the last bit.
    """
    ways, graph = _ways(program), _graph(program)
    n_cohorts, n_states = program.cell_key.shape
    shape = jax.ShapeDtypeStruct((program.horizon + 1, n_states, n_cohorts), float)
    last: list[Walk] = []

    def walked(*inputs: Array) -> Walk:
        base, time, rho, arrivals = (np.array(x) for x in inputs)  # copies: JAX reuses the memory of its own
        kept = last[0] if last else None
        if kept is not None and kept.made_from(base, time, rho, arrivals):
            return kept
        given = Given(base, time, rho)
        exits = ExitTables(*exit_probabilities(ways, given), arrivals)
        made = Walk(given, exits, forward_pass(graph, exits))
        last[:] = [made]
        return made

    def forwards(*inputs: Array) -> np.ndarray:
        return walked(*inputs).forward.people

    def backwards(weight: Array, *inputs: Array) -> Inputs:
        given, exits, before = walked(*inputs)
        back = backward_pass(graph, exits, before, np.ascontiguousarray(weight))
        gradient = exit_probabilities_back(ways, given, Leaving(*exits[:3]), Leaving(*back[:3]))
        return Inputs(*gradient, back.arrivals)

    @jax.custom_vjp  # type: ignore[untyped-decorator]
    def people(inputs: Inputs) -> Array:
        return jax.pure_callback(forwards, shape, *inputs)

    def ahead(inputs: Inputs) -> tuple[Array, Inputs]:
        return people(inputs), inputs

    def behind(inputs: Inputs, weight: Array) -> tuple[Inputs]:
        like = Inputs(*(jax.ShapeDtypeStruct(x.shape, x.dtype) for x in inputs))
        return (jax.pure_callback(backwards, like, weight, *inputs),)

    people.defvjp(ahead, behind)
    return people  # type: ignore[no-any-return]


def _graph(program: Program) -> Graph:
    return Graph(
        *(np.ascontiguousarray(a, dtype=np.int32) for a in (program.first_edge, program.dest, program.inflow_state))
    )


def _ways(program: Program) -> ExitEdges:
    first, rate, choice, choice_rate, retain = (
        np.ascontiguousarray(a, dtype=np.int32)
        for a in (program.first_edge, program.rate, program.choice, program.choice_rate, program.choice_retain)
    )
    return ExitEdges(first, rate, choice, np.ascontiguousarray(program.open, dtype=float), choice_rate, retain)
