"""The walk of expected people through the months, and its adjoint: what gradients of a history cost is paid here.

The step is that of `means`, for a program without feedback or rations, whose chances are therefore known beforehand.
State s has people n; in a sweep, with ``entered`` those who came in since it began,::

    gone[s] = n[s] * leave[s] + entered[s] * fresh[s]
    n[s]   += entered[s] - gone[s];   entered[d] += gone[s] * share[e]  for each edge e from s to d

and moves against the order of states wait for the end of the sweep. All of it is linear in people, so the adjoint is
the same walk backwards. Cohorts are the last axis and the innermost loop.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.means import SWEEPS
from afterfall.engine.program import Floats, Ints


class ExitTables(NamedTuple):
    """What moves people, by month: axes are months (T), edges (E), states (S) or inflows (I), cohorts (C)."""

    share: Floats  # [T, E, C] of those who leave a state, the share along the edge
    leave: Floats  # [T, S, C] chance to leave in a sweep, of those present
    fresh: Floats  # [T, S, C] the same of those who entered in it
    arrivals: Floats  # [T, I, C] people from outside in the month


class Graph(NamedTuple):
    """Edges sorted by source, states in topological order, and where people come in."""

    first: Ints  # [S + 1]
    dest: Ints  # [E]
    inflow: Ints  # [I]


class ForwardPass(NamedTuple):
    """Where people are: at the end of every month, and within it (what the adjoint needs)."""

    people: Floats  # [T + 1, S, C]
    present: Floats  # [T, SWEEPS, S, C] at the start of each sweep
    entered: Floats  # [T, SWEEPS, S, C] who came in during it


@jit
def forward_pass(graph: Graph, chances: ExitTables) -> ForwardPass:
    """Expected people by month, from nobody at the start."""
    n_states = graph.first.size - 1
    n_months, _, n_cohorts = chances.leave.shape
    people = np.zeros((n_months + 1, n_states, n_cohorts))
    present = np.zeros((n_months, SWEEPS, n_states, n_cohorts))
    entered = np.zeros((n_months, SWEEPS, n_states, n_cohorts))
    later, gone = np.zeros((n_states, n_cohorts)), np.zeros(n_cohorts)
    for t in range(n_months):
        n = people[t + 1]
        n[:] = people[t]
        for sweep in range(SWEEPS):
            fresh, later[:] = entered[t, sweep], 0.0
            present[t, sweep] = n
            for i in range(graph.inflow.size):
                fresh[graph.inflow[i]] += chances.arrivals[t, i] / SWEEPS
            for s in range(n_states):
                for c in range(n_cohorts):
                    gone[c] = n[s, c] * chances.leave[t, s, c] + fresh[s, c] * chances.fresh[t, s, c]
                    n[s, c] += fresh[s, c] - gone[c]
                for e in range(graph.first[s], graph.first[s + 1]):
                    onward = fresh[graph.dest[e]] if graph.dest[e] > s else later[graph.dest[e]]
                    for c in range(n_cohorts):
                        onward[c] += gone[c] * chances.share[t, e, c]
            n += later
    return ForwardPass(people, present, entered)


@jit
def backward_pass(graph: Graph, chances: ExitTables, walked: ForwardPass, weight: Floats) -> ExitTables:
    """Gradient of ``sum(weight * people)`` with respect to every chance, for weights ``[T + 1, S, C]``."""
    n_states = graph.first.size - 1
    n_months, _, n_cohorts = chances.leave.shape
    out = ExitTables(
        np.zeros(chances.share.shape),
        np.zeros(chances.leave.shape),
        np.zeros(chances.fresh.shape),
        np.zeros(chances.arrivals.shape),
    )
    value = np.zeros((n_states, n_cohorts))  # of a person in each state at the end of a sweep
    before, entry = np.zeros((n_states, n_cohorts)), np.zeros((n_states, n_cohorts))
    leaver, gone = np.zeros(n_cohorts), np.zeros(n_cohorts)
    for month in range(n_months):
        t = n_months - 1 - month
        value += weight[t + 1]
        for back in range(SWEEPS):
            sweep = SWEEPS - 1 - back
            n, fresh = walked.present[t, sweep], walked.entered[t, sweep]
            for down in range(n_states):
                s = n_states - 1 - down
                for c in range(n_cohorts):
                    gone[c] = n[s, c] * chances.leave[t, s, c] + fresh[s, c] * chances.fresh[t, s, c]
                    leaver[c] = -value[s, c]
                for e in range(graph.first[s], graph.first[s + 1]):
                    onward = entry[graph.dest[e]] if graph.dest[e] > s else value[graph.dest[e]]
                    for c in range(n_cohorts):
                        leaver[c] += chances.share[t, e, c] * onward[c]
                        out.share[t, e, c] += gone[c] * onward[c]
                for c in range(n_cohorts):
                    out.leave[t, s, c] += leaver[c] * n[s, c]
                    out.fresh[t, s, c] += leaver[c] * fresh[s, c]
                    before[s, c] = value[s, c] + leaver[c] * chances.leave[t, s, c]
                    entry[s, c] = value[s, c] + leaver[c] * chances.fresh[t, s, c]
            for i in range(graph.inflow.size):
                out.arrivals[t, i] += entry[graph.inflow[i]] / SWEEPS
            value[:] = before
    return out
