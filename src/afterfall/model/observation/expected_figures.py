"""What each count of an origin is expected to say of a candidate start, and how far it may be wrong.

A count of month t has the expected value::

    mu = N P[t] / P[T] * rho * s / u

with N the people of the candidate and P the region's expected travellers. The candidate's shares returned and dead are
carried back to month t by the history's growth, and its share in the theatre by the history's odds; s is the share of a
quantity (returned, dead, in the theatre as its sources count, in third countries), rho the share that counts report, u
the people per person counted. t is the month of the newest count of the quantity.

The relative variance is the error of the source, and half of the growth that the history expects between the count's
own month and t. Of the variances of the fit, a start leaves two out: the spread of origins and the discrepancy common
to all counts say how far counts are from the history of a region; the shares of a start are the origin's own.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.program import Floats
from afterfall.model.observation import counting
from afterfall.model.observation.count_density import log_constants, log_count, log_tail
from afterfall.model.observation.figure_rules import FIGHTERS_ONLY
from afterfall.model.observation.initial_state_plan import InitialStateBeliefs, InitialStatePlan
from afterfall.model.observation.node_shares import growth_of
from afterfall.model.observation.reconcile_totals import unit_of

#: Positions in `figure_rules.COUNTED`.
RETURNED_COUNT, KILLED_COUNT, IN_THEATRE_COUNT, THIRD_COUNTRY_COUNT = 0, 1, 2, 3
#: Columns of the terms of a figure: people per person of the total and unit of share, growth of the two nodes since,
#: odds of being in the theatre then over those at the as-of date, relative variance.
SCALE, GROWTH_HOME, GROWTH_DEAD, THEATRE, VARIANCE, CONSTANTS = 0, 1, 2, 3, 4, 5
#: Share of the log growth between a count and a newer one that is uncertain.
GROWTH_ERROR = 0.5
SMALL = 1e-9
_dead_per_counted_fighter = jit(counting.dead_per_counted_fighter)
_relative_variance = jit(counting.relative_variance)
_seen_in_theatre = jit(counting.seen_in_theatre)


@jit
def share_counted(quantity: int, home: float, dead: float, theatre: float, reporting: Floats) -> float:
    """Share of an origin's people whom counts of a quantity see.

    `home` of all have returned, `dead` of the others died, and `theatre` of the rest are in the theatre.
    """
    if quantity == RETURNED_COUNT:
        return home
    killed = (1.0 - home) * dead
    if quantity == KILLED_COUNT:
        return killed
    rest = 1.0 - home - killed
    if quantity == THIRD_COUNTRY_COUNT:
        return rest * (1.0 - theatre)
    return float(_seen_in_theatre(rest * theatre, home, killed, reporting[0], reporting[1]))


@jit
def expected_level(beliefs: InitialStateBeliefs, quantity: int, t: int, g: int) -> float:
    """People of a region whom a quantity is expected to have counted in a month."""
    home, dead, theatre = beliefs.nodes[0, t, g], beliefs.nodes[1, t, g], beliefs.theatre[t, g]
    share = share_counted(quantity, home, dead, theatre, beliefs.reporting)
    return float(max(beliefs.people[t, g] * share, SMALL))


@jit
def people_per_count(plan: InitialStatePlan, beliefs: InitialStateBeliefs, quantity: int, i: int, g: int) -> float:
    """People per person counted by figure i."""
    kind = plan.figure_kind[i]
    if quantity == KILLED_COUNT and kind == FIGHTERS_ONLY:
        return float(_dead_per_counted_fighter(beliefs.left_out, beliefs.dead_per_fighter[g]))
    return unit_of(kind, beliefs)


@jit
def growth_error(plan: InitialStatePlan, beliefs: InitialStateBeliefs, quantity: int, i: int, g: int) -> float:
    """Relative error of reading figure i as of the newest count's month."""
    own, newest = plan.figure_column[i], plan.figure_newest[i]
    if own == newest:
        return 0.0
    grown = expected_level(beliefs, quantity, newest, g) / expected_level(beliefs, quantity, own, g)
    return float(GROWTH_ERROR * abs(math.log(grown)))


@jit
def figure_terms(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, terms: Floats) -> None:
    """Write the terms of every figure of an origin, from its first one on."""
    g, last = plan.region[o], beliefs.people.shape[0] - 1
    offset = plan.first_figure[plan.first_family[plan.first_group[o]]]
    for j in range(plan.first_group[o], plan.first_group[o + 1]):
        quantity = plan.group_quantity[j]
        for i in range(plan.first_figure[plan.first_family[j]], plan.first_figure[plan.first_family[j + 1]]):
            t, row = plan.figure_newest[i], terms[i - offset]
            reported = beliefs.reporting[quantity] if quantity < 2 else 1.0
            row[SCALE] = beliefs.people[t, g] / beliefs.people[last, g] * reported
            row[SCALE] /= people_per_count(plan, beliefs, quantity, i, g)
            row[GROWTH_HOME], row[GROWTH_DEAD] = growth_of(beliefs, 0, t, g), growth_of(beliefs, 1, t, g)
            row[THEATRE] = odds(beliefs.theatre[t, g]) / odds(beliefs.theatre[last, g])
            spread = growth_error(plan, beliefs, quantity, i, g) ** 2
            row[VARIANCE] = max(_relative_variance(spread, plan.figure_sd[i], beliefs.discrepancy), 1e-6)
            log_constants(plan.figure_points[i], plan.figure_exact[i], row[VARIANCE], row[CONSTANTS:])


@jit
def family_log_weights(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, out: Floats) -> None:
    """Write the log weight of every family of an origin within its group: the precision of its best figure."""
    first = plan.first_family[plan.first_group[o]]
    for j in range(plan.first_group[o], plan.first_group[o + 1]):
        total = 0.0
        for f in range(plan.first_family[j], plan.first_family[j + 1]):
            best = 0.0
            for i in range(plan.first_figure[f], plan.first_figure[f + 1]):
                error = growth_error(plan, beliefs, plan.group_quantity[j], i, plan.region[o])
                best = max(best, 1.0 / (plan.figure_sd[i] ** 2 + error**2))
            out[f - first] = best
            total += best
        for f in range(plan.first_family[j], plan.first_family[j + 1]):
            out[f - first] = math.log(out[f - first] / total)


@jit
def odds(share: float) -> float:
    """Odds of a share, which is kept away from zero and one."""
    kept = min(max(share, SMALL), 1.0 - SMALL)
    return kept / (1.0 - kept)


@jit
def expected_figure(quantity: int, terms: Floats, reporting: Floats, start: Floats) -> float:
    """What a figure is expected to say of a start ``[4]``: total, shares returned, dead and in the theatre."""
    returned, gone = min(start[1] / terms[GROWTH_HOME], 1.0), min(start[2] / terms[GROWTH_DEAD], 1.0)
    there = odds(start[3]) * terms[THEATRE]
    share = share_counted(quantity, returned, gone, there / (1.0 + there), reporting)
    return float(max(start[0] * terms[SCALE] * share, SMALL))


@jit
def log_family(
    plan: InitialStatePlan,
    quantity: int,
    f: int,
    offset: int,
    terms: Floats,
    reporting: Floats,
    start: Floats,
) -> float:
    """Mean log density of the figures of a family given a start (see `expected_figure`)."""
    total, first, end = 0.0, plan.first_figure[f], plan.first_figure[f + 1]
    for i in range(first, end):
        row = terms[i - offset]
        mean = expected_figure(quantity, row, reporting, start)
        if plan.figure_bound[i] != 0:
            middle = plan.figure_points[i, plan.figure_points.shape[1] // 2]
            total += log_tail(plan.figure_bound[i], middle, mean, row[VARIANCE])
        else:
            total += log_count(plan.figure_points[i], plan.figure_exact[i], row[CONSTANTS:], mean, row[VARIANCE])
    return float(total / (end - first))


@jit
def empty_terms(plan: InitialStatePlan, o: int) -> Floats:
    """Room for the terms of an origin's figures."""
    first = plan.first_figure[plan.first_family[plan.first_group[o]]]
    end = plan.first_figure[plan.first_family[plan.first_group[o + 1]]]
    return np.zeros((end - first, CONSTANTS + plan.figure_points.shape[1]))
