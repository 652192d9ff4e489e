"""What is known about the initial state: the arrays from which `initial_state` draws.

An `InitialStatePlan` holds what does not depend on parameters: published totals, counts, roles, and how states and
quantities relate. `InitialStateBeliefs` holds what one trajectory's parameters and history imply. Sizes: O origins, C
cohorts, S states, Q quantities, G regions, H rows of the history program (four roles per region), N readings of
totals, T months of history.
"""

from __future__ import annotations

from typing import NamedTuple

from afterfall.engine.program import Flags, Floats, Ints, Keys, Longs

#: Nodes of the tree of states: the rest, returned home, dead.
REST, RETURNED, DEAD = 0, 1, 2
#: A share in the theatre that is not drawn: states of the rest follow the history.
NOT_DRAWN = -1.0
#: How a quantity starts: as a stock of states; as everyone; as a stock times the ratio of counter to stock; per head;
#: as a part of another counter.
STOCK, EVERYONE, FROM_STOCK, PER_HEAD, PART, LEFTOVER = 0, 1, 2, 3, 4, 5

# Slots of the keyed uniforms of one origin or cell; each gamma draw takes a block of slots.
PICK, READ, SPLIT, ROUND, CHOOSE, FAMILY, NODE, ROLE, WITHIN = 0, 1, 2, 3, 4, 5, 64, 192, 320


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
    role_log: Floats  # [O, 2] log of the published women and minors for each man
    role_sd: Floats  # [O, 2] their errors; infinite where there is no count
    evidence: Floats  # [2, O] published counts of the returned and the dead; negative when none
    evidence_kind: Ints  # [2, O]
    evidence_sd: Floats  # [2, O] relative error of that count
    evidence_column: Ints  # [2, O] column of the history that the count refers to
    node: Ints  # [S]
    in_theatre: Flags  # [S] whether a stock in the theatre counts the state
    own_offshoot: Ints  # [O] state of an offshoot in the origin's own country, or -1
    home_offshoot: int  # state in which its nationals there are counted
    kind_quantity: Ints  # [Q]
    basis: Flags  # [Q, S] states whose stock a counter starts from, or that it and its partner must cover
    whole: Ints  # [Q] the counter of which a PART or a LEFTOVER is a part, or -1
    partner: Ints  # [Q] a counter that covers the basis together with this one, or -1
    first_group: Ints  # [O + 1] groups of competing counts of origin o (J groups in all)
    group_quantity: Ints  # [J] position in `figure_rules.COUNTED`
    first_family: Ints  # [J + 1] report families of a group (F families in all)
    first_figure: Ints  # [F + 1] counts of a family (M counts in all)
    figure_points: Floats  # [M, 5] values within the interval of a count
    figure_exact: Ints  # [M] whether these are one number
    figure_sd: Floats  # [M] relative error
    figure_kind: Ints  # [M] what it counts
    figure_bound: Ints  # [M] 1: at least, -1: at most, 0: neither
    figure_column: Ints  # [M] column of the history that it refers to
    figure_newest: Ints  # [M] column of the newest count of its quantity, at which it is read
    first_held: Ints  # [O + 1] groups of competing counts of people held of origin o (K groups in all)
    held_class: Ints  # [O, S] class of states that the groups of an origin do not tell apart; 0: in no group
    held_cells: Flags  # [K, 4, J] whether a group counts those of a role (the born last) in a class (J at most)
    held_roles: Ints  # [O, 3] first role that all groups count alike; -1: its shares are those of everyone
    held_alike: Ints  # [O, 4, J] first class that values of everyone (row 0), or of a role, do not tell apart
    first_held_figure: Ints  # [K + 1] counts of a group (L counts in all)
    held_log: Floats  # [L]
    held_sd: Floats  # [L] relative error
    held_bound: Ints  # [L] 1: at least, -1: at most, 0: neither
    held_weight: Floats  # [L] by their errors; of the values of a group they sum to 1; 1 for bounds
    held_floor_log: Floats  # [O] log of the people held by all counts of an origin at least; -inf without counts
    held_floor_sd: Floats  # [O] its relative error
    family_floor_log: Floats  # [O] log of the women and minors held by such counts at least; -inf where none is read
    family_floor_sd: Floats  # [O] its relative error
    least_at_home: Longs  # [O, 2] people at home at least: of everyone, of women and minors; 0 where none is published


class InitialStateBeliefs(NamedTuple):
    """What one trajectory's parameters imply about the start."""

    role_weight: Floats  # [3] people at the as-of date for each fighter then
    role_spread: float  # standard deviation of the log of women, and of minors, for each man between origins
    families: float  # other adults and minors for each fighter, among those who travelled
    fathers: float  # births to a man at large against those to a woman
    left_out: float  # share of the others that a count of "fighters" leaves out
    in_theatre: float  # share of an all-theatres count that went to this one
    reporting: Floats  # [2] share of the returned, and of the dead, that is reported
    concentration: float  # how alike the nodes of a region's origins are (of a beta, in people)
    mixing: float  # how alike their states within a node are (of a Dirichlet, in people)
    shares: Floats  # [H, S] expected people by state at the as-of date
    nodes: Floats  # [2, T + 1, G] expected share of travellers returned, and of the others dead, by month and region
    people: Floats  # [T + 1, G] expected travellers by month and region
    theatre: Floats  # [T + 1, G] expected share in the theatre of those neither returned nor dead
    dead_per_fighter: Floats  # [G] expected dead of all roles for each dead fighter
    counters: Floats  # [Q, G] counters per head at the as-of date
    basis_stock: Floats  # [Q, G] stock per head of the states of `basis`
    fitted: bool  # whether the parameters were fitted to the figures of all origins
    discrepancy: float  # relative error that an origin's counts share beyond that of their sources; zero in a start
    held_discrepancy: float  # the same of counts of people held
    rough: bool = False  # whether few candidates are enough for those held (`held_shares`)
