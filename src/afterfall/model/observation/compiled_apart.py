"""The compiled functions of the nowcast, made one by one from the types of their arguments, without running any.

numba compiles a function with all that it calls, unless the code of these is there already. `draw_initial_state` takes
two thirds of the time of a first use. Its two largest parts (`LARGEST`) are made by one process, the others by another,
and the whole then only joins them (`run.first_use`). A signature that did not match would only be compiled again.
"""

from __future__ import annotations

from typing import Any, Literal

import numba
import numpy as np

from afterfall.engine.keys import START, subkey
from afterfall.model.language.parameters import Draws
from afterfall.model.language.vocabulary import EVERY_ROLE, ROLES
from afterfall.model.observation.candidates import choose_candidate
from afterfall.model.observation.initial_state import place_nodes, place_rest, role_weights, start_counters
from afterfall.model.observation.node_shares import node_shares
from afterfall.model.observation.nowcast import History, Nowcaster, _beliefs
from afterfall.model.observation.reconcile_totals import reconcile_totals

Which = Literal["largest", "others"]


def compile_parts(nowcaster: Nowcaster, months: int, draws: Draws, which: Which) -> None:
    """Compile parts of `draw_initial_state`, with the types that it calls them with.

    Parameters
    ----------
    nowcaster
        That of any model: the types are the same in all.
    months
        Months of its history.
    draws
        Parameters of one trajectory.
    which
        The largest parts, or the others.
    """
    plan = nowcaster.plan
    origins, states, cohorts = plan.region.size, len(nowcaster.states), len(EVERY_ROLE) * plan.region.size
    column = {name: i for i, name in enumerate(draws.names)}
    both = plan, _beliefs(_nobody(nowcaster, months), 0, draws, column)
    key, o, c = subkey(0, 0, START, 0), 0, plan.cohorts_of[0, 0]
    cell_key, counts = np.zeros((cohorts, states), dtype=np.uint64), np.zeros((cohorts, states), dtype=np.int64)
    totals, shares, pooled = np.zeros(origins), np.zeros((3, origins)), np.zeros((2, 2, origins))
    counters, rest = np.zeros((plan.kind_quantity.size, origins), dtype=np.int64), np.zeros(3, dtype=np.int64)
    parts: dict[Which, list[tuple[Any, tuple[Any, ...]]]] = {
        "largest": [
            (place_rest, (*both, o, rest, 0.0, cell_key, key, counts)),
            (choose_candidate, (*both, o, pooled, key, totals, shares)),
        ],
        "others": [
            (place_nodes, (*both, o, c, 0, shares, cell_key, key, counts)),
            (node_shares, (*both, totals, 0, key, shares, pooled)),
            (reconcile_totals, (*both, key)),
            (start_counters, (*both, o, 0, counts, key, counters)),
            (role_weights, (*both, o, key)),
        ],
    }
    for function, arguments in parts[which]:
        function.compile(tuple(numba.typeof(argument) for argument in arguments))  # type: ignore[no-untyped-call]


def _nobody(nowcaster: Nowcaster, months: int) -> History:
    """A history without people, of one draw: only its types matter."""
    regions, states, quantities = len(nowcaster.view.regions), len(nowcaster.states), len(nowcaster.quantities)
    by_month = np.zeros((1, months + 1, regions))
    return History(
        shares=np.zeros((1, regions * len(EVERY_ROLE), states)),
        role_weight=np.zeros((1, len(ROLES))),
        nodes=np.zeros((1, 2, months + 1, regions)),
        people=by_month,
        theatre=by_month,
        dead_per_fighter=np.zeros((1, regions)),
        counters=np.zeros((1, quantities, regions)),
        basis_stock=np.zeros((1, quantities, regions)),
    )
