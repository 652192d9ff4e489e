"""Foreigners held in the whole world by a count: what the history expects of origins that nobody has counted.

The history runs for years on wide priors, so how many are still in which custody is hardly known, while camps publish
how many third-country nationals they hold. In a case with custody events those counts move the history's shares before
origins are drawn. For one trajectory:

1. A start is drawn with the shares as they are. In it, whom counts of their own origin see (role and class, `pinned`)
   stay; everyone else is free.
2. Each group j of world counts (of the same custodians and roles, read across events as `held_after_events` does) has
   a number W[j]: one of its values, chosen by weight, with its error and the drift of held counts. The free among them
   should be ``W[j] - pinned[j]``, and at least a fiftieth of W[j].
3. One factor for each group multiplies the odds of its states in every region, for its roles (and for women where it
   counts the children born to them), in turn until all groups fit (iterative proportional fitting).

The born in a state keep their number for each parent there. Where more are held than the history expects, fewer of
their role are home, dead or elsewhere, each in proportion, in every month of the past (by the odds of the last). What
an origin's own counts say of its returned and dead still holds. Steps 1 to 3 are done three times, since these shares
move whom a start has, with few candidates of those held.

Strengths of organisations are read in the same way: that of the core is an upper bound of the men who are with its
remnants, and counts of the foreigners whom a new government took into its army are of all who are with organisations
that became a government or a part of an army. Of those whom courts of Iraq have sentenced, a running total is one of
the sentenced and those sentenced to death.

Those who have returned are read in the same way, by counts of all origins together (`world_returned`); origins with
counts of their own stay as they are.

Assumptions: regions answer alike. Counts of foreigners in Iraq are read for ten years, and gain those moved there. Men
moved to Iraq are a lower bound of those whom it holds without a sentence, and are taken off the counts of the prisons
that they left. A count from before the last loss of ground is a lower bound: more were captured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from afterfall.case import WORLD, Figure, PartialDate
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.keys import name_key
from afterfall.engine.program import Floats, Keys, Longs
from afterfall.engine.quantiles import normal_quantile
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Z95
from afterfall.model.language.vocabulary import EVERY_ROLE, State
from afterfall.model.mechanisms.custody_events import FOREIGN_HELD, SITES, UNRECORDED, has_events
from afterfall.model.mechanisms.death_sentences import CONDEMNED
from afterfall.model.mechanisms.detention import SENTENCED
from afterfall.model.mechanisms.ranks import REMNANT
from afterfall.model.mechanisms.recruitment import rival_state
from afterfall.model.observation.births_so_far import add_born, at_node, born_per_parent
from afterfall.model.observation.custody.held_after_events import (
    OLDEST,
    UNTRIED,
    at_site,
    before_captures,
    followed,
    states_of,
)
from afterfall.model.observation.custody.taken_home import FAMILY_DEFINITION
from afterfall.model.observation.custody.world_fitting import Travelled, WorldAims, fit_odds
from afterfall.model.observation.custody.world_returned import HOME_STAGES, returned_of_world
from afterfall.model.observation.figure_rules import COUNTED
from afterfall.model.observation.held_figures import HELD_RECENT, HELD_ROLES, MONTHLY_DRIFT
from afterfall.model.observation.initial_state import draw_initial_state
from afterfall.model.observation.initial_state_plan import DEAD, RETURNED, InitialStateBeliefs, InitialStatePlan
from afterfall.model.observation.measurement_error import latest_of_families, reading

Mask = npt.NDArray[np.bool_]
#: Places of counts in the region of the custodians, and the definition of a site that each stands for.
PLACES = {"ne-syria": "", "al-hol": "al_hol", "roj": "roj", "IRQ": "iraq"}
#: Definition of counts of foreigners tried there.
TRIED = "tried_in_iraq"
PRISON, CAMP = "ne-syria-prison", "ne-syria-camp"
#: Definitions of those moved that add up to all foreigners moved, and the custodian that they were moved to.
MOVED_PARTS, MOVED_TO = ("other_arab", "non_arab"), "iraq"
#: Rounds of the whole.
ROUNDS = 3
#: The least share of a number that is left to those without counts, and of a prison that was emptied.
LEAST_FREE, LEAST_STAYED = 0.02, 0.1
TINY = 1e-9
MEN, WOMEN, MINORS, BORN = range(len(EVERY_ROLE))


@dataclass(frozen=True, slots=True)
class WorldGroup:
    """World counts of the same people: the states and roles they are of, and their values.

    `log`, `sd` and `weight` are by value; a `bound` of 1 says at least, of -1 at most.
    """

    custodians: tuple[str, ...]
    states: Mask
    roles: tuple[int, ...]
    log: tuple[float, ...]
    sd: tuple[float, ...]
    weight: tuple[float, ...]
    bound: int

    @property
    def name(self) -> str:
        """A name for its random numbers."""
        return f"world/{'+'.join(self.custodians)}/{self.roles}/{self.bound}"

    def number(self, subkey: np.uint64) -> float:
        """People, drawn from its values by weight."""
        key = name_key(self.name)
        u, at = uniform(subkey, key, 0, 0), 0
        while at < len(self.weight) - 1 and u > self.weight[at]:
            u, at = u - self.weight[at], at + 1
        error = self.sd[at] * normal_quantile(uniform(subkey, key, 0, 1))
        return math.exp(self.log[at] + error)


def world_groups(view: CaseView, states: Sequence[State]) -> tuple[WorldGroup, ...]:
    """The counts of foreigners held that a case with custody events has, by custodians and roles; else none."""
    if not has_events(view):
        return ()
    found: dict[tuple[tuple[str, ...], tuple[int, ...], int], list[Figure]] = {}
    for figure in _counts(view):
        custodians = followed(view, figure, _custodians(figure))
        beyond = set(custodians) - {PRISON, CAMP, "syria-other", UNRECORDED}
        if beyond and set(_custodians(figure)) == {PRISON}:
            custodians, figure = (PRISON,), _without_moved(view, figure)
        if figure.definition == MOVED_TO:
            figure = _with_moved(view, figure)
        figure = at_site(view, before_captures(view, figure))
        if figure.bound != "at_most":
            key = custodians, _roles(figure), int(figure.bound == "at_least")
            found.setdefault(key, []).append(figure)
    people = moved_men(view)
    groups = [_group(view, states, *key, latest_of_families(view, rows)) for key, rows in sorted(found.items())]
    if people > 0.0 and MOVED_TO in view.custodians:
        untried = (MOVED_TO + UNTRIED,)
        mask = np.array(states_of(view, untried, states))
        groups.append(WorldGroup(untried, mask, (MEN,), (math.log(people),), (0.3,), (1.0,), 1))
    groups += [*_returned(view, states), *_sentenced(view, states), *_strengths(view, states)]
    return tuple(group for group in groups if group.states.any())


def _strengths(view: CaseView, states: Sequence[State]) -> list[WorldGroup]:
    """The strength of the core as a bound on its remnants, and the foreigners in a new government's army."""
    became = tuple(o.organisation for o in view.case.organisations if o.became and o.organisation in view.rivals)
    army = [o for o in became if view.case.organisation(o).became == "army"]
    of = (
        ((view.case.core,), (REMNANT,), -1),
        (army, tuple(rival_state(o) for o in became), 0),
    )
    groups = []
    for organisations, names, bound in of:
        rows = [f for f in view.case.figures_of("strength") if f.organisation in organisations and not f.bound]
        rows = [f for f in rows if f.basis == "stock" and 0 <= -view.month_of(f.refers_to.last_day) <= HELD_RECENT]
        if rows:
            one = _group(view, states, names, (MEN,), bound, latest_of_families(view, rows))
            groups.append(replace(one, states=np.array([s.name in names for s in states])))
    return groups


def _counts(view: CaseView) -> list[Figure]:
    """Recent stocks of third-country nationals held in the places known, with the site as their definition."""
    rows = [
        f
        for quantity in ("camp_population", "detained_foreign", UNRECORDED)
        for f in view.case.figures_of(quantity)
        if f.place in PLACES
        and f.definition in (FOREIGN_HELD, FAMILY_DEFINITION)
        and f.basis == "stock"
        and f.role in HELD_ROLES
    ]
    rows = [f for f in rows if f.value > 0 and -view.month_of(f.refers_to.last_day) <= _oldest(f)]
    return [replace(f, definition=PLACES[f.place] or f.definition) for f in rows]


def _roles(figure: Figure) -> tuple[int, ...]:
    """Roles that a count is of; few men are in camps, and custodians who took over a camp may hold others."""
    families = not figure.role and _custodians(figure) in ((CAMP,), (UNRECORDED,))
    return (WOMEN, MINORS) if families else HELD_ROLES[figure.role]


def _oldest(figure: Figure) -> int:
    """Months after which a count is not read: those of Iraq are few, and its prisoners serve long sentences."""
    return OLDEST if PLACES[figure.place] == MOVED_TO else HELD_RECENT


def _custodians(figure: Figure) -> tuple[str, ...]:
    """Custodians whom a count is of, before events."""
    if figure.quantity == UNRECORDED:
        return (UNRECORDED,)
    if figure.definition in SITES:
        return SITES[figure.definition][1:]
    if figure.definition == MOVED_TO:
        return (MOVED_TO,)
    families = figure.role in ("woman", "minor") or figure.definition == FAMILY_DEFINITION
    if figure.quantity == "camp_population" or families:
        return (CAMP,)
    return (PRISON,) if figure.role in ("man", "fighter") else (CAMP, PRISON)


def moved_men(view: CaseView) -> float:
    """Foreign men moved to Iraq by the latest counts of the parts that make them up; zero without all of them."""
    people = 0.0
    for part in MOVED_PARTS:
        rows = [f for f in view.case.figures_of("transferred", place=WORLD) if f.definition == part]
        if not rows:
            return 0.0
        people += max(rows, key=lambda f: (f.refers_to.last_day, f.figure)).value
    return people


def _without_moved(view: CaseView, figure: Figure) -> Figure:
    """A count of prisoners without those since moved, as widely as is known of those who stayed."""
    left = max(figure.value - moved_men(view), LEAST_STAYED * figure.value)
    return replace(figure, low=left / 2.0, value=left, high=2.0 * left)


def _with_moved(view: CaseView, figure: Figure) -> Figure:
    """A count of those held in Iraq with those moved there since: the drift is that of the former alone."""
    more, age = moved_men(view), max(-view.month_of(figure.refers_to.last_day), 0)
    value, today = figure.value + more, PartialDate(view.case.as_of.isoformat())
    spread = math.exp(Z95 * MONTHLY_DRIFT * math.sqrt(age) * figure.value / value)
    return replace(figure, low=value / spread, value=value, high=value * spread, refers_to=today)


def _returned(view: CaseView, states: Sequence[State]) -> list[WorldGroup]:
    """Counts of the returned of all origins (`world_returned`)."""
    home, everyone = np.array([s.stage in HOME_STAGES for s in states]), (MEN, WOMEN, MINORS)
    return [WorldGroup(("home",), home, everyone, *found) for found in returned_of_world(view)]


def _sentenced(view: CaseView, states: Sequence[State]) -> list[WorldGroup]:
    """Foreigners sentenced by the courts of Iraq, by the latest running total of those tried."""
    rows = [f for f in view.case.figures_of("prosecuted", place="IRQ") if f.definition == TRIED and not f.bound]
    rows = [f for f in rows if -view.month_of(f.refers_to.last_day) <= OLDEST]
    if not rows:
        return []
    one = _group(view, states, (SENTENCED,), (MEN, WOMEN), 0, latest_of_families(view, rows))
    return [replace(one, states=np.array([s.name in (SENTENCED, CONDEMNED) for s in states]))]


def _group(
    view: CaseView,
    states: Sequence[State],
    custodians: tuple[str, ...],
    roles: tuple[int, ...],
    bound: int,
    figures: Sequence[Figure],
) -> WorldGroup:
    read = [reading(f) for f in figures]
    ages = [max(-view.month_of(f.refers_to.last_day), 0) for f in figures]
    sd = tuple(math.hypot(r.sd, MONTHLY_DRIFT * math.sqrt(age)) for r, age in zip(read, ages, strict=True))
    worth = [1.0 / one**2 for one in sd]
    return WorldGroup(
        custodians,
        np.array(states_of(view, custodians, states)),
        roles,
        tuple(r.log for r in read),
        sd,
        tuple(w / sum(worth) for w in worth),
        bound,
    )


def with_world_counts(
    groups: Sequence[WorldGroup],
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    cell_key: Keys,
    subkey: np.uint64,
    born: int,
) -> InitialStateBeliefs:
    """Beliefs of one trajectory whose shares expect as many held as the world's counts say (module docstring)."""
    if not groups:
        return beliefs
    numbers = [group.number(subkey) for group in groups]
    pinned, before = pinned_by_origin(plan), beliefs
    for _ in range(ROUNDS):
        start, counters = draw_initial_state(plan, beliefs._replace(rough=True), cell_key, subkey)
        add_born(plan, beliefs, cell_key, subkey, born, start, counters)
        beliefs = tilted(groups, numbers, plan, before, beliefs, pinned, start)
    return beliefs


def pinned_by_origin(plan: InitialStatePlan) -> Mask:
    """Whom values of their own origin count (held, or returned), by origin, role and state ``[O, 4, S]``."""
    n_origins, n_states = plan.held_class.shape
    out = np.zeros((n_origins, len(EVERY_ROLE), n_states), dtype=np.bool_)
    for o in range(n_origins):
        for j in range(plan.first_held[o], plan.first_held[o + 1]):
            figures = slice(plan.first_held_figure[j], plan.first_held_figure[j + 1])
            if (plan.held_bound[figures] == 0).any():
                out[o] |= plan.held_cells[j][:, plan.held_class[o]].astype(np.bool_) & (plan.held_class[o] > 0)
        for j in range(plan.first_group[o], plan.first_group[o + 1]):
            value = plan.figure_bound[plan.first_figure[plan.first_family[j]]] == 0
            if value and COUNTED[plan.group_quantity[j]] == "returned":
                out[o][:, plan.node == RETURNED] = True
    return out


def tilted(
    groups: Sequence[WorldGroup],
    numbers: Sequence[float],
    plan: InitialStatePlan,
    before: InitialStateBeliefs,
    beliefs: InitialStateBeliefs,
    pinned: Mask,
    start: Longs,
) -> InitialStateBeliefs:
    """Beliefs whose shares meet the numbers of the groups, given a start drawn from the present ones."""
    people = start.reshape(-1, len(EVERY_ROLE), plan.node.size)
    shares = before.shares.reshape(-1, len(EVERY_ROLE), plan.node.size)
    ratio = born_per_parent(plan.node, shares, beliefs.fathers)
    whole = shares[:, :BORN].sum(axis=-1, keepdims=True)
    q = shares[:, :BORN] / np.maximum(whole, 1e-300)
    travelled = people[:, :BORN].sum(axis=-1)[:, :, None]
    free, every = ~pinned, np.ones_like(pinned)
    loose, all_of = (
        Travelled(_by_region(plan, travelled * mask[:, :BORN]), _by_region(plan, travelled * mask[:, BORN:]))
        for mask in (free, every)
    )
    held = [float((people * pinned)[:, list(_every(g))][:, :, g.states].sum()) for g in groups]
    aims = [max(number - own, LEAST_FREE * number) for number, own in zip(numbers, held, strict=True)]
    aim = WorldAims(
        np.array([group.states for group in groups]),
        np.array([[r in _every(group) for r in range(len(EVERY_ROLE))] for group in groups]),
        np.array([[r in _moved(group) for r in range(BORN)] for group in groups]),
        np.array(aims),
        np.array([group.bound for group in groups]),
    )
    fit_odds(aim, plan.node, q, loose, all_of, ratio, beliefs.fathers)
    return _with_shares(plan, before, q * whole, ratio)


def _by_region(plan: InitialStatePlan, values: Floats) -> Floats:
    """Sums over the origins of each region, ``[G, ...]`` from ``[O, ...]``."""
    of = (np.arange(plan.region.max() + 1)[:, None] == plan.region).astype(float)
    return np.asarray(of @ values.reshape(len(values), -1)).reshape(-1, *values.shape[1:])


def _every(group: WorldGroup) -> tuple[int, ...]:
    """Roles that a group counts, the born with the minors."""
    return (*group.roles, BORN) if MINORS in group.roles else group.roles


def _moved(group: WorldGroup) -> tuple[int, ...]:
    """Roles that a group moves: the born follow women."""
    return (*group.roles, WOMEN) if MINORS in group.roles else group.roles


def _with_shares(
    plan: InitialStatePlan, before: InitialStateBeliefs, travelled: Floats, ratio: Floats
) -> InitialStateBeliefs:
    """Beliefs with these people by region, role and state, and as many born for each parent as before."""
    parents = at_node(plan.node, travelled[:, WOMEN] + before.fathers * travelled[:, MEN])
    shares = np.concatenate([travelled, (ratio * parents)[:, None]], axis=1)
    by_state = travelled.sum(axis=1)
    everyone = np.maximum(by_state.sum(axis=1), 1e-12)
    home, dead = (by_state[:, plan.node == node].sum(axis=1) for node in (RETURNED, DEAD))
    there = by_state[:, plan.in_theatre.astype(np.bool_)].sum(axis=1)
    nodes = np.stack(
        [
            moved_odds(before.nodes[0], home / everyone),
            moved_odds(before.nodes[1], dead / np.maximum(everyone - home, 1e-12)),
        ]
    )
    theatre = moved_odds(before.theatre, there / np.maximum(everyone - home - dead, 1e-12))
    rows = np.ascontiguousarray(shares.reshape(before.shares.shape))
    return before._replace(shares=rows, nodes=nodes, theatre=theatre)


def moved_odds(shares: Floats, last: Floats) -> Floats:
    """Shares by month and region ``[T + 1, G]`` whose odds all move by as much as those of the last month do."""
    kept, now = (np.clip(x, TINY, 1.0 - TINY) for x in (shares, last))
    odds = kept / (1.0 - kept) * (now / (1.0 - now)) / (kept[-1] / (1.0 - kept[-1]))
    return np.asarray(odds / (1.0 + odds))
