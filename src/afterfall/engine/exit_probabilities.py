"""Chances of leaving for all months at once, from the factors of every rate, and their gradient.

The arithmetic is that of `hazards`, for a program of one stratum without feedback or rations; `walk` moves people by
what is tabled here. Written out once more because its derivative needs every step of it; a test holds the two together.
With value ``v = base * time`` of an edge, and in a choice ``W`` the sum of them, ``W_ref`` the same at column 0::

    hazard h = v * scale,  scale = out / W * (W / W_ref) ** rho       (plain edges: scale = 1)
    share  = h / H,  H = sum of h;   leave = 1 - exp(-x),  fresh = 1 - (1 - exp(-x)) / x,  x = H / SWEEPS

Cohorts are the last axis and the innermost loop.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.hazards import SMALL_HAZARD, entrant_leave_probability, leave_probability, retained
from afterfall.engine.jit import inlined, jit
from afterfall.engine.means import SWEEPS
from afterfall.engine.program import Floats, Ints

#: Hazard over a sweep that stands for all by which leaving is certain to the last digit.
CERTAIN = 37.0


class ExitEdges(NamedTuple):
    """Edges sorted by source with their rates and choices: the arrays of a `Program` that hazards are made of."""

    first: Ints  # [S + 1]
    rate: Ints  # [E]
    choice: Ints  # [E], or -1; the edges of one choice lie together
    open: Floats  # [E, C] one, or nought where the edge is closed
    choice_rate: Ints  # [G]
    choice_retain: Ints  # [G] parameter of rho, or -1


class Given(NamedTuple):
    """What hazards are made from, or the gradient with respect to it."""

    base: Floats  # [R, C]
    time: Floats  # [T + 1, R]
    rho: Floats  # [G]


class Leaving(NamedTuple):
    """Chances by month, or the gradient with respect to them (see `walk.Chances`)."""

    share: Floats  # [T, E, C]
    leave: Floats  # [T, S, C]
    fresh: Floats  # [T, S, C]


@jit
def references(ways: ExitEdges, given: Given) -> Floats:
    """Total weight of each choice at time column 0, ``[G, C]``."""
    out = np.zeros((ways.choice_rate.size, ways.open.shape[1]))
    for e in range(ways.rate.size):
        g, r = ways.choice[e], ways.rate[e]
        if g >= 0:
            for c in range(out.shape[1]):
                out[g, c] += ways.open[e, c] * given.base[r, c] * given.time[0, r]
    return out


@inlined
def end_of(ways: ExitEdges, e: int, last: int) -> int:
    """One past the last edge that shares a choice with edge e (the next edge, where it has none)."""
    end = e + 1
    while end < last and ways.choice[e] >= 0 and ways.choice[end] == ways.choice[e]:
        end += 1
    return end


@inlined
def valued(ways: ExitEdges, given: Given, t: int, e: int, end: int, value: Floats, whole: Floats) -> None:
    """Write values of some edges in column t to ``value[E, C]``, and their sum to ``whole[C]``."""
    whole[:] = 0.0
    for j in range(e, end):
        r, time = ways.rate[j], given.time[t, ways.rate[j]]
        for c in range(whole.size):
            value[j, c] = ways.open[j, c] * given.base[r, c] * time
            whole[c] += value[j, c]


@inlined
def scaled(ways: ExitEdges, given: Given, reference: Floats, t: int, g: int, whole: Floats, scale: Floats) -> None:
    """Write what the weights of choice g are multiplied by to be hazards to ``scale[C]`` (one for no choice)."""
    scale[:] = 1.0
    if g >= 0:
        r, rho = ways.choice_rate[g], given.rho[g] if ways.choice_retain[g] >= 0 else 0.0
        for c in range(whole.size):
            if whole[c] > 0.0:
                kept = retained(whole[c], reference[g, c], rho)
                scale[c] = given.base[r, c] * given.time[t, r] * kept / whole[c]


@jit
def exit_probabilities(ways: ExitEdges, given: Given) -> Leaving:
    """Chances of leaving every state in every month."""
    n_states, n_edges, n_cohorts = ways.first.size - 1, ways.rate.size, ways.open.shape[1]
    n_months = given.time.shape[0] - 1
    reference, value = references(ways, given), np.zeros((n_edges, n_cohorts))
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
            e, last = ways.first[s], ways.first[s + 1]
            while e < last:
                end = end_of(ways, e, last)
                valued(ways, given, t + 1, e, end, value, whole)
                scaled(ways, given, reference, t + 1, ways.choice[e], whole, scale)
                for j in range(e, end):
                    for c in range(n_cohorts):
                        value[j, c] *= scale[c]
                        total[c] += value[j, c]
                e = end
            for c in range(n_cohorts):
                leave[s, c] = leave_probability(total[c] / SWEEPS)
                fresh[s, c] = entrant_leave_probability(total[c] / SWEEPS, leave[s, c])
                total[c] = 1.0 / total[c] if total[c] > 0.0 else 0.0
            for j in range(ways.first[s], last):
                for c in range(n_cohorts):
                    share[j, c] = value[j, c] * total[c]
    return out


@inlined
def slope_of_fresh(x: float, leave: float) -> float:
    """Derivative of ``1 - (1 - exp(-x)) / x``."""
    if x < SMALL_HAZARD:
        return 0.5 - x * (1.0 / 3.0 - x * (1.0 / 8.0 - x / 30.0))
    return leave / (x * x) - (1.0 - leave) / x


@jit
def exit_probabilities_back(ways: ExitEdges, given: Given, chances: Leaving, weight: Leaving) -> Given:
    """Gradient of the sum of ``weight * chances`` with respect to what they are made from."""
    n_months, n_states, n_cohorts = chances.leave.shape
    reference = references(ways, given)
    out = Given(np.zeros(given.base.shape), np.zeros(given.time.shape), np.zeros(given.rho.shape))
    of_reference = np.zeros(reference.shape)
    value, slope = np.zeros((ways.rate.size, n_cohorts)), np.zeros((ways.rate.size, n_cohorts))
    for t in range(n_months):
        for s in range(n_states):
            _slopes(ways, chances, weight, s, t, slope)
            e, last = ways.first[s], ways.first[s + 1]
            while e < last:
                end = end_of(ways, e, last)
                _through(ways, given, reference, t + 1, e, end, value, slope, out, of_reference)
                e = end
    for e in range(ways.rate.size):
        g, r = ways.choice[e], ways.rate[e]
        if g >= 0:
            for c in range(n_cohorts):
                out.base[r, c] += ways.open[e, c] * of_reference[g, c] * given.time[0, r]
                out.time[0, r] += ways.open[e, c] * of_reference[g, c] * given.base[r, c]
    return out


@jit
def _slopes(ways: ExitEdges, chances: Leaving, weight: Leaving, s: int, t: int, slope: Floats) -> None:
    """Write the derivative with respect to the hazards of state s, in month t, to ``slope[E, C]``."""
    n_cohorts = slope.shape[1]
    mean, by_share, out = np.zeros(n_cohorts), np.zeros(n_cohorts), np.zeros(n_cohorts)
    share, of_share = chances.share[t], weight.share[t]
    for e in range(ways.first[s], ways.first[s + 1]):
        for c in range(n_cohorts):
            mean[c] += of_share[e, c] * share[e, c]
    for c in range(n_cohorts):
        leave = chances.leave[t, s, c]
        if leave > 0.0:
            x = -math.log1p(-leave) if leave < 1.0 else CERTAIN
            by_share[c] = 1.0 / (x * SWEEPS)
            out[c] = weight.leave[t, s, c] * (1.0 - leave) + weight.fresh[t, s, c] * slope_of_fresh(x, leave)
    for e in range(ways.first[s], ways.first[s + 1]):
        for c in range(n_cohorts):
            slope[e, c] = (of_share[e, c] - mean[c]) * by_share[c] + out[c] / SWEEPS


@jit
def _through(
    ways: ExitEdges,
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
    """Carry slopes of the hazards of one choice's edges (or of a plain edge) in column t back to what made them."""
    n_cohorts, g = slope.shape[1], ways.choice[e]
    whole, scale, of_whole = np.zeros(n_cohorts), np.zeros(n_cohorts), np.zeros(n_cohorts)
    valued(ways, given, t, e, end, value, whole)
    scaled(ways, given, reference, t, g, whole, scale)
    if g >= 0:
        of_scale = np.zeros(n_cohorts)
        for j in range(e, end):
            for c in range(n_cohorts):
                of_scale[c] += slope[j, c] * value[j, c]
        r, retains = ways.choice_rate[g], ways.choice_retain[g] >= 0
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
        r, time, of_time = ways.rate[j], given.time[t, ways.rate[j]], 0.0
        for c in range(n_cohorts):
            through = ways.open[j, c] * (slope[j, c] * scale[c] + of_whole[c])
            out.base[r, c] += through * time
            of_time += through * given.base[r, c]
        out.time[t, r] += of_time
