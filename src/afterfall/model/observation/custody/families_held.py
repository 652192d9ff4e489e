"""Women and minors of an origin, where counts of families held say that there are more than its roles would leave.

Women and minors for each man are drawn from the history and from counts of those who travelled, which are few. Where
custody events are recorded, counts of women and minors held are a lower bound F of those who are neither home nor dead,
the born among them. An origin is expected to have::

    families = N (a k_a (1 + b) + c k_c) / (1 + a + c)

with N people, a women and c minors for each man, k the share of each role who are neither home nor dead, and b the born
for each woman there, as in the history. Where that is less than F, women and minors are raised alike until they are as
many, with an error of F as large as that of its counts, drawn once for each origin. Its men stay as many as they were,
and its total grows. Nothing changes where no such count is read.

Assumption: published totals leave out families that nobody saw travel, rather than count fewer men.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats
from afterfall.engine.quantiles import normal_quantile
from afterfall.model.observation.initial_state_plan import REST, ROLE, InitialStateBeliefs, InitialStatePlan

#: Slot of the error of the bound among those of an origin.
ERROR = ROLE + 48
#: Women and minors for each man that the factor leads to at most: where most were taken along, four were counted.
MOST = 4.0
MEN, WOMEN, MINORS, BORN = 0, 1, 2, 3


@jit
def families_factor(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    people: int,
    weights: Floats,
    left: Floats,
    subkey: np.uint64,
) -> float:
    """Factor on the women and minors of an origin, at least one.

    `weights` are people of each role for each man ``[3]``, `left` the share of each role neither home nor dead ``[3]``.
    """
    log_least, sd = plan.family_floor_log[o], plan.family_floor_sd[o]
    if log_least == -math.inf or people == 0:
        return 1.0
    least = math.exp(log_least + sd * normal_quantile(uniform(subkey, plan.origin_key[o], 0, ERROR)))
    present = weights[WOMEN] * left[WOMEN] * (1.0 + born_for_each(plan, beliefs, o)) + weights[MINORS] * left[MINORS]
    families = people * present / weights.sum()
    most = MOST / max(weights[WOMEN] + weights[MINORS], 1e-9)
    return float(max(min(least / max(families, 1e-9), most), 1.0))


@jit
def born_for_each(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int) -> float:
    """The born for each woman among those neither home nor dead, in the history of the origin's region."""
    first, born, parents = plan.regional[plan.cohorts_of[o, 0]], 0.0, 0.0
    for s in range(plan.node.size):
        if plan.node[s] == REST:
            born += beliefs.shares[first + BORN, s]
            parents += beliefs.shares[first + WOMEN, s] + beliefs.fathers * beliefs.shares[first + MEN, s]
    return float(born / parents) if parents > 1e-9 else 0.0
