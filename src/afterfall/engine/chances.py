"""Chances of leaving for all months at once, from the factors of every rate, and their gradient.

The arithmetic is that of `hazards`, for a program without feedback or rations; `walk` moves people by what is tabled
here. Written out once more because its derivative needs every step of it; a test holds the two together. With value
``v = base * time`` of an edge, and in a choice ``W`` the sum of them, ``W_ref`` the same at column 0::

    hazard h = v * out / W * (W / W_ref) ** rho       (plain edges: h = v)
    share  = h / H,  H = sum of h;   leave = 1 - exp(-x),  fresh = 1 - (1 - exp(-x)) / x,  x = H / SWEEPS
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.hazards import SMALL_HAZARD, entrant_leave_probability, leave_probability, retained
from afterfall.engine.jit import inlined, jit
from afterfall.engine.means import SWEEPS
from afterfall.engine.program import Flags, Floats, Ints


class Ways(NamedTuple):
    """Edges sorted by source with their rates and choices: the arrays of a `Program` that hazards are made of."""

    first: Ints  # [S + 1]
    rate: Ints  # [E]
    choice: Ints  # [E], or -1; the edges of one choice lie together
    open: Flags  # [E, C]
    choice_rate: Ints  # [G]
    choice_retain: Ints  # [G] parameter of rho, or -1
    stratum: Ints  # [C]


class Given(NamedTuple):
    """What hazards are made from, or the gradient with respect to it."""

    base: Floats  # [R, C]
    time: Floats  # [T + 1, R, U]
    rho: Floats  # [G]


class Leaving(NamedTuple):
    """Chances by month, or the gradient with respect to them (see `walk.Chances`)."""

    share: Floats  # [T, E, C]
    leave: Floats  # [T, S, C]
    fresh: Floats  # [T, S, C]


@jit
def references(ways: Ways, given: Given) -> Floats:
    """Total weight of each choice at time column 0, ``[G, C]``."""
    out = np.zeros((ways.choice_rate.size, ways.stratum.size))
    for e in range(ways.rate.size):
        g, r = ways.choice[e], ways.rate[e]
        if g >= 0:
            for c in range(ways.stratum.size):
                if ways.open[e, c]:
                    out[g, c] += given.base[r, c] * given.time[0, r, ways.stratum[c]]
    return out


@inlined
def values_of(ways: Ways, given: Given, s: int, t: int, c: int, value: Floats) -> None:
    """Write the values of state s's edges in column t to ``value[E]``."""
    u = ways.stratum[c]
    for e in range(ways.first[s], ways.first[s + 1]):
        r = ways.rate[e]
        value[e] = given.base[r, c] * given.time[t, r, u] if ways.open[e, c] else 0.0


@inlined
def run_of(ways: Ways, e: int, last: int) -> int:
    """One past the last edge of the choice that edge e belongs to."""
    end = e + 1
    while end < last and ways.choice[end] == ways.choice[e]:
        end += 1
    return end


@inlined
def scale_of(ways: Ways, given: Given, reference: Floats, g: int, t: int, c: int, whole: float) -> float:
    """What a weight of choice g is multiplied by to be a hazard."""
    r = ways.choice_rate[g]
    rho = given.rho[g] if ways.choice_retain[g] >= 0 else 0.0
    kept = retained(whole, reference[g, c], rho)
    return float(given.base[r, c] * given.time[t, r, ways.stratum[c]] * kept / whole)


@jit
def leaving(ways: Ways, given: Given) -> Leaving:
    """Chances of leaving every state in every month."""
    n_states, n_edges, n_cohorts = ways.first.size - 1, ways.rate.size, ways.stratum.size
    n_months = given.time.shape[0] - 1
    reference, hazard = references(ways, given), np.zeros(n_edges)
    out = Leaving(
        np.zeros((n_months, n_edges, n_cohorts)),
        np.zeros((n_months, n_states, n_cohorts)),
        np.zeros((n_months, n_states, n_cohorts)),
    )
    for t in range(1, n_months + 1):
        for c in range(n_cohorts):
            for s in range(n_states):
                values_of(ways, given, s, t, c, hazard)
                total, e, last = 0.0, ways.first[s], ways.first[s + 1]
                while e < last:
                    end = run_of(ways, e, last) if ways.choice[e] >= 0 else e + 1
                    whole = 0.0
                    for j in range(e, end):
                        whole += hazard[j]
                    if whole > 0.0:
                        scale = scale_of(ways, given, reference, ways.choice[e], t, c, whole) if ways.choice[e] >= 0 else 1.0
                        for j in range(e, end):
                            hazard[j] *= scale
                            total += hazard[j]
                    e = end
                if total > 0.0:
                    out.leave[t - 1, s, c] = leave_probability(total / SWEEPS)
                    out.fresh[t - 1, s, c] = entrant_leave_probability(total / SWEEPS, out.leave[t - 1, s, c])
                    for j in range(ways.first[s], last):
                        out.share[t - 1, j, c] = hazard[j] / total
    return out


@inlined
def slope_of_fresh(x: float, leave: float) -> float:
    """Derivative of ``1 - (1 - exp(-x)) / x``."""
    if x < SMALL_HAZARD:
        return 0.5 - x * (1.0 / 3.0 - x * (1.0 / 8.0 - x / 30.0))
    return leave / (x * x) - (1.0 - leave) / x


@jit
def leaving_back(ways: Ways, given: Given, chances: Leaving, weight: Leaving) -> Given:
    """Gradient of the sum of ``weight * chances`` with respect to what they are made from."""
    n_months, n_states = chances.leave.shape[:2]
    reference = references(ways, given)
    out = Given(np.zeros(given.base.shape), np.zeros(given.time.shape), np.zeros(given.rho.shape))
    of_reference = np.zeros(reference.shape)
    value, slope = np.zeros(ways.rate.size), np.zeros(ways.rate.size)
    for t in range(1, n_months + 1):
        for c in range(ways.stratum.size):
            for s in range(n_states):
                leave = chances.leave[t - 1, s, c]
                if leave > 0.0:
                    x = -math.log1p(-leave)
                    _slopes(ways, chances, weight, s, t - 1, c, x, slope)
                    values_of(ways, given, s, t, c, value)
                    _back_choices(ways, given, reference, s, t, c, value, slope, out, of_reference)
    _back_references(ways, given, of_reference, out)
    return out


@inlined
def _slopes(ways: Ways, chances: Leaving, weight: Leaving, s: int, t: int, c: int, x: float, slope: Floats) -> None:
    """Derivative with respect to the hazards of state s, in month t (from 0), to ``slope[E]``."""
    leave, mean = chances.leave[t, s, c], 0.0
    for e in range(ways.first[s], ways.first[s + 1]):
        mean += weight.share[t, e, c] * chances.share[t, e, c]
    out = weight.leave[t, s, c] * (1.0 - leave) + weight.fresh[t, s, c] * slope_of_fresh(x, leave)
    for e in range(ways.first[s], ways.first[s + 1]):
        slope[e] = (weight.share[t, e, c] - mean) / (x * SWEEPS) + out / SWEEPS


@inlined
def _back_choices(
    ways: Ways,
    given: Given,
    reference: Floats,
    s: int,
    t: int,
    c: int,
    value: Floats,
    slope: Floats,
    out: Given,
    of_reference: Floats,
) -> None:
    """Carry slopes of state s's hazards back to base, time, rho and the references."""
    u, e, last = ways.stratum[c], ways.first[s], ways.first[s + 1]
    while e < last:
        g = ways.choice[e]
        end = run_of(ways, e, last) if g >= 0 else e + 1
        scale, of_whole = 1.0, 0.0
        if g >= 0:
            whole, of_scale = 0.0, 0.0
            for j in range(e, end):
                whole += value[j]
                of_scale += slope[j] * value[j]
            scale = scale_of(ways, given, reference, g, t, c, whole) if whole > 0.0 else 0.0
            if scale > 0.0:
                r, through = ways.choice_rate[g], of_scale * scale
                kept = ways.choice_retain[g] >= 0 and reference[g, c] > 0.0
                rho = given.rho[g] if kept else 0.0
                of_whole = through * (rho - 1.0) / whole
                out.base[r, c] += through / given.base[r, c]
                out.time[t, r, u] += through / given.time[t, r, u]
                if kept:
                    out.rho[g] += through * math.log(whole / reference[g, c])
                    of_reference[g, c] -= through * rho / reference[g, c]
        for j in range(e, end):
            if ways.open[j, c]:
                r, through = ways.rate[j], slope[j] * scale + of_whole
                out.base[r, c] += through * given.time[t, r, u]
                out.time[t, r, u] += through * given.base[r, c]
        e = end


@jit
def _back_references(ways: Ways, given: Given, of_reference: Floats, out: Given) -> None:
    for e in range(ways.rate.size):
        g, r = ways.choice[e], ways.rate[e]
        if g >= 0:
            for c in range(ways.stratum.size):
                if ways.open[e, c]:
                    u = ways.stratum[c]
                    out.base[r, c] += of_reference[g, c] * given.time[0, r, u]
                    out.time[0, r, u] += of_reference[g, c] * given.base[r, c]
