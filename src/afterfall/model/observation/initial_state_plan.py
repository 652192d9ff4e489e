"""What is known about the initial state: the arrays from which `initial_state` draws.

An `InitialStatePlan` holds what does not depend on parameters (published totals, counts, roles, and how states and
quantities relate); `InitialStateBeliefs` holds what one trajectory's parameters and history imply. Sizes: O origins, C
cohorts, S states, Q quantities, G regions, H rows of the history program (three roles a region), N readings of totals,
T months of history.
"""

from __future__ import annotations

from typing import NamedTuple

from afterfall.engine.program import Flags, Floats, Ints, Keys

#: Nodes of the tree of states: come home, dead, or the rest.
REST, RETURNED, DEAD = 0, 1, 2
#: How a quantity starts: from the states; everyone; a stock times counter to stock; a head; as a part of another
#: counter.
STOCK, EVERYONE, FROM_STOCK, PER_HEAD, PART = 0, 1, 2, 3, 4

# Slots of the keyed luck of one origin or cell; gamma draws take a block of their own.
PICK, READ, SPLIT, ROUND, NODE, ROLE, WITHIN = 0, 1, 2, 3, 64, 192, 320


class InitialStatePlan(NamedTuple):
    """What is published about the start, as arrays."""

    first_reading: Ints  # [O + 2] readings of origin o; the last block is the world's
    log_reading: Floats  # [N]
    sd_reading: Floats  # [N]
    weight_reading: Floats  # [N] cumulative within a block, ending in 1
    kind_reading: Ints  # [N]
    bound_reading: Ints  # [N] 1: at least, -1: at most, 0: neither
    spread: Floats  # [O + 1] standard deviation of the log total, the world last
    origin_key: Keys  # [O + 1], the world last
    region: Ints  # [O]
    cohorts_of: Ints  # [O, 3] fighters, other adults, minors
    regional: Ints  # [C] row of the history program that stands for the cohort
    role_share: Floats  # [O, 3] published shares of the roles
    role_worth: Floats  # [O] people that these are worth; 0 where there are none
    evidence: Floats  # [2, O] published counts come home, dead; negative when none
    evidence_kind: Ints  # [2, O]
    evidence_sd: Floats  # [2, O] relative error of that count
    evidence_column: Ints  # [2, O] column of the history when it was so
    node: Ints  # [S]
    own_offshoot: Ints  # [O] state of an offshoot in the origin's own country, or -1
    home_offshoot: int  # state in which its nationals there are counted
    kind_quantity: Ints  # [Q]
    basis: Flags  # [Q, S] states whose stock a counter is read from, or that it and its partner must cover
    whole: Ints  # [Q] the counter of which a PART is a part, or -1
    partner: Ints  # [Q] a counter that covers the basis together with this one, or -1


class InitialStateBeliefs(NamedTuple):
    """What one trajectory's parameters say about the start."""

    role_weight: Floats  # [3] people to a fighter
    left_out: float  # share of the others that a count of "fighters" leaves out
    in_theatre: float  # share of an all-theatres count that went to this one
    reporting: Floats  # [2] share of those come home, of the dead, that is reported
    concentration: float  # how alike the nodes of a region's origins are (of a beta, in people)
    mixing: float  # how alike their roles and states within a node are (of a Dirichlet, in people)
    shares: Floats  # [H, S] expected people by state at the as-of date
    nodes: Floats  # [2, T + 1, G] expected share of travellers come home, and of the others dead, by month and region
    people: Floats  # [T + 1, G] expected travellers by month and region
    dead_per_fighter: Floats  # [G] expected dead of all roles for each dead fighter
    counters: Floats  # [Q, G] counters a head at the as-of date
    basis_stock: Floats  # [Q, G] stock a head of the states of `basis`
    fitted: bool  # whether the history's shares have learned from all origins already
    discrepancy: float  # relative error that all counts share, beyond that of their sources
