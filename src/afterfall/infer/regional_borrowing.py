"""How likely the figures of each origin are under draws of the priors, with what its region's other origins add.

Parameters drawn from priors carry no information of figures. In a forecast the origins of a region therefore borrow
from each other (`model.observation.node_shares`): the mean share of an origin's people who returned, and of the others
who died, is pooled over the history's expected flows and the counts of the *other* origins. An origin's own figures are
predicted from this mean here, so that priors are scored as they are used.

For an origin with pooled means h, q and weights k_h, k_q at the as-of date T, expected shares of its region by month
become ``h_t = h * home_t / home_T`` and ``d_t = (1 - h_t) * q * q_t / q_T``; all others divide the rest as before. The
concentration in the likelihood is k_h, and for the dead the one of equal relative variance to first order::

    (1 - d) / (d (c + 1)) = h / ((1 - h) (k_h + 1)) + (1 - q) / (q (k_q + 1)) ,   d = (1 - h) q

Figures of the world borrow nothing. Totals of the other origins are one draw for each draw of parameters.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from afterfall.engine.keys import START, subkey
from afterfall.engine.program import Floats
from afterfall.infer.jax_factors import Array
from afterfall.infer.likelihood import Shares, combine, log_likelihood_each, shares_of
from afterfall.infer.log_posterior import LogPosterior
from afterfall.model.compile.reduced_model import ReducedModel
from afterfall.model.observation.figure_rules import FIGHTERS_LEAVE_OUT, FIT_QUANTITIES, REPORTING, SHARE_IN_THEATRE
from afterfall.model.observation.fit_arrays import FitData, fit_arrays
from afterfall.model.observation.initial_state_plan import InitialStateBeliefs
from afterfall.model.observation.node_shares import node_shares
from afterfall.model.observation.reconcile_totals import reconcile_totals

#: Shares stay within this of zero and one.
EDGE = 1e-6
CONCENTRATION = "nowcast.concentration"


class PooledNodes(NamedTuple):
    """Pooled means and their weights in people, by row of totals ``[O']``: returned, and dead of the others."""

    home: Array
    home_weight: Array
    dead: Array
    dead_weight: Array


def borrowing_log_likelihoods(density: LogPosterior, z: Floats, seed: int, first: int = 0) -> Floats:
    """Log likelihood of each origin's figures (those of the world last) for draws of the priors, ``[n, O' + 1]``.

    Parameters
    ----------
    density
        The density of a model.
    z
        Draws of the priors, as standard normals ``[n, P]``.
    seed
        Seed of the draws of totals.
    first
        Number of the first draw: draws in parts have the totals that they have at once.
    """
    view, program = density.model.view, density.program
    data, expect = fit_arrays(view, density.fit_figures), shares_of(view, program)
    origins = np.array(sorted(density.fit_figures.totals), dtype=int)
    region = np.array(density.model.nowcaster.plan.region)[origins]
    expected = jax.jit(lambda row: (density.parameters(row), density.discrepancy(row), expect(density.parameters(row))))
    scored = jax.jit(lambda *one: log_likelihood_of(data, program, region, *one))
    found = []
    for i, row in enumerate(z, first):
        theta, discrepancy, shares = expected(row)
        beliefs = beliefs_of(program, np.asarray(theta), jax.tree.map(np.asarray, shares), float(discrepancy))
        found.append(np.asarray(scored(theta, discrepancy, shares, pooled_of(density, beliefs, origins, seed, i))))
    return np.stack(found)


def pooled_of(
    density: LogPosterior, beliefs: InitialStateBeliefs, origins: np.ndarray, seed: int, i: int
) -> PooledNodes:
    """What the forecast itself pools for each of some origins in trajectory i, without their own counts.

    An origin's count of the returned would come back to it through the others' shares of the dead, so its counts are
    taken out for its own row.
    """
    plan, key = density.model.nowcaster.plan, subkey(seed, i, START, 0)
    totals, n = reconcile_totals(plan, beliefs, key), plan.region.size
    evidence = np.array(plan.evidence)
    without, found = plan._replace(evidence=evidence), np.zeros((2, 2, len(origins)))
    drawn, pooled, whole = np.zeros((2, n)), np.zeros((2, 2, n)), False
    for column, o in enumerate(origins):
        counted = bool((plan.evidence[:, o] >= 0.0).any())
        if counted or not whole:
            evidence[:, o] = -1.0
            for which in range(2):
                node_shares(without, beliefs, totals, which, key, drawn, pooled)
            evidence[:, o] = plan.evidence[:, o]
            whole = not counted
        found[:, :, column] = pooled[:, :, o]
    return PooledNodes(*jnp.asarray(found.reshape(4, -1)))


def beliefs_of(program: ReducedModel, theta: Floats, shares: Shares, discrepancy: float) -> InitialStateBeliefs:
    """What parameters of the fit program imply, as far as totals and shares of returned and dead depend on it."""
    value = dict(zip(program.names, theta.tolist(), strict=True))
    people = np.ascontiguousarray(shares.people)
    known: dict[str, Any] = {
        "role_weight": np.exp([0.0, value["role.adult"], value["role.minor"]]),
        "families": float(np.exp(value["role.adult"]) + np.exp(value["role.minor"])),
        "left_out": value[FIGHTERS_LEAVE_OUT],
        "in_theatre": value[SHARE_IN_THEATRE],
        "reporting": np.array([value[name] for name in REPORTING.values()]),
        "concentration": value[CONCENTRATION],
        "nodes": np.stack([shares.home, shares.dead / np.maximum(1.0 - shares.home, 1e-12)]),
        "people": people,
        "dead_per_fighter": np.ascontiguousarray(shares.dead_per_fighter),
        "fitted": False,
        "discrepancy": discrepancy,
        "held_discrepancy": 0.0,
        "rough": False,
    }
    return InitialStateBeliefs(**{name: known.get(name, people) for name in InitialStateBeliefs._fields})


def log_likelihood_of(
    data: FitData,
    program: ReducedModel,
    region: np.ndarray,
    theta: Array,
    discrepancy: Array,
    shares: Shares,
    pooled: PooledNodes,
) -> Array:
    """Log likelihood by origin with pooled shares, then of the world without, ``[O' + 1]``; `region` is ``[O']``."""
    plain = combine(data, log_likelihood_each(data, program, theta, shares, discrepancy, data.points))
    if not len(region):
        return plain
    by_origin, row = moved(shares, region, pooled), np.minimum(data.origin, len(region) - 1)
    own = data._replace(region=np.where(data.region < 0, -1, row))
    concentration = concentrations(data, pooled)[np.arange(len(row)), row] if len(row) else jnp.zeros(0)
    each = log_likelihood_each(own, program, theta, by_origin, discrepancy, data.points, concentration)
    return jnp.append(combine(data, each)[:-1], plain[-1])


def moved(shares: Shares, region: np.ndarray, pooled: PooledNodes) -> Shares:
    """Expected shares by month and origin ``[T + 1, O']`` that reach the pooled ones at the as-of date."""
    there = Shares(*(field[..., region] for field in shares))
    node = there.dead / jnp.maximum(1.0 - there.home, EDGE)
    home = jnp.clip(there.home * (pooled.home / jnp.maximum(there.home[-1], EDGE)), 0.0, 1.0 - EDGE)
    dead = (1.0 - home) * jnp.clip(node * (pooled.dead / jnp.maximum(node[-1], EDGE)), 0.0, 1.0 - EDGE)
    rest = (1.0 - home - dead) / jnp.maximum(1.0 - there.home - there.dead, EDGE)
    return there._replace(home=home, dead=dead, theatre=there.theatre * rest, third=there.third * rest)


def concentrations(data: FitData, pooled: PooledNodes) -> Array:
    """Concentration for every figure if it were of each origin ``[n, O']``."""
    h, q = (jnp.clip(mean, EDGE, 1.0 - EDGE) for mean in (pooled.home, pooled.dead))
    d = (1.0 - h) * q
    v = h / ((1.0 - h) * (pooled.home_weight + 1.0)) + (1.0 - q) / (q * (pooled.dead_weight + 1.0))
    of_dead = jnp.maximum((1.0 - d) / (d * v) - 1.0, EDGE)
    killed = data.quantity == FIT_QUANTITIES.index("killed")
    return jnp.where(killed[:, None], of_dead, pooled.home_weight)
