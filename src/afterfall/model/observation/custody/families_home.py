"""Women and minors of an origin who are home, where it has repatriated more people than its start would have at home.

A government counts those whom it takes home one by one, so that its number is a lower bound of those at home: of
everyone, and of women and minors where it counts these. The history knows no operation of any one country, and totals
of those who travelled mostly leave families out. So an origin may start with fewer at home than its government brought.
The missing are then added at home as women and minors, in the proportion in which they travelled, with those born to
the women. The born are those whom `births_so_far` will draw at home: of the same mean, by the same random numbers. So
no start has fewer at home than the bound. Nobody else moves, and the origin's total grows by the added.

Assumption, as in `families_held`: published totals leave out families that nobody saw travel, rather than count fewer
men. Where custody events are not recorded nothing is read.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Keys, Longs
from afterfall.engine.quantiles import poisson_quantile
from afterfall.model.observation.births_so_far import FEWEST, born_factor
from afterfall.model.observation.initial_state_plan import RETURNED, ROLE, SPLIT, InitialStateBeliefs, InitialStatePlan

#: Slot of the rounding of the added women among those of an origin.
ROUNDING = ROLE + 56
MEN, WOMEN, MINORS, BORN = 0, 1, 2, 3
#: Columns of `least_at_home`.
OF_EVERYONE, OF_FAMILIES = 0, 1


@jit
def families_missing(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    home: Longs,
    weights: Floats,
    cell_key: Keys,
    subkey: np.uint64,
) -> tuple[int, int]:
    """Women and minors to add at home, given people at home by role, and people of each role for each man ``[3]``."""
    least = plan.least_at_home[o]
    if least.max() <= 0:
        return 0, 0
    parents = home[WOMEN] + beliefs.fathers * home[MEN]
    families = home[WOMEN] + home[MINORS] + born_at_home(plan, beliefs, o, parents, cell_key, subkey)
    short = max(least[OF_FAMILIES] - families, least[OF_EVERYONE] - families - home[MEN])
    if short <= 0:
        return 0, 0
    each = weights[WOMEN] * (1.0 + born_for_each(plan, beliefs, o)) + weights[MINORS]
    women = math.floor(short * weights[WOMEN] / each + uniform(subkey, plan.origin_key[o], 0, ROUNDING))
    with_them = home[WOMEN] + women + home[MINORS]
    with_them += born_at_home(plan, beliefs, o, parents + women, cell_key, subkey)
    return women, max(short - (with_them - families), 0)


@jit
def born_at_home(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, parents: float, cell_key: Keys, subkey: np.uint64
) -> int:
    """The born at home whom `births_so_far` draws for so many parents there."""
    cohort = plan.cohorts_of[o, MEN] + BORN
    ratio = parents_and_born(plan, beliefs, o)
    factor = born_factor(beliefs.mixing, subkey, plan.origin_key[o])
    row, born = plan.regional[cohort], 0
    for s in range(plan.node.size):
        if plan.node[s] == RETURNED and ratio[0] > FEWEST:
            mean = parents * (beliefs.shares[row, s] / ratio[0]) * factor
            born += poisson_quantile(uniform(subkey, cell_key[cohort, s], 0, SPLIT), mean)
    return born


@jit
def born_for_each(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int) -> float:
    """The born for each woman among the returned, in the history of the origin's region."""
    parents, born = parents_and_born(plan, beliefs, o)
    return born / parents if parents > FEWEST else 0.0


@jit
def parents_and_born(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int) -> tuple[float, float]:
    """Those who count as parents, and the born, among the returned in the history of the origin's region."""
    first, born, parents = plan.regional[plan.cohorts_of[o, MEN]], 0.0, 0.0
    for s in range(plan.node.size):
        if plan.node[s] == RETURNED:
            born += beliefs.shares[first + BORN, s]
            parents += beliefs.shares[first + WOMEN, s] + beliefs.fathers * beliefs.shares[first + MEN, s]
    return parents, born
