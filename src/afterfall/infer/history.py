"""Expected flows of a history with quick gradients: rates in JAX, the walk through the months by the engine.

For a program without feedback or rations every chance of leaving is known before the walk begins. JAX works them out,
with gradients of its own; the engine walks (`afterfall.engine.walk`) and walks back. Some six times quicker than `means`,
to which a test holds it, values and gradients.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from afterfall.engine.program import Program
from afterfall.engine.walk import Chances, Graph, Walked, walk, walk_back
from afterfall.infer.factors import Array, factors
from afterfall.infer.means import arrivals_of, plan_of


def history(program: Program) -> Callable[[Array], Array]:
    """The function from parameters ``theta[P]`` to expected people ``[T + 1, S, C]``, from nobody at the start.

    Raises
    ------
    ValueError
        If the program has feedback or rations, or draws noise or dated events.
    """
    if len(program.feedback) or (program.ration >= 0).any():
        raise ValueError("the program has feedback or rations: expected neither (see `means`)")
    plan, lower, walked = plan_of(program), factors(program), _walking(program)
    n_states = program.cell_key.shape[1]

    def run(theta: Array) -> Array:
        given = lower(theta)
        ways = plan.fixed
        leaving = ways.leaving(ways.values(given, program), given, program)
        rest = jnp.zeros((n_states, *leaving.leave.shape[1:]))
        leave, fresh = (rest.at[ways.states].set(x) for x in (leaving.leave, leaving.leave_fresh))
        return walked(Chances(leaving.share, leave, fresh, arrivals_of(program, given)))  # type: ignore[arg-type]

    return run


def _walking(program: Program) -> Callable[[Chances], Array]:
    """The engine's walk as a function that JAX can differentiate."""
    n_cohorts, n_states = program.cell_key.shape
    inflow = program.inflow_state.astype(np.int32)
    graph = Graph(program.first_edge.astype(np.int32), program.dest.astype(np.int32), inflow)
    months = (program.horizon, 2, n_states, n_cohorts)
    of_walk = Walked(*(jax.ShapeDtypeStruct(s, float) for s in ((program.horizon + 1, *months[2:]), months, months)))

    def forwards(*chances: Array) -> Walked:
        return walk(graph, Chances(*(np.ascontiguousarray(x) for x in chances)))

    def backwards(chances: Chances, walked: Walked, weight: Array) -> Chances:
        plain = [np.ascontiguousarray(x) for x in (*chances, *walked, weight)]
        return walk_back(graph, Chances(*plain[:4]), Walked(*plain[4:7]), plain[7])

    @jax.custom_vjp
    def people(chances: Chances) -> Array:
        return jax.pure_callback(forwards, of_walk, *chances).people

    def ahead(chances: Chances) -> tuple[Array, tuple[Chances, Walked]]:
        walked = jax.pure_callback(forwards, of_walk, *chances)
        return walked.people, (chances, walked)

    def behind(kept: tuple[Chances, Walked], weight: Array) -> tuple[Chances]:
        shapes = Chances(*(jax.ShapeDtypeStruct(x.shape, x.dtype) for x in kept[0]))
        return (jax.pure_callback(backwards, shapes, *kept, weight),)

    people.defvjp(ahead, behind)
    return people
