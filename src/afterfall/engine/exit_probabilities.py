"""Probabilities of leaving for all months at once, from the factors of every rate, and their gradient.

The arithmetic is that of `hazards`, for a program of one stratum without feedback or capacities; `adjoint` moves people
with these tables. It is written out again because the derivative needs every intermediate step; a test compares the
two. Let ``v = base * time`` be the value of an edge, ``W`` the sum of them over a choice and ``W_ref`` the same at
column 0::

    hazard h = v * scale,  scale = out / W * (W / W_ref) ** rho       (plain edges: scale = 1)
    share  = h / H,  H = sum of h;   leave = 1 - exp(-x),  fresh = 1 - (1 - exp(-x)) / x,  x = H / SWEEPS

Cohorts are the last axis and the innermost loop.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.arrivals import SWEEPS
from afterfall.engine.hazards import SMALL_HAZARD, entrant_leave_probability, leave_probability, retained
from afterfall.engine.jit import inlined, jit
from afterfall.engine.program import Floats, Ints

#: Hazard over a sweep from which leaving is certain in double precision.
CERTAIN = 37.0


class ExitEdges(NamedTuple):
    """Edges sorted by source, with their rates and choices: the arrays of a `Program` that define hazards."""

    first: Ints  # [S + 1]
    rate: Ints  # [E]
    choice: Ints  # [E], or -1; the edges of one choice are contiguous
    open: Floats  # [E, C] one, or zero where the edge is closed
    choice_rate: Ints  # [G]
    choice_retain: Ints  # [G] parameter of rho, or -1


class Given(NamedTuple):
    """The inputs of the hazards, or the gradient with respect to them."""

    base: Floats  # [R, C]
    time: Floats  # [T + 1, R]
    rho: Floats  # [G]


class Leaving(NamedTuple):
    """Probabilities by month, or the gradient with respect to them (see `adjoint.ExitTables`)."""

    share: Floats  # [T, E, C]
    leave: Floats  # [T, S, C]
    fresh: Floats  # [T, S, C]


@jit
def reference_weights(edges: ExitEdges, given: Given) -> Floats:
    """Total weight of each choice at time column 0, ``[G, C]``."""
    out = np.zeros((edges.choice_rate.size, edges.open.shape[1]))
    for e in range(edges.rate.size):
        g, r = edges.choice[e], edges.rate[e]
        if g >= 0:
            for c in range(out.shape[1]):
                out[g, c] += edges.open[e, c] * given.base[r, c] * given.time[0, r]
    return out


@inlined
def end_of_choice(edges: ExitEdges, e: int, last: int) -> int:
    """One past the last edge that shares a choice with edge e (the next edge where it has no choice)."""
    end = e + 1
    while end < last and edges.choice[e] >= 0 and edges.choice[end] == edges.choice[e]:
        end += 1
    return end


@inlined
def edge_values(edges: ExitEdges, given: Given, t: int, e: int, end: int, value: Floats, whole: Floats) -> None:
    """Write the values of edges e to end - 1 in column t to ``value[E, C]``, and their sum to ``whole[C]``."""
    whole[:] = 0.0
    for j in range(e, end):
        r, time = edges.rate[j], given.time[t, edges.rate[j]]
        for c in range(whole.size):
            value[j, c] = edges.open[j, c] * given.base[r, c] * time
            whole[c] += value[j, c]


@inlined
def choice_scale(
    edges: ExitEdges, given: Given, reference: Floats, t: int, g: int, whole: Floats, scale: Floats
) -> None:
    """Write the factor that turns weights of choice g into hazards to ``scale[C]`` (one for no choice)."""
    scale[:] = 1.0
    if g >= 0:
        r, rho = edges.choice_rate[g], given.rho[g] if edges.choice_retain[g] >= 0 else 0.0
        for c in range(whole.size):
            if whole[c] > 0.0:
                kept = retained(whole[c], reference[g, c], rho)
                scale[c] = given.base[r, c] * given.time[t, r] * kept / whole[c]


@jit
def exit_probabilities(edges: ExitEdges, given: Given) -> Leaving:
    """Probabilities of leaving every state in every month."""
    n_states, n_edges, n_cohorts = edges.first.size - 1, edges.rate.size, edges.open.shape[1]
    n_months = given.time.shape[0] - 1
    reference, value = reference_weights(edges, given), np.zeros((n_edges, n_cohorts))
    whole, scale, total = np.zeros(n_cohorts), np.zeros(n_cohorts), np.zeros(n_cohorts)
    out = Leaving(
        np.zeros((n_months, n_edges, n_cohorts)),
        np.zeros((n_months, n_states, n_cohorts)),
        np.zeros((n_months, n_states, n_cohorts)),
    )
    for t in range(n_months):
        share, leave, fresh = out.share[t], out.leave[t], out.fresh[t]
        for s in range(n_states):
            total[:] = 0.0
            e, last = edges.first[s], edges.first[s + 1]
            while e < last:
                end = end_of_choice(edges, e, last)
                edge_values(edges, given, t + 1, e, end, value, whole)
                choice_scale(edges, given, reference, t + 1, edges.choice[e], whole, scale)
                for j in range(e, end):
                    for c in range(n_cohorts):
                        value[j, c] *= scale[c]
                        total[c] += value[j, c]
                e = end
            for c in range(n_cohorts):
                leave[s, c] = leave_probability(total[c] / SWEEPS)
                fresh[s, c] = entrant_leave_probability(total[c] / SWEEPS, leave[s, c])
                total[c] = 1.0 / total[c] if total[c] > 0.0 else 0.0
            for j in range(edges.first[s], last):
                for c in range(n_cohorts):
                    share[j, c] = value[j, c] * total[c]
    return out


@inlined
def fresh_slope(x: float, leave: float) -> float:
    """Derivative of ``1 - (1 - exp(-x)) / x``."""
    if x < SMALL_HAZARD:
        return 0.5 - x * (1.0 / 3.0 - x * (1.0 / 8.0 - x / 30.0))
    return leave / (x * x) - (1.0 - leave) / x


@jit
def exit_probabilities_back(edges: ExitEdges, given: Given, exits: Leaving, weight: Leaving) -> Given:
    """Gradient of the sum of ``weight * exits`` with respect to the inputs of the hazards."""
    n_months, n_states, n_cohorts = exits.leave.shape
    reference = reference_weights(edges, given)
    out = Given(np.zeros(given.base.shape), np.zeros(given.time.shape), np.zeros(given.rho.shape))
    of_reference = np.zeros(reference.shape)
    value, slope = np.zeros((edges.rate.size, n_cohorts)), np.zeros((edges.rate.size, n_cohorts))
    for t in range(n_months):
        for s in range(n_states):
            _hazard_slopes(edges, exits, weight, s, t, slope)
            e, last = edges.first[s], edges.first[s + 1]
            while e < last:
                end = end_of_choice(edges, e, last)
                _slopes_to_rates(edges, given, reference, t + 1, e, end, value, slope, out, of_reference)
                e = end
    for e in range(edges.rate.size):
        g, r = edges.choice[e], edges.rate[e]
        if g >= 0:
            for c in range(n_cohorts):
                out.base[r, c] += edges.open[e, c] * of_reference[g, c] * given.time[0, r]
                out.time[0, r] += edges.open[e, c] * of_reference[g, c] * given.base[r, c]
    return out


@jit
def _hazard_slopes(edges: ExitEdges, exits: Leaving, weight: Leaving, s: int, t: int, slope: Floats) -> None:
    """Write the derivative with respect to the hazards of state s, in month t, to ``slope[E, C]``."""
    n_cohorts = slope.shape[1]
    mean, by_share, out = np.zeros(n_cohorts), np.zeros(n_cohorts), np.zeros(n_cohorts)
    share, of_share = exits.share[t], weight.share[t]
    for e in range(edges.first[s], edges.first[s + 1]):
        for c in range(n_cohorts):
            mean[c] += of_share[e, c] * share[e, c]
    for c in range(n_cohorts):
        leave = exits.leave[t, s, c]
        if leave > 0.0:
            x = -math.log1p(-leave) if leave < 1.0 else CERTAIN
            by_share[c] = 1.0 / (x * SWEEPS)
            out[c] = weight.leave[t, s, c] * (1.0 - leave) + weight.fresh[t, s, c] * fresh_slope(x, leave)
    for e in range(edges.first[s], edges.first[s + 1]):
        for c in range(n_cohorts):
            slope[e, c] = (of_share[e, c] - mean[c]) * by_share[c] + out[c] / SWEEPS


@jit
def _slopes_to_rates(
    edges: ExitEdges,
    given: Given,
    reference: Floats,
    t: int,
    e: int,
    end: int,
    value: Floats,
    slope: Floats,
    out: Given,
    of_reference: Floats,
) -> None:
    """Carry slopes of the hazards of one choice's edges (or of a plain edge) in column t back to their inputs."""
    n_cohorts, g = slope.shape[1], edges.choice[e]
    whole, scale, of_whole = np.zeros(n_cohorts), np.zeros(n_cohorts), np.zeros(n_cohorts)
    edge_values(edges, given, t, e, end, value, whole)
    choice_scale(edges, given, reference, t, g, whole, scale)
    if g >= 0:
        of_scale = np.zeros(n_cohorts)
        for j in range(e, end):
            for c in range(n_cohorts):
                of_scale[c] += slope[j, c] * value[j, c]
        r, retains = edges.choice_rate[g], edges.choice_retain[g] >= 0
        for c in range(n_cohorts):
            if scale[c] > 0.0 and whole[c] > 0.0:
                through, kept = of_scale[c] * scale[c], retains and reference[g, c] > 0.0
                rho = given.rho[g] if kept else 0.0
                of_whole[c] = through * (rho - 1.0) / whole[c]
                out.base[r, c] += through / given.base[r, c]
                out.time[t, r] += through / given.time[t, r]
                if kept:
                    out.rho[g] += through * math.log(whole[c] / reference[g, c])
                    of_reference[g, c] -= through * rho / reference[g, c]
    for j in range(e, end):
        r, time, of_time = edges.rate[j], given.time[t, edges.rate[j]], 0.0
        for c in range(n_cohorts):
            through = edges.open[j, c] * (slope[j, c] * scale[c] + of_whole[c])
            out.base[r, c] += through * time
            of_time += through * given.base[r, c]
        out.time[t, r] += of_time
