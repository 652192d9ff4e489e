"""Women and minors of an origin who are home, where it has repatriated more people than its start would have at home.

A government counts those whom it takes home one by one, so that its number is a lower bound of those at home: of
everyone, and of women and minors where it counts these. The history knows no operation of any one country, and totals
of those who travelled mostly leave families out. So an origin may start with fewer at home than its government brought.
The missing are then added at home as women and minors, in the proportion in which they travelled. Each woman is
expected to bring those born to her, as in the history. Nobody else moves, and the origin's total grows by the added.

Assumption, as in `families_held`: published totals leave out families that nobody saw travel, rather than count fewer
men. Where custody events are not recorded nothing is read.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Longs
from afterfall.model.observation.initial_state_plan import RETURNED, ROLE, InitialStateBeliefs, InitialStatePlan

#: Slot of the rounding of the added women among those of an origin.
ROUNDING = ROLE + 56
MEN, WOMEN, MINORS, BORN = 0, 1, 2, 3
#: Columns of `least_at_home`.
OF_EVERYONE, OF_FAMILIES = 0, 1


@jit
def families_missing(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, home: Longs, weights: Floats, subkey: np.uint64
) -> tuple[int, int]:
    """Women and minors to add at home, given people at home by role, and people of each role for each man ``[3]``."""
    if plan.least_at_home[o].max() <= 0:
        return 0, 0
    born = born_at_home(plan, beliefs, o)
    children = born * (home[WOMEN] + beliefs.fathers * home[MEN])
    families = home[WOMEN] + home[MINORS] + children
    short = max(
        plan.least_at_home[o, OF_FAMILIES] - families, plan.least_at_home[o, OF_EVERYONE] - families - home[MEN]
    )
    if short <= 0.0:
        return 0, 0
    each = weights[WOMEN] * (1.0 + born) + weights[MINORS]
    u = uniform(subkey, plan.origin_key[o], 0, ROUNDING)
    women = math.floor(short * weights[WOMEN] / each + u)
    return women, max(math.ceil(short - women * (1.0 + born)), 0)


@jit
def born_at_home(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int) -> float:
    """The born for each woman among the returned, in the history of the origin's region."""
    first, born, parents = plan.regional[plan.cohorts_of[o, 0]], 0.0, 0.0
    for s in range(plan.node.size):
        if plan.node[s] == RETURNED:
            born += beliefs.shares[first + BORN, s]
            parents += beliefs.shares[first + WOMEN, s] + beliefs.fathers * beliefs.shares[first + MEN, s]
    return float(born / parents) if parents > 1e-9 else 0.0
