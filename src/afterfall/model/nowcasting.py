"""The nowcast: where each origin's people are at the as-of date, given what has been published of it.

History runs first, by expected flows, for each region and role and for every draw of parameters: from the start of the
mobilisation to the as-of date, with the territory lost when it was lost. It says what share would have come home, died,
or be in each state. Then each origin's published counts speak: contested totals are read side by side (one latest
reading a report family, weighted by its error), counts of the returned and the dead are set against the expected ones,
and origins without counts lean on the others of their region. `afterfall.engine.start` does the drawing.

What an error is: a relative standard deviation by the reliability letter of the source (A 5 %, B 15 %, C 30 %, D 50 %,
E and F 80 %), together with the width of a published range. No study calibrates Admiralty letters to errors, so these
are conventions of ours, open to be learned by `fit`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from afterfall.case import Figure
from afterfall.case.dates import months_between
from afterfall.engine.keys import START, name_key, subkey
from afterfall.engine.means import run_means
from afterfall.engine.path import draw_path
from afterfall.engine.program import Floats, Longs
from afterfall.engine.start import (
    ALL_THEATRES,
    DEAD,
    EVERYONE,
    FIGHTERS_ONLY,
    FROM_STOCK,
    PEOPLE,
    PER_HEAD,
    REST,
    RETURNED,
    STOCK,
    StartBeliefs,
    StartPlan,
    draw_start,
)
from afterfall.engine.tables import tables
from afterfall.model.scene import COUNTS_PEOPLE, Scene
from afterfall.model.vocabulary import ROLES, Parameter, Part, Quantity, State

ERROR_BY_LETTER = {"A": 0.05, "B": 0.15, "C": 0.30, "D": 0.50, "E": 0.80, "F": 0.80}
#: A reading older than this many months before an origin's latest is out of date, since totals only grow.
RECENT = 18
#: What a running total misses by getting old, a year: the world's grew by log 29/20 in 2015 and by log 40/29 in 2016.
STALE_SD = 0.35
#: Error of the guess at a region's uncounted countries: a factor of e either way at one standard deviation.
UNCOUNTED_SD = 1.0
Z95 = 1.6448536269514722
NODES = ("returned", "killed")
HOME_STAGES = ("home", "prison")


def observation() -> Part:
    """Parameters of how figures relate to people; they act in the nowcast and in no rate."""
    parameters = (
        Parameter("reporting.returned", "share of those who came home that a count reports", "share", "share", 0.6, 0.98),
        Parameter("reporting.killed", "share of the dead that a count reports", "share", "share", 0.35, 0.95),
        Parameter("definition.in_theatre", "share of an all-theatres count that went to this one", "share", "share", 0.4, 0.9),
        Parameter("nowcast.concentration", "how alike origins of a region are", "people", "positive", 4.0, 40.0),
    )
    return Part(parameters=parameters, uses=tuple(p.name for p in parameters))


@dataclass(frozen=True)
class Reading:
    """One published total: log of people, its error, and what it counts."""

    log: float
    sd: float
    kind: int


def reading(figure: Figure) -> Reading:
    """A figure's log centre and error: the grade's, widened by the published range."""
    low, high = max(figure.low, 0.5), max(figure.high, 0.5)
    kinds = {"fighters": FIGHTERS_ONLY, "all_theatres": ALL_THEATRES}
    sd = math.hypot(error_of(figure), math.log(high / low) / (2 * Z95))
    return Reading(math.log(math.sqrt(low * high)), sd, kinds.get(figure.definition or "", PEOPLE))


def error_of(figure: Figure) -> float:
    """Relative standard deviation by the letter of the figure's grade."""
    return ERROR_BY_LETTER.get((figure.grade or "F")[0], 0.8)


def readings(figures: Sequence[Figure], as_of: dt.date) -> list[Reading]:
    """Readings of a running total: the latest of each report family, those long out of date left out.

    What is left still ages: its error grows with the years since the date it refers to.
    """
    latest: dict[str, Figure] = {}
    for figure in sorted(figures, key=lambda f: (f.refers_to.last_day, f.figure)):
        latest[figure.family or figure.source] = figure
    newest = max((months_between(as_of, f.refers_to.last_day) for f in latest.values()), default=0)
    found = []
    for _, figure in sorted(latest.items()):
        month = months_between(as_of, figure.refers_to.last_day)
        if newest - month <= RECENT:
            one = reading(figure)
            found.append(replace(one, sd=math.hypot(one.sd, STALE_SD * max(0, -month) / 12.0)))
    return found


def latest_count(figures: Sequence[Figure]) -> Figure | None:
    """The latest running count of everyone, in people; on one day the more reliable source first."""
    fits = [f for f in figures if not f.role and f.basis == "cumulative"]
    fits = [f for f in fits if f.definition in COUNTS_PEOPLE]
    return max(fits, key=lambda f: (f.refers_to.last_day, -error_of(f), f.figure), default=None)


@dataclass(frozen=True)
class Nowcaster:
    """The start plan of a model, ready to draw from."""

    scene: Scene
    states: tuple[State, ...]
    quantities: tuple[Quantity, ...]

    @cached_property
    def node(self) -> np.ndarray:
        """Node of each state: come home, dead, or the rest."""
        by_state = [DEAD if s.fate == "killed" else RETURNED if s.stage in HOME_STAGES else REST for s in self.states]
        return np.array(by_state, dtype=np.int32)

    @cached_property
    def plan(self) -> StartPlan:
        """Figures of the case as arrays."""
        scene = self.scene
        blocks = [self._block(o) for o in scene.origins] + [readings(scene.travelled_figures("WLD"), scene.case.as_of)]
        regions = {g: i for i, g in enumerate(scene.regions)}
        kind, basis = self._counter_bases()
        evidence, evidence_kind, evidence_sd, column = self._evidence()
        weights = np.concatenate([_cumulative(b) for b in blocks]) if blocks else np.zeros(0)
        return StartPlan(
            first_reading=np.cumsum([0, *(len(b) for b in blocks)]).astype(np.int32),
            log_reading=np.array([r.log for b in blocks for r in b]),
            sd_reading=np.array([r.sd for b in blocks for r in b]),
            weight_reading=weights,
            kind_reading=np.array([r.kind for b in blocks for r in b], dtype=np.int32),
            spread=np.array([_spread(b) for b in blocks[:-1]]),
            origin_key=np.array([name_key(f"origin/{o}") for o in (*scene.origins, "WLD")], dtype=np.uint64),
            region=np.array([regions[scene.region_of[o]] for o in scene.origins], dtype=np.int32),
            cohorts_of=np.arange(3 * len(scene.origins), dtype=np.int32).reshape(-1, 3),
            regional=np.array(
                [3 * regions[scene.region_of[o]] + r for o in scene.origins for r in range(len(ROLES))], dtype=np.int32
            ),
            evidence=evidence,
            evidence_kind=evidence_kind,
            evidence_sd=evidence_sd,
            evidence_column=column,
            node=self.node,
            kind_quantity=kind,
            basis=basis,
        )

    def _block(self, origin: str) -> list[Reading]:
        guess = Reading(math.log(self.scene.uncounted(origin)), UNCOUNTED_SD, PEOPLE)
        return readings(self.scene.travelled_figures(origin), self.scene.case.as_of) or [guess]

    def _evidence(self) -> tuple[Floats, np.ndarray, Floats, np.ndarray]:
        origins, past = self.scene.origins, self.scene.history_months
        count = np.full((2, len(origins)), -1.0)
        sd = np.ones((2, len(origins)))
        kind = np.zeros((2, len(origins)), dtype=np.int32)
        column = np.full((2, len(origins)), past, dtype=np.int32)
        for which, quantity in enumerate(NODES):
            for o, origin in enumerate(origins):
                figure = latest_count(self.scene.case.figures_of(quantity, place=origin))
                if figure is not None:
                    r = reading(figure)
                    count[which, o], sd[which, o], kind[which, o] = math.exp(r.log), r.sd, r.kind
                    month = self.scene.month_of(figure.refers_to.last_day)
                    column[which, o] = min(max(past + month, 1), past)
        return count, kind, sd, column

    def _counter_bases(self) -> tuple[np.ndarray, np.ndarray]:
        """How each quantity starts: stocks from the states, counters from a stock that implies them or a head."""
        bases = {
            "returned": {s.name for s in self.states if s.stage in HOME_STAGES},
            "killed_so_far": {s.name for s in self.states if s.fate == "killed"},
            "prosecuted": {s.name for s in self.states if s.stage == "prison"},
            "relocated_so_far": {s.name for s in self.states if s.fate == "relocate"},
            "dispatched_so_far": {s.name for s in self.states if s.fate == "dispatch"},
        }
        kind = [
            STOCK
            if q.kind == "stock"
            else EVERYONE
            if q.name == "travelled"
            else FROM_STOCK
            if q.name in bases
            else PER_HEAD
            for q in self.quantities
        ]
        basis = [[s.name in bases.get(q.name, ()) for s in self.states] for q in self.quantities]
        return np.array(kind, dtype=np.int32), np.array(basis, dtype=np.uint8)


def _cumulative(block: Sequence[Reading]) -> Floats:
    """Cumulative weights of readings, each by the inverse of its variance."""
    weights = np.array([1.0 / r.sd**2 for r in block])
    return np.cumsum(weights / weights.sum()) if block else weights


def _spread(block: Sequence[Reading]) -> float:
    """How far an origin's total may move: error of its readings together with their disagreement."""
    logs = [r.log for r in block]
    mean = sum(logs) / len(logs)
    between = sum((x - mean) ** 2 for x in logs) / len(logs)
    return math.sqrt(between + sum(r.sd**2 for r in block) / len(block))


@dataclass(frozen=True)
class History:
    """Expected flows up to the as-of date for a batch of draws, regions and roles (n draws, H rows, G regions)."""

    shares: Floats  # [n, H, S]
    nodes: Floats  # [n, 2, T + 1, G]
    counters: Floats  # [n, Q, G] a head
    basis_stock: Floats  # [n, Q, G] a head


def history(model, theta: Floats, seed: int) -> History:  # type: ignore[no-untyped-def]
    """Run the history program for each row of `theta` ``[n, P]``."""
    program, nowcaster = model.history, model.nowcaster
    lowered = [tables(program, row, draw_path(program, row, seed, 0)[0]) for row in theta]
    batched = type(lowered[0])(*(np.stack(field) for field in zip(*lowered, strict=True)))
    n_cohorts, n_states = program.cell_key.shape
    start = np.zeros((len(theta), n_cohorts, n_states))
    counters = np.zeros((len(theta), len(model.quantities), program.n_origins))
    stocks, counted = run_means(program, batched, start, counters)
    by_region = stocks.reshape(*stocks.shape[:2], program.n_origins, len(ROLES), n_states).sum(axis=3)
    node = nowcaster.node
    people = np.maximum(by_region.sum(axis=-1), 1e-12)
    home = by_region[..., node == RETURNED].sum(axis=-1)
    dead = by_region[..., node == DEAD].sum(axis=-1)
    nodes = np.stack([home / people, dead / np.maximum(people - home, 1e-12)], axis=1)
    final, total = by_region[:, -1], people[:, -1]
    basis = np.einsum("qs,ngs->nqg", nowcaster.plan.basis.astype(float), final) / total[:, None, :]
    return History(stocks[:, -1], nodes, counted[:, -1] / total[:, None, :], basis)


def nowcast(model, draws, *, seed: int, trajectories: Sequence[int]) -> tuple[Longs, Longs]:  # type: ignore[no-untyped-def]
    """State of every origin at the as-of date, one draw a trajectory.

    Parameters
    ----------
    model
        A built model.
    draws
        Parameter draws, one row a trajectory.
    seed, trajectories
        Row i of the result depends on the seed, ``trajectories[i]`` and row i of the draws alone.

    Returns
    -------
    start, counters
        People by cohort and state, int64 ``(n, C, S)``, and counters by quantity and origin, int64 ``(n, Q, O)``.
    """
    past = history(model, draws.values, seed)
    column = {name: i for i, name in enumerate(draws.names)}
    starts, counters = [], []
    for i, trajectory in enumerate(trajectories):
        theta = draws.values[i]
        roles = [1.0, math.exp(theta[column["role.adult"]]), math.exp(theta[column["role.minor"]])]
        beliefs = StartBeliefs(
            role_weight=np.array(roles),
            in_theatre=float(theta[column["definition.in_theatre"]]),
            reporting=np.array([theta[column[f"reporting.{node}"]] for node in NODES]),
            concentration=float(theta[column["nowcast.concentration"]]),
            shares=past.shares[i],
            nodes=past.nodes[i],
            counters=past.counters[i],
            basis_stock=past.basis_stock[i],
        )
        key = subkey(seed, int(trajectory), START, 0)
        start, counter = draw_start(model.nowcaster.plan, beliefs, model.program.cell_key, key)
        starts.append(start)
        counters.append(counter)
    return np.stack(starts), np.stack(counters)
