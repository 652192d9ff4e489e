"""Shares of an origin's people who have returned home and, of the others, died: drawn given its published counts.

The draw is from a beta distribution. Its mean pools the expected flows of the history, the other origins of the region
and the origin's own latest counts, each with a weight by its error.
"""

from __future__ import annotations

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import gamma_draw
from afterfall.engine.program import Floats
from afterfall.model.observation import counting
from afterfall.model.observation.figure_rules import FIGHTERS_ONLY
from afterfall.model.observation.initial_state_plan import NODE, InitialStateBeliefs, InitialStatePlan
from afterfall.model.observation.reconcile_totals import unit_of

#: A share changes by at most this factor between the date of its count and the as-of date.
MOST_GROWTH = 5.0
#: Smallest shape of a gamma draw; small enough to give no weight to states that history hardly reaches.
SMALLEST_SHAPE = 1e-6
_dead_per_counted_fighter = jit(counting.dead_per_counted_fighter)
_relative_variance = jit(counting.relative_variance)


@jit
def at_risk(totals: Floats, shares: Floats, which: int, o: int) -> float:
    """People of an origin of whom a node is a share: everyone, or for deaths those who have not returned home."""
    return float(totals[o]) if which == 0 else float(totals[o] * (1.0 - shares[0, o]))


@jit
def counted(plan: InitialStatePlan, beliefs: InitialStateBeliefs, which: int, o: int) -> float:
    """An origin's published count in people, including the unreported."""
    kind, g = plan.evidence_kind[which, o], plan.region[o]
    factor = unit_of(kind, beliefs)
    if which == 1 and kind == FIGHTERS_ONLY:
        factor = _dead_per_counted_fighter(beliefs.left_out, beliefs.dead_per_fighter[g])
    return float(plan.evidence[which, o] * factor / beliefs.reporting[which])


@jit
def growth_of(beliefs: InitialStateBeliefs, which: int, then: int, g: int) -> float:
    """Growth of a node's expected share from a month to the as-of date, within `MOST_GROWTH`."""
    last = beliefs.nodes.shape[1] - 1
    growth = beliefs.nodes[which, last, g] / max(beliefs.nodes[which, then, g], 1e-6)
    return float(min(max(growth, 1.0 / MOST_GROWTH), MOST_GROWTH))


@jit
def observed_share(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, totals: Floats, shares: Floats, which: int, o: int
) -> tuple[float, float]:
    """An origin's published count as a share at the as-of date, and its weight in people (0 when there is none).

    The count is divided by those at risk at its own date (the total at that time, by the history's growth of people),
    then multiplied by the growth of the share that the history expects in the region. With a relative error s (that of
    the source, in a fit also the one common to all counts) a count with share p has a weight of ``(1 - p) / (p s^2)``
    people.
    """
    if plan.evidence[which, o] < 0.0:
        return 0.5, 0.0
    g, then, last = plan.region[o], plan.evidence_column[which, o], beliefs.nodes.shape[1] - 1
    now = at_risk(totals, shares, which, o)
    before = now * beliefs.people[then, g] / beliefs.people[last, g]
    if which == 1:
        before *= (1.0 - beliefs.nodes[0, then, g]) / max(1.0 - beliefs.nodes[0, last, g], 1e-6)
    p = counted(plan, beliefs, which, o) / max(before, 1.0) * growth_of(beliefs, which, then, g)
    p = min(max(p, 0.5 / max(now, 1.0)), 0.95)
    weight = (1.0 - p) / (p * _relative_variance(0.0, plan.evidence_sd[which, o], beliefs.discrepancy))
    return p, min(weight, max(now, 1.0))


@jit
def node_shares(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    totals: Floats,
    which: int,
    subkey: np.uint64,
    out: Floats,
    pooled: Floats,
) -> None:
    """Beta draws of a node's share for every origin, to ``out[which]``.

    The mean and the weight of what others tell of each origin go to ``pooled[which]`` ``[2, O]``.
    """
    n, last = plan.region.size, beliefs.nodes.shape[1] - 1
    seen, worth = np.empty(n), np.empty(n)
    for o in range(n):
        seen[o], worth[o] = observed_share(plan, beliefs, totals, out, which, o)
    for o in range(n):
        kappa = beliefs.concentration
        if which == 1:
            kappa *= 1.0 - beliefs.nodes[0, last, plan.region[o]]
        weight = kappa
        total = beliefs.nodes[which, last, plan.region[o]] * weight
        for other in range(n):
            if not beliefs.fitted and other != o and plan.region[other] == plan.region[o] and worth[other] > 0.0:
                informs = kappa * worth[other] / (kappa + worth[other])
                total += seen[other] * informs
                weight += informs
        mean = total / weight
        like = kappa if beliefs.fitted else kappa * weight / (kappa + weight + 1.0)
        pooled[which, 0, o], pooled[which, 1, o] = mean, like
        out[which, o] = share_draw(mean, like, seen[o], worth[o], which, subkey, plan.origin_key[o])


@jit
def share_draw(
    mean: float, like: float, seen: float, worth: float, which: int, subkey: np.uint64, key: np.uint64
) -> float:
    """A beta draw of one node's share: `mean` with weight `like`, and the observed share `seen` with weight `worth`."""
    a = like * mean + worth * seen
    b = like * (1.0 - mean) + worth * (1.0 - seen)
    slot = NODE + 64 * which
    x = gamma_draw(subkey, key, slot, max(a, SMALLEST_SHAPE))
    y = gamma_draw(subkey, key, slot + 32, max(b, SMALLEST_SHAPE))
    return x / (x + y) if x + y > 0.0 else mean
