"""The nowcast: where each origin's people are at the as-of date, given its published figures.

First the history is run as expected flows, for each region and role and every draw of parameters, from the start of the
mobilisation to the as-of date, with territory lost when it was lost. It gives the expected shares who have returned
home, who have died, and who are in each state. Then each origin's published figures are combined with these
(`measurement_error`, `origin_figures`, `held_figures`): competing totals, counts of the returned, the dead, those in
the theatre, in third countries and held, and roles. Origins without counts borrow from the others of their region. The
draws are made in `initial_state`, those of children born in the theatre in `births_so_far`.

Fitted parameters already contain the information of the figures of all origins, through a likelihood in which each
origin's own shares are integrated out. The draw here is of each origin's shares given parameters and its own figures,
so no figure is used twice; the other origins of the region then act through the parameters only. Under the prior,
parameters contain no such information, and origins borrow from each other here. Draws of the priors within a posterior
(`infer.stacking`) are read as under the prior, trajectory by trajectory.

Assumptions: under the prior, figures condition the start of their origin but not the parameters. An origin from which
many returned therefore has no higher hazard of leaving afterwards. Figures of other quantities (prosecuted,
repatriated), of groups of countries, and of the world other than totals are not used here; where a case records custody
events, counts of the world's foreigners held and returned are (`custody.world_held`), and so are those repatriated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from afterfall.case import WORLD
from afterfall.engine.keys import START, name_key, subkey
from afterfall.engine.means import run_means
from afterfall.engine.program import Flags, Floats, Ints, Keys, Longs, Program, RateFactors
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Draws
from afterfall.model.language.vocabulary import EVERY_ROLE, ROLES, Parameter, Part, Quantity, State
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.mechanisms.relocating import HOME_OFFSHOOT, offshoot_state
from afterfall.model.observation import measurement_error
from afterfall.model.observation.births_so_far import add_born
from afterfall.model.observation.custody.repatriated_so_far import (
    count_repatriated,
    least_at_home,
    repatriated_so_far,
)
from afterfall.model.observation.custody.world_held import WorldGroup, with_world_counts, world_groups
from afterfall.model.observation.figure_rules import (
    FIGHTERS_LEAVE_OUT,
    NODES,
    REPORTING,
    SHARE_IN_THEATRE,
    latest_count,
)
from afterfall.model.observation.held_figures import held_arrays
from afterfall.model.observation.initial_state import draw_initial_state
from afterfall.model.observation.initial_state_plan import (
    DEAD,
    EVERYONE,
    FROM_STOCK,
    LEFTOVER,
    PART,
    PER_HEAD,
    REST,
    RETURNED,
    STOCK,
    InitialStateBeliefs,
    InitialStatePlan,
)
from afterfall.model.observation.origin_figures import figure_arrays
from afterfall.model.observation.role_figures import role_ratios

ROLE_SPREAD = "role.origin_sd"
HOME_STAGES = ("home", "prison")
#: Counters that are part of another, and those that cover the detained together with another.
PARTS = {"repatriated": "returned", "deported": "returned"}
#: The part of another counter that none of its `PARTS` covers.
LEFTOVERS = {"self_returned": "returned"}
PARTNERS = {"intercepted": "captured"}


def observation() -> Part:
    """Parameters of how figures relate to people; they are used in the nowcast and in no rate."""
    share = "share"
    parameters = (
        Parameter(REPORTING["returned"], "share of the returned that a count reports", share, "share", 0.6, 0.98),
        Parameter(REPORTING["killed"], "share of the dead that a count reports", share, "share", 0.35, 0.95),
        Parameter(
            FIGHTERS_LEAVE_OUT, "share of families that a count of fighters leaves out", share, "share", 0.05, 0.95
        ),
        Parameter(SHARE_IN_THEATRE, "share of an all-theatres count that came here", share, "share", 0.4, 0.9),
        Parameter(
            "nowcast.concentration",
            "how alike a region's origins are in who returned or died",
            "people",
            "positive",
            4.0,
            40.0,
        ),
        Parameter("nowcast.mixing", "how alike they are in states", "people", "positive", 10.0, 200.0),
        Parameter(ROLE_SPREAD, "spread of women and minors for each man between origins", "log", "positive", 0.3, 1.2),
    )
    return Part(parameters=parameters, uses=tuple(p.name for p in parameters))


@dataclass(frozen=True)
class Nowcaster:
    """The figures of a model, ready for drawing the initial state."""

    view: CaseView
    states: tuple[State, ...]
    quantities: tuple[Quantity, ...]

    @cached_property
    def node(self) -> Ints:
        """Node of each state: returned home, dead, or the rest."""
        by_state = [DEAD if s.fate == "killed" else RETURNED if s.stage in HOME_STAGES else REST for s in self.states]
        return np.array(by_state, dtype=np.int32)

    @cached_property
    def in_theatre(self) -> npt.NDArray[np.bool_]:
        """Which states a stock in the theatre counts, besides the unreported."""
        return np.array([s.stage in ("theatre", "detained") for s in self.states])

    @cached_property
    def world(self) -> tuple[WorldGroup, ...]:
        """Counts of foreigners held in the world, in a case whose custody events are recorded."""
        return world_groups(self.view, self.states)

    @cached_property
    def repatriated(self) -> Longs:
        """Published numbers of the repatriated by origin, in a case whose custody events are recorded."""
        return repatriated_so_far(self.view)

    @cached_property
    def plan(self) -> InitialStatePlan:
        """The figures of the case as arrays."""
        view, curve = self.view, ArrivalCurve.of(self.view)
        blocks = [measurement_error.totals(view, o, curve) or measurement_error.guess(view, o) for o in view.origins]
        blocks.append(measurement_error.totals(view, WORLD, curve))
        every = [r for block in blocks for r in block]
        regions = {g: i for i, g in enumerate(view.regions)}
        roles = [role_ratios(view, o) for o in view.origins]
        evidence = self._evidence()
        state = {s.name: i for i, s in enumerate(self.states)}
        return InitialStatePlan(
            first_reading=np.cumsum([0, *(len(b) for b in blocks)]).astype(np.int32),
            log_reading=np.array([r.log for r in every]),
            sd_reading=np.array([r.sd for r in every]),
            weight_reading=np.array([w for b in blocks if b for w in measurement_error.cumulative_weights(b)]),
            kind_reading=np.array([r.kind for r in every], dtype=np.int32),
            bound_reading=np.array([r.bound for r in every], dtype=np.int32),
            spread=np.array([measurement_error.spread(b) if b else 1.0 for b in blocks]),
            origin_key=np.array([name_key(f"origin/{o}") for o in (*view.origins, WORLD)], dtype=np.uint64),
            region=np.array([regions[view.region_of[o]] for o in view.origins], dtype=np.int32),
            cohorts_of=_travellers(np.arange(len(EVERY_ROLE) * len(view.origins), dtype=np.int32)),
            regional=np.array(
                [
                    len(EVERY_ROLE) * regions[view.region_of[o]] + r
                    for o in view.origins
                    for r in range(len(EVERY_ROLE))
                ],
                dtype=np.int32,
            ),
            role_log=np.array([logs for logs, _ in roles], dtype=float),
            role_sd=np.array([errors for _, errors in roles], dtype=float),
            evidence=evidence.people,
            evidence_kind=evidence.kind,
            evidence_sd=evidence.sd,
            evidence_column=evidence.column,
            node=self.node,
            in_theatre=self.in_theatre.astype(np.uint8),
            own_offshoot=np.array([state.get(offshoot_state(o), -1) for o in view.origins], dtype=np.int32),
            home_offshoot=state[HOME_OFFSHOOT],
            kind_quantity=np.array([self._kind(q) for q in self.quantities], dtype=np.int32),
            basis=self._basis(),
            whole=self._others(PARTS | LEFTOVERS),
            partner=self._others(PARTNERS),
            **figure_arrays(view)._asdict(),
            **held_arrays(view, self.states)._asdict(),
            least_at_home=least_at_home(view),
        )

    def _evidence(self) -> OriginCounts:
        origins, past = self.view.origins, self.view.history_months
        found = OriginCounts.none(len(origins), past)
        for which, quantity in enumerate(NODES):
            for o, origin in enumerate(origins):
                figure = latest_count(self.view.case.figures_of(quantity, place=origin))
                if figure is not None:
                    found.people[which, o], found.sd[which, o], found.kind[which, o] = measurement_error.count_of(
                        figure
                    )
                    month = self.view.month_of(figure.refers_to.last_day)
                    found.column[which, o] = min(max(past + month, 1), past)
        return found

    @cached_property
    def _bases(self) -> dict[str, set[str]]:
        """States whose people each counter must have counted."""
        by_stage = {stage: {s.name for s in self.states if s.stage == stage} for stage in HOME_STAGES}
        by_fate = {fate: {s.name for s in self.states if s.fate == fate} for fate in ("killed", "relocate", "dispatch")}
        detained = {s.name for s in self.states if s.fate == "detained"}
        return {
            "returned": by_stage["home"] | by_stage["prison"],
            "killed_so_far": by_fate["killed"],
            "prosecuted": by_stage["prison"],
            "relocated_so_far": by_fate["relocate"],
            "dispatched_so_far": by_fate["dispatch"],
            "intercepted": detained,
        }

    def _kind(self, quantity: Quantity) -> int:
        if quantity.kind == "stock" or quantity.name == "born":
            return STOCK
        if quantity.name == "travelled":
            return EVERYONE
        if quantity.name in PARTS:
            return PART
        if quantity.name in LEFTOVERS:
            return LEFTOVER
        return FROM_STOCK if quantity.name in ("returned", "killed_so_far", "prosecuted") else PER_HEAD

    def _basis(self) -> Flags:
        rows = [[s.name in self._bases.get(q.name, ()) for s in self.states] for q in self.quantities]
        return np.array(rows, dtype=np.uint8)

    def _others(self, pairs: dict[str, str]) -> Ints:
        index = {q.name: i for i, q in enumerate(self.quantities)}
        return np.array([index[pairs[q.name]] if q.name in pairs else -1 for q in self.quantities], dtype=np.int32)


class OriginCounts(NamedTuple):
    """Published counts of the returned and of the dead, each array ``[2, O]``; see `InitialStatePlan`."""

    people: Floats
    kind: Ints
    sd: Floats
    column: Ints

    @classmethod
    def none(cls, n_origins: int, past: int) -> OriginCounts:
        """No counts at all."""
        shape = (len(NODES), n_origins)
        kind, column = np.zeros(shape, dtype=np.int32), np.full(shape, past, dtype=np.int32)
        return cls(np.full(shape, -1.0), kind, np.ones(shape), column)


def _travellers(cohorts: Ints) -> Ints:
    """Cohorts ``[O, 3]`` of those who travelled, of all cohorts in order."""
    return np.ascontiguousarray(cohorts.reshape(-1, len(EVERY_ROLE))[:, : len(ROLES)])


def _rows(region: int) -> range:
    """Rows of the history program of a region, by role."""
    return range(len(EVERY_ROLE) * region, len(EVERY_ROLE) * (region + 1))


class History(NamedTuple):
    """Expected flows up to the as-of date for a batch of draws (n draws, H rows of regions and all roles, G regions).

    What is not by row is of those who travelled.
    """

    shares: Floats  # [n, H, S] people by state at the as-of date
    role_weight: Floats  # [n, 3] people by role at the as-of date, for each fighter
    nodes: Floats  # [n, 2, T + 1, G]
    people: Floats  # [n, T + 1, G]
    theatre: Floats  # [n, T + 1, G] in the theatre, of those neither returned nor dead
    dead_per_fighter: Floats  # [n, G]
    counters: Floats  # [n, Q, G] per head
    basis_stock: Floats  # [n, Q, G] per head


def history(nowcaster: Nowcaster, program: Program, theta: Floats, seed: int) -> History:
    """Run the history program for each row of `theta` ``[n, P]``."""
    lowered = [rate_factors(program, row, draw_shared_series(program, row, seed, 0)[0]) for row in theta]
    batched = RateFactors(*(np.stack(field) for field in zip(*lowered, strict=True)))
    n_cohorts, n_states = program.cell_key.shape
    start = np.zeros((len(theta), n_cohorts, n_states))
    counters = np.zeros((len(theta), len(nowcaster.quantities), program.n_origins))
    stocks, counted = run_means(program, batched, start, counters)
    every_role = stocks.reshape(*stocks.shape[:2], program.n_origins, len(EVERY_ROLE), n_states)
    by_role = every_role[:, :, :, : len(ROLES)]
    of_roles = by_role[:, -1].sum(axis=(1, 3))
    by_region = by_role.sum(axis=3)
    people = np.maximum(by_region.sum(axis=-1), 1e-12)
    home = by_region[..., nowcaster.node == RETURNED].sum(axis=-1)
    dead = by_region[..., nowcaster.node == DEAD].sum(axis=-1)
    theatre = by_region[..., nowcaster.in_theatre].sum(axis=-1)
    dead_fighters = by_role[:, -1, :, 0, nowcaster.node == DEAD].sum(axis=0)
    basis = np.einsum("qs,ngs->nqg", nowcaster.plan.basis.astype(float), by_region[:, -1])
    return History(
        shares=stocks[:, -1],
        role_weight=of_roles / np.maximum(of_roles[:, :1], 1e-12),
        nodes=np.stack([home / people, dead / np.maximum(people - home, 1e-12)], axis=1),
        people=people,
        theatre=theatre / np.maximum(people - home - dead, 1e-12),
        dead_per_fighter=dead[:, -1] / np.maximum(dead_fighters, 1e-12),
        counters=counted[:, -1] / people[:, -1][:, None, :],
        basis_stock=basis / people[:, -1][:, None, :],
    )


def draw_nowcast(
    nowcaster: Nowcaster,
    history_program: Program,
    cell_key: Keys,
    draws: Draws,
    *,
    seed: int,
    trajectories: Sequence[int],
) -> tuple[Longs, Longs]:
    """State of every origin at the as-of date, one draw per trajectory.

    Parameters
    ----------
    nowcaster, history_program
        The figures of a model, and its program of expected flows up to the as-of date.
    cell_key
        Keys of the forecast program's cells, ``[C, S]``.
    draws
        Parameter draws, one row per trajectory.
    seed, trajectories
        Row i of the result depends on the seed, ``trajectories[i]`` and row i of the draws alone.

    Returns
    -------
    start, counters
        People by cohort and state, int64 ``(n, C, S)``, and counters by quantity and origin, int64 ``(n, Q, O)``.
    """
    past = history(nowcaster, history_program, draws.values, seed)
    column = {name: i for i, name in enumerate(draws.names)}
    position = {q.name: i for i, q in enumerate(nowcaster.quantities)}
    born, drawn = position["born"], []
    for i, trajectory in enumerate(trajectories):
        beliefs = _beliefs(past, i, draws, column)
        key = subkey(seed, int(trajectory), START, 0)
        beliefs = with_world_counts(nowcaster.world, nowcaster.plan, beliefs, cell_key, key, born)
        drawn.append(draw_initial_state(nowcaster.plan, beliefs, cell_key, key))
        add_born(nowcaster.plan, beliefs, cell_key, key, born, *drawn[-1])
        count_repatriated(nowcaster.repatriated, position, drawn[-1][1])
    return np.stack([start for start, _ in drawn]), np.stack([counters for _, counters in drawn])


def _beliefs(past: History, i: int, draws: Draws, column: dict[str, int]) -> InitialStateBeliefs:
    """What a draw of parameters and its history say of every origin; `column` is that of each parameter."""
    theta = draws.values[i]
    return InitialStateBeliefs(
        role_weight=past.role_weight[i],
        role_spread=float(theta[column[ROLE_SPREAD]]),
        families=math.exp(theta[column["role.adult"]]) + math.exp(theta[column["role.minor"]]),
        fathers=math.exp(theta[column["births.local"]]),
        left_out=float(theta[column[FIGHTERS_LEAVE_OUT]]),
        in_theatre=float(theta[column[SHARE_IN_THEATRE]]),
        reporting=np.array([theta[column[name]] for name in REPORTING.values()]),
        concentration=float(theta[column["nowcast.concentration"]]),
        mixing=float(theta[column["nowcast.mixing"]]),
        shares=past.shares[i],
        nodes=past.nodes[i],
        people=past.people[i],
        theatre=past.theatre[i],
        dead_per_fighter=past.dead_per_fighter[i],
        counters=past.counters[i],
        basis_stock=past.basis_stock[i],
        fitted=draws.fitted is not None and bool(draws.fitted[i]),
        discrepancy=0.0,
        held_discrepancy=0.0 if draws.discrepancy is None else float(draws.discrepancy[i]),
    )
