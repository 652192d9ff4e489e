"""Iterative proportional fitting of the history's shares to the counts of the whole world (step 3 of `world_held`).

A group of counts is of some roles in some states, in every region. It expects ``there`` of the people who are free to
move, among ``among`` of all, and should expect its aim A. The odds of its states are multiplied by::

    (A / among) / (1 - A / among) * (1 - there / among) / (there / among)

in each region, within a factor of ten; those of the other states of a role follow. Groups take turns, `FITTING` times.
A group of bounds is left alone where it is met. The born of a state are so many for each parent in its node, or in the
state itself where its node is the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from afterfall.engine.jit import jit
from afterfall.engine.program import Floats, Ints
from afterfall.model.observation.initial_state_plan import REST

#: Turns that every group takes.
FITTING = 25
#: Bounds of the share of its people that a group can be fitted to, and that it can have, and of one step of its odds.
MOST_AIM, MOST_THERE, STEP = 0.9, 0.999, 10.0
MEN, WOMEN, BORN = 0, 1, 3


class WorldAims(NamedTuple):
    """Groups of world counts (n groups, S states): whom each is of, and how many it should expect."""

    states: npt.NDArray[np.bool_]  # [n, S]
    counted: npt.NDArray[np.bool_]  # [n, 4] roles that it counts
    moved: npt.NDArray[np.bool_]  # [n, 3] roles whose odds it moves
    people: Floats  # [n]
    bound: Ints  # [n] 1: at least, -1: at most


class Travelled(NamedTuple):
    """Travellers by region, role and state that they may be in ``[G, 3, S]``, and those who count as parents."""

    people: Floats
    parents: Floats


@jit
def fit_odds(
    aims: WorldAims, node: Ints, q: Floats, loose: Travelled, all_of: Travelled, ratio: Floats, men: float
) -> None:
    """Move the shares of states ``q[G, 3, S]`` of a role until the groups expect what they should.

    Parameters
    ----------
    aims
        The groups.
    node
        Node of each state ``[S]``.
    q
        Shares that sum to one over states; changed in place.
    loose, all_of
        Travellers free to be in a state, and all of them.
    ratio
        The born for each parent ``[G, S]``.
    men
        What a man counts for as a parent.
    """
    born_loose, born_all = np.empty(ratio.shape), np.empty(ratio.shape)
    for _ in range(FITTING):
        for j in range(aims.people.size):
            if aims.counted[j, BORN]:
                expected_born(node, q, loose.parents, ratio, men, born_loose)
                expected_born(node, q, all_of.parents, ratio, men, born_all)
            there, among = 0.0, 0.0
            for g in range(q.shape[0]):
                for s in range(q.shape[2]):
                    for r in range(BORN):
                        if aims.counted[j, r]:
                            among += all_of.people[g, r, s] * q[g, r, s]
                            there += loose.people[g, r, s] * q[g, r, s] if aims.states[j, s] else 0.0
                    if aims.counted[j, BORN]:
                        among += born_all[g, s]
                        there += born_loose[g, s] if aims.states[j, s] else 0.0
            if there <= 0.0 or (there - aims.people[j]) * aims.bound[j] > 0.0:
                continue
            share, now = min(aims.people[j] / among, MOST_AIM), min(there / among, MOST_THERE)
            factor = min(max(share / (1.0 - share) * (1.0 - now) / now, 1.0 / STEP), STEP)
            multiply_odds(aims.states[j], aims.moved[j], factor, q)


@jit
def multiply_odds(states: npt.NDArray[np.bool_], roles: npt.NDArray[np.bool_], factor: float, q: Floats) -> None:
    """Multiply shares of states by a factor, for some roles in every region, and let shares sum to one again."""
    for g in range(q.shape[0]):
        for r in range(q.shape[1]):
            if roles[r]:
                total = 0.0
                for s in range(q.shape[2]):
                    q[g, r, s] *= factor if states[s] else 1.0
                    total += q[g, r, s]
                for s in range(q.shape[2]):
                    q[g, r, s] /= max(total, 1e-300)


@jit
def expected_born(node: Ints, q: Floats, parents: Floats, ratio: Floats, men: float, out: Floats) -> None:
    """Expected born by region and state ``[G, S]``, for the parents that these shares put there."""
    n_nodes = node.max() + 1
    at = np.zeros(n_nodes)
    for g in range(q.shape[0]):
        at[:] = 0.0
        for s in range(node.size):
            out[g, s] = parents[g, WOMEN, s] * q[g, WOMEN, s] + men * parents[g, MEN, s] * q[g, MEN, s]
            at[node[s]] += out[g, s]
        for s in range(node.size):
            out[g, s] = ratio[g, s] * (out[g, s] if node[s] == REST else at[node[s]])
