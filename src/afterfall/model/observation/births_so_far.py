"""Those born in the theatre by the as-of date, by origin and state.

The history gives the expected born and the expected women by state in each region, for one draw of the parameters. An
origin has as many born for each of its parents, state by state::

    born[o, s] ~ Poisson(parents[o, S(s)] * born[g, s] / parents[g, S(s)] * gamma[o])
    parents    = women + men * exp(births.local)

A man counts as the births that he has against those of a woman (`births`).

``S(s)`` is the state itself where people are neither home nor dead, else all states of home, or of the dead: children
at home have a state of their own. ``gamma[o]`` has mean one and the concentration of roles and states in the nowcast.
Its women and men follow from the published figures of the origin, and so do its born.

Counters that count everyone in some states grow by the born there, and `born` counts them all. What is left over of
such a counter (those who returned by themselves) grows as well.
"""

from __future__ import annotations

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import gamma_draw, uniform
from afterfall.engine.program import Floats, Ints, Keys, Longs
from afterfall.engine.quantiles import poisson_quantile
from afterfall.model.language.vocabulary import EVERY_ROLE, FATHERS, MOTHERS
from afterfall.model.observation.initial_state_plan import (
    LEFTOVER,
    REST,
    ROLE,
    SPLIT,
    InitialStateBeliefs,
    InitialStatePlan,
)

MEN, WOMEN, BORN = EVERY_ROLE.index(FATHERS), EVERY_ROLE.index(MOTHERS), EVERY_ROLE.index("born")
#: Expected parents below which the history says nothing of a state, in people.
FEWEST = 1e-9


def add_born(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    cell_key: Keys,
    subkey: np.uint64,
    born_quantity: int,
    start: Longs,
    counters: Longs,
) -> None:
    """Add the born to one draw of the nowcast, in place.

    Parameters
    ----------
    plan, beliefs
        What is known of the start; ``beliefs.shares`` has the expected people of the history.
    cell_key, subkey
        Keys of the cells ``[C, S]``, and of the draws of a start.
    born_quantity
        Position of the counter of all born.
    start, counters
        People by cohort and state ``[C, S]``, where the born are still zero, and counters ``[Q, O]``.
    """
    people = beliefs.shares.reshape(-1, len(EVERY_ROLE), plan.node.size)
    ratio = born_per_parent(plan.node, people, beliefs.fathers)
    parents = start[WOMEN :: len(EVERY_ROLE)] + beliefs.fathers * start[MEN :: len(EVERY_ROLE)]
    mean = at_node(plan.node, parents) * ratio[plan.region]
    draw_born(mean, plan.origin_key, beliefs.mixing, cell_key, subkey, start)
    by_origin = start[BORN :: len(EVERY_ROLE)]  # [O, S]
    for q in np.flatnonzero(plan.basis.any(axis=1)):
        counted = plan.partner[q] if plan.partner[q] >= 0 else q
        born_there = by_origin @ plan.basis[q].astype(np.int64)
        counters[counted] += born_there
        for left in np.flatnonzero((plan.kind_quantity == LEFTOVER) & (plan.whole == counted)):
            counters[left] += born_there
    counters[born_quantity] = by_origin.sum(axis=1)


def born_per_parent(node: Ints, people: Floats, fathers: float) -> Floats:
    """Expected born in a state for each parent in the state, or in its node unless that is the rest, ``[G, S]``.

    `people` are those of the history by region, role and state ``[G, R, S]``; a man counts as `fathers` parents.
    """
    parents = at_node(node, people[:, WOMEN] + fathers * people[:, MEN])
    return np.where(parents > FEWEST, people[:, BORN] / np.maximum(parents, FEWEST), 0.0)


def at_node(node: Ints, people: Floats) -> Floats:
    """People by state ``[..., S]``, of whom all those of a node count in each of its states, unless it is the rest."""
    out = people.copy()
    for which in np.unique(node[node != REST]):
        out[..., node == which] = people[..., node == which].sum(axis=-1, keepdims=True)
    return out


def draw_born(mean: Floats, origin_key: Keys, mixing: float, cell_key: Keys, subkey: np.uint64, start: Longs) -> None:
    """Draw the born of every origin around their expected number ``mean[O, S]`` into ``start[C, S]``."""
    roles = len(EVERY_ROLE)
    keys = np.ascontiguousarray(cell_key[BORN::roles])
    start[BORN::roles] = _poisson(mean, mixing, origin_key, keys, subkey)


@jit
def born_factor(mixing: float, subkey: np.uint64, key: np.uint64) -> float:
    """Factor ``gamma[o]`` of an origin on its born."""
    return gamma_draw(subkey, key, ROLE + 96, mixing) / mixing


@jit
def _poisson(mean: Floats, mixing: float, origin_key: Keys, cell_key: Keys, subkey: np.uint64) -> Longs:
    """Poisson counts ``[O, S]`` around means that share one gamma factor an origin."""
    out = np.zeros(mean.shape, dtype=np.int64)
    for o in range(mean.shape[0]):
        factor = born_factor(mixing, subkey, origin_key[o])
        for s in range(mean.shape[1]):
            if mean[o, s] > 0.0:
                out[o, s] = poisson_quantile(uniform(subkey, cell_key[o, s], 0, SPLIT), mean[o, s] * factor)
    return out
