"""Expected people month by month, forwards, and the adjoint pass that gives gradients.

The step is that of `means`, for a program without feedback or capacities: the probabilities of leaving are then known
beforehand. State s holds n people. In a sweep, with ``entered`` those who have come in since it began::

    gone[s] = n[s] * leave[s] + entered[s] * fresh[s]
    n[s]   += entered[s] - gone[s];   entered[d] += gone[s] * share[e]  for each edge e from s to d

Moves against the order of states wait for the end of the sweep. Every step is linear in people, so the adjoint runs
the same steps backwards. Cohorts are the last axis and the innermost loop.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine.arrivals import SWEEPS
from afterfall.engine.jit import jit
from afterfall.engine.program import Floats, Ints


class ExitTables(NamedTuple):
    """What moves people, by month. Axes are months (T), edges (E), states (S) or inflows (I), and cohorts (C)."""

    share: Floats  # [T, E, C] share along the edge of those who leave its state
    leave: Floats  # [T, S, C] probability of leaving in a sweep, for those present at its start
    fresh: Floats  # [T, S, C] the same for those who entered during the sweep
    arrivals: Floats  # [T, I, C] people from outside in the month


class Graph(NamedTuple):
    """Edges sorted by source, states in topological order, and where people come in."""

    first: Ints  # [S + 1]
    dest: Ints  # [E]
    inflow: Ints  # [I]


class ForwardPass(NamedTuple):
    """Where people are at the end of every month, and within it (the adjoint needs both)."""

    people: Floats  # [T + 1, S, C]
    present: Floats  # [T, SWEEPS, S, C] at the start of each sweep
    entered: Floats  # [T, SWEEPS, S, C] who came in during it


@jit
def forward_pass(graph: Graph, exits: ExitTables) -> ForwardPass:
    """Expected people by month, starting from an empty program."""
    n_states = graph.first.size - 1
    n_months, _, n_cohorts = exits.leave.shape
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
                fresh[graph.inflow[i]] += exits.arrivals[t, i] / SWEEPS
            for s in range(n_states):
                for c in range(n_cohorts):
                    gone[c] = n[s, c] * exits.leave[t, s, c] + fresh[s, c] * exits.fresh[t, s, c]
                    n[s, c] += fresh[s, c] - gone[c]
                for e in range(graph.first[s], graph.first[s + 1]):
                    onward = fresh[graph.dest[e]] if graph.dest[e] > s else later[graph.dest[e]]
                    for c in range(n_cohorts):
                        onward[c] += gone[c] * exits.share[t, e, c]
            n += later
    return ForwardPass(people, present, entered)


@jit
def backward_pass(graph: Graph, exits: ExitTables, forward: ForwardPass, weight: Floats) -> ExitTables:
    """Gradient of ``sum(weight * people)`` with respect to every table, for weights ``[T + 1, S, C]``."""
    n_states = graph.first.size - 1
    n_months, _, n_cohorts = exits.leave.shape
    out = ExitTables(
        np.zeros(exits.share.shape),
        np.zeros(exits.leave.shape),
        np.zeros(exits.fresh.shape),
        np.zeros(exits.arrivals.shape),
    )
    value = np.zeros((n_states, n_cohorts))  # of a person in each state at the end of a sweep
    before, entry = np.zeros((n_states, n_cohorts)), np.zeros((n_states, n_cohorts))
    leaver, gone = np.zeros(n_cohorts), np.zeros(n_cohorts)
    for month in range(n_months):
        t = n_months - 1 - month
        value += weight[t + 1]
        for back in range(SWEEPS):
            sweep = SWEEPS - 1 - back
            n, fresh = forward.present[t, sweep], forward.entered[t, sweep]
            for down in range(n_states):
                s = n_states - 1 - down
                for c in range(n_cohorts):
                    gone[c] = n[s, c] * exits.leave[t, s, c] + fresh[s, c] * exits.fresh[t, s, c]
                    leaver[c] = -value[s, c]
                for e in range(graph.first[s], graph.first[s + 1]):
                    onward = entry[graph.dest[e]] if graph.dest[e] > s else value[graph.dest[e]]
                    for c in range(n_cohorts):
                        leaver[c] += exits.share[t, e, c] * onward[c]
                        out.share[t, e, c] += gone[c] * onward[c]
                for c in range(n_cohorts):
                    out.leave[t, s, c] += leaver[c] * n[s, c]
                    out.fresh[t, s, c] += leaver[c] * fresh[s, c]
                    before[s, c] = value[s, c] + leaver[c] * exits.leave[t, s, c]
                    entry[s, c] = value[s, c] + leaver[c] * exits.fresh[t, s, c]
            for i in range(graph.inflow.size):
                out.arrivals[t, i] += entry[graph.inflow[i]] / SWEEPS
            value[:] = before
    return out
