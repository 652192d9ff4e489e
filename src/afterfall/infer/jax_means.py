"""The executor of means in JAX: the same flows as `afterfall.engine.means`, with gradients.

The scheme is that of the engine, written with whole arrays. For every cohort, a month's hazards give a strictly
triangular matrix of shares (states are in topological order). Those who enter in a sweep solve::

    fresh = a + F (present * leave + fresh * leave_fresh)

with ``a`` the arrivals from outside and ``F[d, s]`` the share of the leavers of s who move forward to d. One triangular
solve per sweep replaces the loop over states. What depends on neither feedback nor capacities is computed for all
months at once; months are a `lax.scan`. Array axes: edges or states first, cohorts last, except for the matrices,
``[C, S, S]``.

This works only for programs whose shared paths are known beforehand: given series, territory lost at known dates, and
logs of a parameter plus such a path. History programs are of this kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import lax

from afterfall.engine.program import NOISE, Program
from afterfall.infer.jax_factors import Array, JaxFactors, factors

SWEEPS = 2
#: Below this hazard the share of entrants who leave is a power series, as in the engine.
SMALL_HAZARD = 1e-3


class Flows(NamedTuple):
    """Expected people and counters by month: ``people[T + 1, C, S]``, ``counters[T + 1, Q, O]``."""

    people: Array
    counters: Array


class JaxLeaving(NamedTuple):
    """How people leave some states: the share of leavers along each edge, and probabilities of leaving in a sweep."""

    share: Array  # [E', ..., C]
    leave: Array  # [S', ..., C]
    leave_fresh: Array  # [S', ..., C]


def means(program: Program) -> Callable[[Array], Flows]:
    """The function from parameters ``theta[P]`` to expected flows, starting from nobody; to be jitted.

    Raises
    ------
    ValueError
        If the program draws noise or dated events: expected flows need both as given.
    """
    lower, plan = factors(program), plan_of(program)

    def run(theta: Array) -> Flows:
        given = lower(theta)
        fixed = plan.fixed.leaving(plan.fixed.values(given, program), given, program)
        moving = plan.moving.values(given, program)
        arrivals = arrivals_of(program, given)
        n_cohorts, n_states = program.cell_key.shape
        empty = jnp.zeros((program.horizon, n_cohorts, n_states, n_states))
        monthly = (
            _forward(program, plan, plan.fixed)(empty, fixed.share),
            JaxLeaving(*(jnp.moveaxis(a, 1, 0) for a in fixed)),
            jnp.moveaxis(moving, 1, 0),
            jnp.moveaxis(arrivals, 1, 0),
            given.time[1:],
            given.capacity[1:],
        )
        start = (jnp.zeros((n_states, n_cohorts)), jnp.zeros(program.capacity.shape[:2]))
        _, (people, moved) = lax.scan(_month(program, plan, given), start, monthly)
        everyone = jnp.concatenate([start[0][None], people])
        return Flows(jnp.moveaxis(everyone, 1, 2), _counters(program, moved))

    return run


def arrivals_of(program: Program, given: JaxFactors) -> Array:
    """People from outside, ``[I, T, C]``, before feedback."""
    base = given.base[program.inflow_rate] * program.inflow_open
    return base[:, None, :] * given.by_cohort(program.inflow_rate, program.stratum)


def _counters(program: Program, moved: tuple[Array, Array]) -> Array:
    """Counters ``[T + 1, Q, O]`` from flows along edges ``[T, E, C]`` and arrivals ``[T, I, C]``."""
    flow, arrivals = moved
    by_origin = (program.origin[:, None] == np.arange(program.n_origins)).astype(float)
    counted = jnp.einsum("qe,tec->tqc", program.quantity_edge.astype(float), flow)
    counted += jnp.einsum("qi,tic->tqc", program.quantity_inflow.astype(float), arrivals)
    monthly = jnp.einsum("tqc,co->tqo", counted * program.quantity_cohort, by_origin)
    return jnp.concatenate([jnp.zeros_like(monthly[:1]), jnp.cumsum(monthly, axis=0)])


def plan_of(program: Program) -> Plan:
    """The plan of a program.

    Raises
    ------
    ValueError
        If the program draws noise or dated events: expected flows need both as given.
    """
    if (program.path_kind == NOISE).any() or (program.token_month < 0).any():
        raise ValueError("the program draws noise or dated events: expected one whose paths are known beforehand")
    if program.inflow_per.any() or (program.pass_to >= 0).any():
        raise ValueError("the program has inflows for each person of a parent, or passing: expected neither")
    n_states = program.cell_key.shape[1]
    source = np.repeat(np.arange(n_states), np.diff(program.first_edge))
    answering = np.zeros(program.n_rates, dtype=bool)
    answering[program.feedback[:, 0]] = True
    in_choice = program.choice >= 0
    total = answering[program.choice_rate] if len(program.choice_rate) else np.zeros(1, dtype=bool)
    moves = answering[program.rate] | (program.ration >= 0)
    moves |= in_choice & total[np.maximum(program.choice, 0)]
    moving = np.isin(source, source[moves])
    return Plan(JaxWays.of(program, source, ~moving), JaxWays.of(program, source, moving), source)


class Plan(NamedTuple):
    """The states whose hazards are known for all months beforehand, and those whose hazards depend on people."""

    fixed: JaxWays
    moving: JaxWays
    source: np.ndarray


class JaxWays(NamedTuple):
    """Some states with all their edges, as index arrays."""

    edges: np.ndarray  # [E'] positions in the program
    states: np.ndarray  # [S'] positions in the program
    of_state: np.ndarray  # [S', E'] membership
    state: np.ndarray  # [E'] position among `states`
    of_choice: np.ndarray  # [G', E'] membership
    choices: np.ndarray  # [G'] positions in the program
    choice: np.ndarray  # [E'] position among `choices`, or -1

    @classmethod
    def of(cls, program: Program, source: np.ndarray, chosen: np.ndarray) -> JaxWays:
        """The ways out of the states whose edges are chosen."""
        edges = np.flatnonzero(chosen)
        states, choices = np.unique(source[edges]), np.unique(program.choice[edges])
        choices = choices[choices >= 0]
        choice = np.array([np.searchsorted(choices, g) if g >= 0 else -1 for g in program.choice[edges]], dtype=int)
        return cls(
            edges,
            states,
            (source[edges] == states[:, None]).astype(float),
            np.searchsorted(states, source[edges]),
            (program.choice[edges] == choices[:, None]).astype(float),
            choices,
            choice,
        )

    def values(self, given: JaxFactors, program: Program) -> Array:
        """Rates of the edges before feedback, ``[E', T, C]``."""
        rate = program.rate[self.edges]
        edge = given.base[rate] * program.open[self.edges]
        return edge[:, None, :] * given.by_cohort(rate, program.stratum)

    def hazards(self, value: Array, out: Array, given: JaxFactors, program: Program) -> Array:
        """Hazards a month of the edges from their rates ``[E', ..., C]`` and the choices' hazards ``[G', ..., C]``."""
        if not len(self.choices):
            return value
        rate = program.rate[self.edges]
        weight = given.base[rate] * program.open[self.edges] * given.time[0][rate][:, program.stratum]
        reference = self.of_choice @ weight  # [G', C]
        reference = reference.reshape(len(self.choices), *[1] * (value.ndim - 2), -1)
        whole = jnp.tensordot(self.of_choice, value, 1)
        some = whole > 0.0
        retains = program.choice_retain[self.choices] >= 0
        retains = retains.reshape(-1, *[1] * (value.ndim - 1))
        rho = given.rho[self.choices].reshape(retains.shape)
        matters = some & (reference > 0.0) & retains
        ratio = jnp.where(matters, whole, 1.0) / jnp.where(matters, reference, 1.0)
        kept = jnp.where(matters, jnp.exp(rho * jnp.log(ratio)), 1.0)
        scale = jnp.where(some, out * kept / jnp.where(some, whole, 1.0), 1.0)
        within = (self.choice >= 0).reshape(-1, *[1] * (value.ndim - 1))
        return value * jnp.where(within, scale[np.maximum(self.choice, 0)], 1.0)

    def leaving(self, value: Array, given: JaxFactors, program: Program) -> JaxLeaving:
        """How people leave the states in every month, without feedback or capacities."""
        rate = program.choice_rate[self.choices]
        out = given.base[rate][:, None, :] * given.by_cohort(rate, program.stratum)
        return self.left(self.hazards(value, out, given, program))

    def left(self, hazard: Array) -> JaxLeaving:
        """How people leave by hazards ``[E', ..., C]``."""
        total = jnp.tensordot(self.of_state, hazard, 1)
        leave = -jnp.expm1(-total / SWEEPS)
        share = hazard / jnp.where(total > 0.0, total, 1.0)[self.state]
        return JaxLeaving(share, leave, _entrant_leave(total / SWEEPS, leave))


def _entrant_leave(hazard: Array, leave: Array) -> Array:
    small = hazard < SMALL_HAZARD
    series = hazard * (1.0 / 2.0 - hazard * (1.0 / 6.0 - hazard * (1.0 / 24.0 - hazard / 120.0)))
    return jnp.where(small, series, 1.0 - leave / jnp.where(small, 1.0, hazard))


def _month(program: Program, plan: Plan, given: JaxFactors) -> Callable[..., Any]:
    """The function that advances people, and what capacities carry over, by one month."""
    ways, feedback = plan.moving, _feedback(program)
    walk = _walk(program, plan)
    rate, of_choice = program.rate[ways.edges], program.choice_rate[ways.choices]
    out = given.base[of_choice]

    def month(state: tuple[Array, Array], now: tuple[Any, ...]) -> tuple[Any, Any]:
        people, carry = state
        ahead, fixed, value, arrivals, time, capacity = now
        factor = feedback(given.feedback, people)
        value = value * factor[rate][:, None]
        hazard = ways.hazards(
            value, out * time[of_choice][:, program.stratum] * factor[of_choice][:, None], given, program
        )
        if (program.ration >= 0).any():
            hazard, carry = _rationed(program, plan, hazard, people, capacity, carry)
        moving = ways.left(hazard)
        arrivals = arrivals * factor[program.inflow_rate][:, None]
        people, flow = walk(people, arrivals, ahead, fixed, moving)
        return (people, carry), (people, (flow, arrivals))

    return month


def _feedback(program: Program) -> Callable[[Array, Array], Array]:
    """Factor of every rate ``[R]`` for people ``[S, C]`` at the start of the month."""
    rows, total, _ = program.feedback.T

    def factor(coefficient: Array, people: Array) -> Array:
        if not len(rows):
            return jnp.ones(program.n_rates)
        totals = jnp.einsum("ys,sc,yc->y", program.total_state, people, program.total_cohort)
        log = coefficient * jnp.log1p(totals / program.total_scale)[total]
        return jnp.exp(jnp.zeros(program.n_rates).at[rows].add(log))

    return factor


def _rationed(
    program: Program, plan: Plan, hazard: Array, people: Array, capacity: Array, carry: Array
) -> tuple[Array, Array]:
    """Hazards ``[E', C]`` limited by capacities, and what is carried over ``[A, O]``; a shared one uses column 0."""
    capacity_of = program.ration[plan.moving.edges]
    member = (capacity_of == np.arange(len(program.capacity))[:, None]).astype(float)
    of_origin = (program.origin[:, None] == np.arange(program.n_origins)).astype(float)
    own = (member @ (people[plan.source[plan.moving.edges]] * hazard)) @ of_origin
    by_origin = (program.ration_by_origin > 0)[:, None]
    demand = jnp.where(by_origin, own, jnp.zeros_like(own).at[:, 0].set(own.sum(axis=1)))
    placed = (program.ration_place.sum(axis=1) > 0)[:, None]
    taken = (program.ration_place.astype(float) @ people) @ of_origin
    taken = jnp.where(by_origin, taken, jnp.zeros_like(taken).at[:, 0].set(taken.sum(axis=1)))
    capacity = jnp.where(placed, jnp.maximum(capacity - taken, 0.0), capacity)
    offered = capacity + carry
    short = demand > offered
    served = jnp.where(short, offered / jnp.where(short, demand, 1.0), 1.0)
    left = jnp.minimum(jnp.maximum(offered - served * demand, 0.0), capacity)
    left = jnp.where(~placed & (by_origin | (np.arange(program.n_origins) == 0)), left, 0.0)
    group = np.maximum(capacity_of, 0)
    column = np.where((program.ration_by_origin[group] > 0)[:, None], program.origin, 0)
    multiplier = jnp.where((capacity_of >= 0)[:, None], served[group[:, None], column], 1.0)
    return hazard * multiplier, left


def _walk(program: Program, plan: Plan) -> Callable[..., tuple[Array, Array]]:
    """The two sweeps of a month: people ``[S, C]`` at its end, and flows along all edges ``[E, C]``."""
    n_states = program.cell_key.shape[1]
    entry = (np.arange(n_states)[:, None] == program.inflow_state).astype(float)  # [S, I]
    back = np.flatnonzero(program.dest <= plan.source)
    returns = (np.arange(n_states)[:, None] == program.dest[back]).astype(float)  # [S, B]
    order = np.argsort(np.concatenate([plan.fixed.edges, plan.moving.edges]))
    states = np.concatenate([plan.fixed.states, plan.moving.states])
    add = _forward(program, plan, plan.moving)

    def walk(
        people: Array, arrivals: Array, ahead: Array, fixed: JaxLeaving, moving: JaxLeaving
    ) -> tuple[Array, Array]:
        share = jnp.concatenate([fixed.share, moving.share])[order]
        leave, leave_fresh = (
            jnp.zeros_like(people).at[states].set(jnp.concatenate(pair))
            for pair in ((fixed.leave, moving.leave), (fixed.leave_fresh, moving.leave_fresh))
        )
        ahead = add(ahead, moving.share)
        system = jnp.eye(n_states) - ahead * leave_fresh.T[:, None, :]
        outside, gone = entry @ arrivals / SWEEPS, jnp.zeros_like(people)
        for _ in range(SWEEPS):
            left = people * leave
            known = outside.T + jnp.einsum("cds,sc->cd", ahead, left)
            fresh = lax.linalg.triangular_solve(
                system, known[:, :, None], left_side=True, lower=True, unit_diagonal=True
            )[:, :, 0].T
            now = left + fresh * leave_fresh
            people = people + fresh - now + returns @ (now[plan.source[back]] * share[back])
            gone = gone + now
        return people, gone[plan.source] * share

    return walk


def _forward(program: Program, plan: Plan, ways: JaxWays) -> Callable[[Array, Array], Array]:
    """Adds shares of forward edges ``[E', ..., C]`` to matrices ``[..., C, S, S]`` of (dest, source)."""
    n_states = program.cell_key.shape[1]
    ahead = program.dest[ways.edges] > plan.source[ways.edges]
    place = program.dest[ways.edges][ahead] * n_states + plan.source[ways.edges][ahead]

    def add(matrix: Array, share: Array) -> Array:
        moved = jnp.moveaxis(share[np.flatnonzero(ahead)], 0, -1)
        flat = matrix.reshape(*matrix.shape[:-2], n_states * n_states)
        return flat.at[..., place].add(moved).reshape(matrix.shape)

    return add
