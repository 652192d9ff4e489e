"""How well a total of an origin agrees with its own counts of those come home and of the dead.

A count is compared with what the region's expected flows make of the total at the date of the count: lognormal, with
the relative variance of the fit's likelihood, that is between a region's origins, of the source, shared by all counts,
and of counting.
"""

from __future__ import annotations

import math

from afterfall.engine.jit import jit
from afterfall.engine.start_plan import ALL_THEATRES, FIGHTERS_ONLY, StartBeliefs, StartPlan

#: A share of nobody is compared as this one.
LEAST_SHARE = 1e-6


@jit
def people_per_unit(kind: int, beliefs: StartBeliefs) -> float:
    """What one counted by a definition stands for, in people who came to this theatre."""
    if kind == FIGHTERS_ONLY:
        return float(1.0 + beliefs.left_out * (beliefs.role_weight[1] + beliefs.role_weight[2]))
    if kind == ALL_THEATRES:
        return beliefs.in_theatre
    return 1.0


@jit
def counted(plan: StartPlan, beliefs: StartBeliefs, which: int, o: int) -> float:
    """An origin's published count in people, what it leaves unreported included."""
    kind, g = plan.evidence_kind[which, o], plan.region[o]
    factor = people_per_unit(kind, beliefs)
    if which == 1 and kind == FIGHTERS_ONLY:
        factor = 1.0 + beliefs.left_out * (beliefs.dead_per_fighter[g] - 1.0)
    return float(plan.evidence[which, o] * factor / beliefs.reporting[which])


@jit
def has_counts(plan: StartPlan, o: int) -> bool:
    """Whether an origin has a count of those come home or of the dead."""
    return bool(plan.evidence[0, o] >= 0.0 or plan.evidence[1, o] >= 0.0)


@jit
def log_agreement(plan: StartPlan, beliefs: StartBeliefs, o: int, log_total: float) -> float:
    """Log density of an origin's own counts given its log total, up to a constant."""
    g, last, log = plan.region[o], beliefs.nodes.shape[1] - 1, 0.0
    for which in range(2):
        if plan.evidence[which, o] >= 0.0:
            then = plan.evidence_column[which, o]
            share = beliefs.nodes[which, then, g]
            if which == 1:
                share *= 1.0 - beliefs.nodes[0, then, g]
            share = min(max(share, LEAST_SHARE), 1.0 - LEAST_SHARE)
            mean = max(math.exp(log_total) * beliefs.people[then, g] / beliefs.people[last, g] * share, LEAST_SHARE)
            between = (1.0 - share) / (share * (beliefs.concentration + 1.0))
            own = plan.evidence_sd[which, o] ** 2 + beliefs.discrepancy**2
            variance = math.log1p(between + own + 1.0 / mean)
            off = math.log(max(counted(plan, beliefs, which, o), 0.5)) - math.log(mean) + variance / 2.0
            log -= off * off / (2.0 * variance) + math.log(variance) / 2.0
    return log
