"""A slow twin of `afterfall.engine.counts.run_trajectory` to be read beside it: plain loops over whole arrays.

It shares with the engine only scalar functions: keys, uniforms, quantiles and the two chances of leaving. Cells are
never skipped, hazards never kept, quantities summed from scratch.
"""

from __future__ import annotations

import math

import numpy as np
from tests.reference.bands import SlowBands, write_record

from afterfall.engine import keys
from afterfall.engine.band_inputs import blank_record, no_bands
from afterfall.engine.bands import BandInputs
from afterfall.engine.counts import MonthlyRecord
from afterfall.engine.hazards import entrant_leave_probability, leave_probability
from afterfall.engine.keyed_uniforms import joined, uniform
from afterfall.engine.program import Floats, Longs, Program, RateFactors
from afterfall.engine.quantiles import binomial_quantile, poisson_quantile


def value(tables: RateFactors, program: Program, feedback: Floats, r: int, c: int, t: int) -> float:
    return tables.base[r, c] * (tables.time[r, program.stratum[c], t] * feedback[r])


def feedbacks(program: Program, tables: RateFactors, outside: Floats, n: Longs) -> Floats:
    log = outside.copy()
    for (r, y, _), coefficient in zip(program.feedback, tables.feedback, strict=True):
        total = 0.0
        for s in np.flatnonzero(program.total_state[y]):
            total += program.total_state[y, s] * float(program.total_cohort[y] @ n[:, s])
        log[r] += coefficient * math.log1p(total / program.total_scale[y])
    return np.array([math.exp(x) for x in log])


def hazards(program: Program, tables: RateFactors, feedback: Floats, c: int, t: int) -> list[float]:
    """Hazards of all edges of a cohort in month t, before rations."""
    edges, one = range(program.dest.size), np.ones(program.n_rates)
    weight = [program.open[e, c] * value(tables, program, feedback, program.rate[e], c, t) for e in edges]
    before = [program.open[e, c] * value(tables, program, one, program.rate[e], c, 0) for e in edges]
    hazard = list(weight)
    for g in range(program.choice_rate.size):
        group = [e for e in edges if program.choice[e] == g]
        now, reference = sum(weight[e] for e in group), sum(before[e] for e in group)
        kept = math.pow(now / reference, tables.rho[g]) if tables.rho[g] != 0 and reference > 0 else 1.0
        for e in group:
            total = value(tables, program, feedback, program.choice_rate[g], c, t)
            hazard[e] = weight[e] * (total * kept / now) if now > 0 else 0.0
    return hazard


def shares_served(
    program: Program, tables: RateFactors, n: Longs, demand: Floats, carry: Floats, t: int
) -> tuple[Floats, Floats, Floats]:
    """Multipliers ``[A, O]``, what is carried on ``[A, O]`` and the overflow ``[A]``."""
    places = program.ration_place.any(axis=1)
    capacity = np.maximum(tables.capacity[:, :, t] - taken(program, n), 0.0)
    offered = capacity + carry
    used = np.ones(demand.shape, dtype=bool)
    used[program.ration_by_origin == 0, 1:] = False
    with np.errstate(invalid="ignore", divide="ignore"):
        ration = np.where(demand > offered, offered / demand, 1.0)
    left = np.where(used, np.clip(offered - ration * demand, 0.0, capacity), 0.0)
    left[places] = 0.0
    overflow = [sum(x for x in row) for row in demand - ration * demand]
    return ration, left, np.array(overflow)


def taken(program: Program, n: Longs) -> Floats:
    """Places of each ration that are taken, ``[A, O]``; of a shared one in column 0."""
    out = np.zeros(program.capacity.shape[:2])
    for a, states in enumerate(program.ration_place):
        for c, people in enumerate(n @ states.astype(np.int64)):
            out[a, program.origin[c] if program.ration_by_origin[a] else 0] += people
    return out


def run_trajectory(
    program: Program,
    tables: RateFactors,
    start: Longs,
    counters: Longs,
    seed: int,
    trajectory: int,
    inputs: BandInputs | None = None,
) -> MonthlyRecord:
    inputs = no_bands(program.horizon) if inputs is None else inputs
    bands, record = SlowBands(inputs, start, seed, trajectory), blank_record(inputs.bands, program.horizon)
    write_record(bands, record, 0)
    n, counted = start.copy(), counters.copy()
    (cohorts, states), months = n.shape, range(1, program.horizon + 1)
    by_origin = np.zeros((program.horizon + 1, program.n_origins, counters.shape[0]), dtype=np.int64)
    overflow = np.zeros((program.horizon + 1, program.capacity.shape[0]))
    beyond = np.zeros((program.horizon + 1, program.n_origins, program.capacity.shape[0]), dtype=np.int64)
    carry = np.zeros(program.capacity.shape[:2])
    by_origin[0] = quantities(program, n, counted)
    for t in months:
        feedback = feedbacks(program, tables, bands.outside(t, program.n_rates), n)
        hazard = np.array([hazards(program, tables, feedback, c, t) for c in range(cohorts)])
        place = [
            [program.origin[c] if a >= 0 and program.ration_by_origin[a] else 0 for a in program.ration]
            for c in range(cohorts)
        ]
        demand = np.zeros(carry.shape)
        for c in range(cohorts):
            for s in range(states):
                for e in range(program.first_edge[s], program.first_edge[s + 1]):
                    if program.ration[e] >= 0:
                        demand[program.ration[e], place[c][e]] += n[c, s] * hazard[c, e]
        ration, carry, overflow[t] = shares_served(program, tables, n, demand, carry, t)
        at_start = n.copy()
        beyond[t] = beyond[t - 1] + (ration < 1).T
        for c in range(cohorts):
            for e in np.flatnonzero(program.ration >= 0):
                hazard[c, e] *= ration[program.ration[e], place[c][e]]
            for sweep in (0, 1):
                move_cohort(program, tables, feedback, hazard[c], at_start, n, counted, c, t, sweep, seed, trajectory)
        pass_on(program, tables, feedback, n, t, seed, trajectory)
        by_origin[t] = quantities(program, n, counted)
        bands.month(t)
        bands.people(n)
        write_record(bands, record, t)
    record.fired[:] = bands.fired
    origin_month = program.origin_month
    return MonthlyRecord(by_origin.sum(axis=1), by_origin[origin_month], beyond[origin_month], overflow, n, record)


def move_cohort(  # type: ignore[no-untyped-def]
    program: Program,
    tables: RateFactors,
    feedback,
    hazard,
    at_start: Longs,
    n,
    counted,
    c: int,
    t: int,
    sweep: int,
    seed: int,
    trajectory: int,
) -> None:
    moves = np.uint64(keys.subkey(seed, trajectory, keys.MONTH, t))
    arrivals = np.uint64(keys.subkey(seed, trajectory, keys.INFLOW, t))
    entered, later = np.zeros(n.shape[1], dtype=np.int64), np.zeros(n.shape[1], dtype=np.int64)
    covered = program.quantity_cohort[:, c] == 1
    for i, s in enumerate(program.inflow_state):
        mean = program.inflow_open[i, c] * value(tables, program, feedback, program.inflow_rate[i], c, t)
        if program.inflow_per[i].any():
            parent = (program.father if program.inflow_father[i] else program.parent)[c]
            mean *= float(at_start[parent] @ program.inflow_per[i].astype(np.int64)) if parent >= 0 else 0.0
        mean /= 2
        key = np.uint64(joined(program.inflow_key[i], program.cell_key[c, s]))
        people = poisson_quantile(uniform(arrivals, key, sweep, 0), mean)
        entered[s] += people
        counted[covered & (program.quantity_inflow[:, i] == 1), program.origin[c]] += people
    for s in range(n.shape[1]):
        edges = range(program.first_edge[s], program.first_edge[s + 1])
        total = sum(hazard[e] for e in reversed(edges))
        leave = leave_probability(total / 2)
        subkey = [uniform(moves, program.cell_key[c, s], sweep, slot) for slot in range(2 + len(edges))]
        gone = binomial_quantile(subkey[0], n[c, s], leave)
        fresh = binomial_quantile(subkey[1], entered[s], entrant_leave_probability(total / 2, leave))
        n[c, s] += entered[s] - gone - fresh
        gone += fresh
        for j, e in enumerate(edges):
            if hazard[e] > 0:
                rest = sum(hazard[k] for k in reversed(range(e, edges[-1] + 1)))
                moved = binomial_quantile(subkey[2 + j], gone, hazard[e] / rest)
                gone -= moved
                (entered if program.dest[e] > s else later)[program.dest[e]] += moved
                counted[covered & (program.quantity_edge[:, e] == 1), program.origin[c]] += moved
        assert gone == 0
    n[c] += later


def pass_on(
    program: Program, tables: RateFactors, feedback: Floats, n: Longs, t: int, seed: int, trajectory: int
) -> None:
    """Let people pass to another cohort at the end of month t."""
    subkey = np.uint64(keys.subkey(seed, trajectory, keys.PASSING, t))
    for c in np.flatnonzero(program.pass_to >= 0):
        p = leave_probability(value(tables, program, feedback, program.pass_rate, c, t))
        for s in np.flatnonzero(program.pass_state):
            passed = binomial_quantile(uniform(subkey, program.cell_key[c, s], 0, 0), n[c, s], p)
            n[c, s] -= passed
            half = 0
            if program.pass_half[c] >= 0:
                half = binomial_quantile(uniform(subkey, program.cell_key[c, s], 0, 1), passed, 0.5)
                n[program.pass_half[c], s] += half
            n[program.pass_to[c], s] += passed - half


def quantities(program: Program, n: Longs, counted: Longs) -> Longs:
    """Every quantity of every origin now, ``[O, Q]``."""
    out = np.zeros((program.n_origins, counted.shape[0]), dtype=np.int64)
    for q in range(counted.shape[0]):
        if program.quantity_state[q].any():
            for c in np.flatnonzero(program.quantity_cohort[q]):
                out[program.origin[c], q] += n[c] @ program.quantity_state[q].astype(np.int64)
        else:
            out[:, q] = counted[q]
    return out
