"""The contract between a model and the executors: the model as plain arrays.

A compiler lowers named states, transitions and rates to one `Program`. The two executors (integer counts, expected
flows) know nothing else: they see indices only. Names survive as 64-bit keys, so that random draws follow a name and
not a position.

Sizes, used in every shape below:

====  ==============================================================
C     cohorts                                    S   states, in topological order
E     edges, sorted by source state              R   rate rows
O     origins                                    U   strata (groups of cohorts that share time factors)
G     choice groups                              A   capacities
I     inflows                                    Y   totals that feed back
K     dated events (fields ``token_*``)          Z   path rows (shared time series)
Q     recorded quantities                        P   parameters
T     months to the horizon; arrays over time have T + 1 columns, column 0 is the start
====  ==============================================================

A *cell* is a cohort in a state. An *origin* is a group of cohorts whose quantities are recorded together and which
share one random effect a rate.

**Rates.** Rate row r gives, for cohort c in month t, a hazard a month (or a weight, or people a month)::

    value[r, c, t] = base[r, c] * time[r, stratum[c], t] * feedback[r]

    log base     = sum of COHORT terms  theta[p] * x_cohort[f, c]
                 + sum of EFFECT terms  sd * theta[f + origin[c]] - sd^2 / 2,  sd = theta[p]  (origin effect, mean one)
    log time     = sum of PATH terms    theta[p] * path[f, t]
                 + sum of STRATUM terms theta[p] * x_time[f, u, t]
                 + sum of FACTOR terms  log(path[f, t])                      (path >= 0; a zero makes the rate zero)
    log feedback = sum of theta[p] * log1p(total[y] / total_scale[y])        (totals at the start of the month)

Parameter index -1 means a coefficient of one.

**Edges.** A plain edge (``choice[e] == -1``) has the hazard ``value[rate[e]]``. Edges of a choice group g share a
source; with weights ``w_e = value[rate[e]]``, ``W = sum of w_e over the open edges of g`` and ``W_ref`` the same at
time column 0 without feedback,::

    hazard[e] = value[choice_rate[g]] * (w_e / W) * (W / W_ref) ** rho,   rho = theta[choice_retain[g]] (0 when -1)

With rho = 1 an edge that closes keeps people where they are; with rho = 0 they take the other edges instead.
``open[e, c] == 0`` closes an edge to a cohort.

**Inflows** bring ``value[inflow_rate[i]]`` people a month to every cohort open to them. One with states in
``inflow_per[i]`` brings that many for each person of cohort ``parent[c]`` (``father[c]`` where ``inflow_father[i]`` is
one) who is in these states at the start of the month.

**Passing.** At the end of a month those of cohort c in the states of ``pass_state`` pass to the same state of cohort
``pass_to[c]``, each with probability ``1 - exp(-value[pass_rate, c])``. Where there is a cohort ``pass_half[c]``, each
of those who pass goes there instead with probability one half. A cohort that people pass to passes nobody on.

**Capacities** (fields ``ration_*``) limit the hazard of every edge e with ``ration[e] >= 0``. A capacity offers a flow
of people a month. One with states that take up places offers the places that are free at the start of the month.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.uint8]

# Kinds of term in a log-linear rate (column 1 of `Program.term`).
COHORT, EFFECT, PATH, STRATUM, FACTOR = range(5)

# Kinds of path row (`Program.path_kind`), with the meaning of `Program.path_arg[z]`.
SERIES = 0  #: (row of path_series): given numbers
NOISE = 1  #: (parameters of the standard deviation and autocorrelation): AR(1), stationary, exp(path) of mean one
HELD = 2  #: (row of held_weight, -1): held_floor + sum of weight * (event not yet fired); floored at held_floor. With
#: held_parameter p, the weight of event k is ``held_weight[k] * exp(theta[p] * held_tilt[k])``
LOSS = 3  #: (path row of a HELD, -1): -log(held[t] / held[t-1]); 0 in column 0
LOG_OFFSET = 4  #: (path row, parameter): log(theta[parameter] + path[row, t])
FIRED = 5  #: (dated event, -1): 1 from the month in which it fired, else 0
SHARE_LOST = 6  #: (path row of a HELD, -1): 1 - held[t] / held[t-1]; 0 in column 0
ADRIFT = 7  #: (path row of a HELD, 1 or -1): 1 where only the floor is held, else 0; with 1 the other way round
LEFT = 8  #: (path row of a HELD, row of path_series or -1): log(held[t] / held[0]), times the series at t
LOG_SHARE = 9  #: (path row of a HELD, -1): log(held[t] / whole); the whole is the floor and all weights
LOG_LOST = 10  #: (path row of a HELD, -1): log(max(1 - held[t] / whole, floor))
TAKEN = 11  #: (path row of a HELD, row of taken_share): share that one taker has of what was lost in the month. With
#: taken_parameter p of each row i, its share of event k is ``taken_share[i, k] * exp(theta[p] * taken_tilt[k])``, over
#: the sum of that over all rows

# Kinds of term in the log hazard of a dated event (column 1 of `Program.token_term`).
# EVENT_AFTER: (dated event): no hazard before the month after that one. EVENT_RAMP: (row of x_time, in stratum 0).
EVENT_CONSTANT, EVENT_PATH, EVENT_NEIGHBOUR, EVENT_LEFT, EVENT_AFTER, EVENT_RAMP = range(6)


class Program(NamedTuple):
    """A model as arrays only (see the module docstring for the meaning and the sizes)."""

    # Cells
    cell_key: Keys  # [C, S] hash of the name of the cell
    origin: Ints  # [C] index of the cohort's origin
    stratum: Ints  # [C]
    # Edges
    first_edge: Ints  # [S + 1] edges of state s are first_edge[s] .. first_edge[s + 1] - 1
    dest: Ints  # [E]; dest > source is a forward edge, dest <= source a back-edge (moves in the next sweep)
    rate: Ints  # [E] rate row of the hazard, or of the weight inside a choice
    choice: Ints  # [E] choice group or -1; edges of one group are contiguous
    ration: Ints  # [E] capacity or -1
    open: Flags  # [E, C]
    # Choice groups
    choice_rate: Ints  # [G] rate row of the total hazard
    choice_retain: Ints  # [G] parameter index of rho, or -1
    # Rates
    term: Ints  # [N, 4] (rate row, kind, feature, parameter)
    x_cohort: Floats  # [F, C]
    x_time: Floats  # [F', U, T + 1]
    n_rates: int
    # Feedback
    feedback: Ints  # [M, 3] (rate row, total, parameter)
    total_state: Floats  # [Y, S]   total[y] = sum over c, s of total_cohort[y, c] * total_state[y, s] * n[c, s]
    total_cohort: Floats  # [Y, C]
    total_scale: Floats  # [Y]
    # Capacities: of a for origin o (o = 0 when shared) in people a month, times exp(theta[parameter])
    ration_by_origin: Flags  # [A]
    ration_place: Flags  # [A, S] 1 where someone in the state takes up a place; capacity then counts places, not a flow
    capacity: Floats  # [A, O, T + 1]
    capacity_parameter: Ints  # [A] parameter or -1
    # Inflows
    inflow_state: Ints  # [I]
    inflow_rate: Ints  # [I] rate row, people a month
    inflow_open: Flags  # [I, C]
    inflow_key: Keys  # [I]
    inflow_per: Flags  # [I, S] states of the parent cohort for each of whose people the rate is; none: people a month
    inflow_father: Flags  # [I] whether that cohort is `father`, not `parent`
    parent: Ints  # [C] parent cohort, or -1 (an inflow for each of its people brings nobody)
    father: Ints  # [C] the other parent cohort, or -1
    # Passing
    pass_to: Ints  # [C] cohort or -1
    pass_half: Ints  # [C] cohort or -1
    pass_rate: int  # rate row, or -1 where no cohort passes people on
    pass_state: Flags  # [S]
    # Shared paths and dated events
    path_kind: Ints  # [Z], evaluated in order; terms of dated events may name only SERIES and NOISE rows
    path_arg: Ints  # [Z, 2]
    path_key: Keys  # [Z]
    path_series: Floats  # [*, T + 1]
    held_weight: Floats  # [*, K]
    held_floor: Floats  # [*]
    held_tilt: Floats  # [*, K]
    held_parameter: Ints  # [*] parameter or -1
    taken_share: Floats  # [*, K] share of each event's weight that goes to one taker
    taken_tilt: Floats  # [K]
    taken_parameter: Ints  # [*] parameter or -1
    token_key: Keys  # [K]
    token_month: Ints  # [K] month in which it fired when known beforehand (0 = before or at the start), -1 = by hazard
    token_term: Ints  # [N', 4] (dated event, kind, feature, parameter); EVENT_LEFT: 0 share left of such, 1 of all
    x_token: Floats  # [F'', K]
    token_neighbour: Floats  # [K, K] row k: weights of the others, summing to one or zero
    # Records
    quantity_state: Flags  # [Q, S] 1 where a stock counts the state (all zero for a counter)
    quantity_edge: Flags  # [Q, E] 1 where a counter counts a move along the edge
    quantity_inflow: Flags  # [Q, I] 1 where a counter counts an inflow
    quantity_cohort: Flags  # [Q, C] cohorts a quantity covers
    origin_month: Ints  # [M'] months at which quantities are recorded by origin; world totals are recorded monthly
    n_origins: int
    horizon: int


class RateFactors(NamedTuple):
    """A program with parameters and paths filled in: what a step needs.

    ``base[R, C]`` and ``time[R, U, T + 1]`` as in the module docstring; ``rho[G]``; ``capacity[A, O, T + 1]``;
    ``feedback[M]`` the coefficient of each row of `Program.feedback`.
    """

    base: Floats
    time: Floats
    rho: Floats
    capacity: Floats
    feedback: Floats
