"""The reduced model for fitting: the history of a model, small enough to compute its gradient many thousand times.

States that no figure before the as-of date can distinguish are lumped. Everyone who returned home (whatever their
disposition or handling, including prison) is one state; everyone with an offshoot abroad is another. Being sent to
attack is left out: too few are sent to show in any count of travellers. Moves within a lump are dropped; a move out of
a lump is kept where at least half of its states have it at the same rate. A choice whose ways all lead to one lump
becomes a plain move. Feedback and capacities are dropped: in the past they change minor flows only, and without them
all probabilities are known beforehand. States that history cannot reach are dropped, and so are terms on series that
are zero up to the as-of date and the parameters that only they use. Roles and regions are those of the history program.

Anything that acts only after the as-of date, or only after returning home, therefore changes no array of the fit
program, and a posterior keyed on it (see `afterfall.posterior`) stays valid. A test compares totals and shares with
those of the full history.

Assumptions: those born in the theatre are left out, since they never travelled; so is passing 18. In 12 prior draws of
`tiny` 2 to 7 in a hundred minors passed it by the as-of date, in 6 of `isis-2017` as of 1 August 2016 2 to 11, so the
fit has as many more minors and fewer women (up to 19 in a hundred where few women came). Given role, shares by state
are those of the history but for feedback (a test compares them). Minor flows out of a lump (the committed who depart
again, operatives who die at home) are too small to matter for counts of the returned and of the dead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from afterfall.engine.program import Program
from afterfall.model.compile.assemble import assemble
from afterfall.model.compile.lowering import lower
from afterfall.model.compile.past_noise import PastNoise, past_noises, with_past_noise
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import (
    AdriftPath,
    FiredPath,
    HeldPath,
    LeftPath,
    LossPath,
    LossToPath,
    NoisePath,
    Path,
    SeriesPath,
)
from afterfall.model.language.structure import Structure
from afterfall.model.language.vocabulary import (
    FORECAST,
    ROLES,
    Inflow,
    OnPath,
    OriginEffect,
    Part,
    Quantity,
    Rate,
    State,
    Term,
    Times,
    Transition,
)
from afterfall.model.mechanisms.ranks import KILLED
from afterfall.model.observation.figure_rules import FIGHTERS_LEAVE_OUT, REPORTING, SHARE_IN_THEATRE

if TYPE_CHECKING:
    from afterfall.model.compile.build import Model
    from afterfall.model.language.parameters import Known

HOME, AWAY = "came_home", "in_another_theatre"
HOME_STAGES = ("home", "prison")
#: Parameters that only the likelihood uses: how figures relate to people, and which holdings fall first.
OBSERVED = (
    FIGHTERS_LEAVE_OUT,
    SHARE_IN_THEATRE,
    "nowcast.concentration",
    *REPORTING.values(),
    "territory.neighbour",
    "territory.size",
)
COUNTED = ("travelled", "returned", "killed_so_far")


@dataclass(frozen=True)
class ReducedModel:
    """The fit program of a model, with what its axes mean.

    Attributes
    ----------
    program
        Arrays: cohorts (C) are regions by role, in the order of `Model.history_cohorts` without those born in the
        theatre; states (S) as in `states`; quantities are the counters `COUNTED`.
    states
        States in topological order, with their fates and stages.
    names
        Parameters (P) in the order of the program: the named ones, the region effects, the past noise.
    known
        Priors of the named ones.
    spreads
        For each region effect, the parameter that is its standard deviation.
    noises
        The past noises.
    """

    program: Program
    states: tuple[State, ...]
    names: tuple[str, ...]
    known: tuple[Known, ...]
    spreads: dict[str, str]
    noises: tuple[PastNoise, ...]

    @cached_property
    def killed(self) -> int:
        """Position of the dead."""
        return next(i for i, s in enumerate(self.states) if s.name == KILLED)


def reduced_model(model: Model) -> ReducedModel:
    """The fit program of a model."""
    view, structure = model.view, lumped(model.view, model.structure)
    known = tuple(k for k in model.parameters if k.name in {p.name for p in structure.parameters})
    spreads = structure.region_effects(view.regions)
    past = view.history_months
    noises = past_noises(structure, past)
    names = (*(k.name for k in known), *spreads, *(name for noise in noises for name in noise.names))
    counters = [Quantity(name, name, "counter", "", "counter") for name in COUNTED]
    cohorts = tuple(c for c in model.history_cohorts if c.role in ROLES)
    behind = with_past_noise(structure, noises)
    program = lower(view, behind, counters, cohorts, view.regions, names, horizon=past, record=[past], past=True)
    return ReducedModel(program, structure.states, names, known, spreads, noises)


def lumped(view: CaseView, structure: Structure) -> Structure:
    """A structure for the history only, with states lumped and everything that history does not use left out."""
    lump = {s.name: lump_of(s) for s in structure.states}
    quiet = _quiet_paths(view, structure)
    sent = {s.name for s in structure.states if s.fate == "dispatch" and lump[s.name] == s.name}
    possible = [t for t in structure.transitions if not _to_come(t, structure)]
    moves = [_simple(t, quiet) for t in possible if not _never(t.rate, quiet) and t.dest not in sent]
    moves = _choices_resolved(_lumped_moves(structure.states, moves, lump))
    inflows = tuple(replace(i, rate=_without(i.rate, quiet)) for i in structure.inflows if i.past and not i.per)
    reached = _reached([i.state for i in inflows], moves)
    moves = [t for t in moves if t.source in reached]
    part = Part(
        states=tuple(s for s in _lumped_states(structure.states, lump) if s.name in reached),
        transitions=tuple(moves),
        inflows=inflows,
        parameters=structure.parameters,
        features=structure.features,
        paths=tuple(_of_the_past(p) for p in structure.paths if p.name in _paths_used(structure, moves, inflows)),
        dated_events=tuple(
            replace(t, constants=(), paths=(), neighbours=(), left="", ramps=())
            for t in structure.dated_events
            if t.kind == "stronghold"
        ),
        uses=tuple(n for n in OBSERVED if n in {p.name for p in structure.parameters}),
    )
    return assemble([part]).active()


def lump_of(state: State) -> str:
    """The state of the fit program that a state of the model belongs to."""
    if state.stage in HOME_STAGES:
        return HOME
    return AWAY if state.fate == "relocate" else state.name


def _lumped_states(states: Iterable[State], lump: dict[str, str]) -> list[State]:
    found: dict[str, State] = {}
    for state in states:
        name = lump[state.name]
        lumps = {
            HOME: State(HOME, "returned home", "came_home", "home"),
            AWAY: State(AWAY, "in another theatre", "relocate", "abroad"),
        }
        found.setdefault(name, lumps.get(name, state))
    return list(found.values())


def _quiet_paths(view: CaseView, structure: Structure) -> frozenset[str]:
    """Series that are zero in every month of history, including noise on arrivals (past arrivals are data)."""
    months = range(-view.history_months, 1)
    moving = {noise.path for noise in past_noises(structure, view.history_months)}
    fired = {t.name for t in structure.dated_events if t.fired is not None and t.fired <= 0}
    held = {path.name: path for path in structure.paths if isinstance(path, HeldPath)}

    def quiet(path: Path) -> bool:
        if isinstance(path, SeriesPath):
            return not any(path.values(m) for m in months)
        if isinstance(path, NoisePath):
            return path.name not in moving
        if isinstance(path, AdriftPath):
            return not fired.issuperset(held[path.of].weights)
        return isinstance(path, LeftPath) or (isinstance(path, FiredPath) and path.event not in fired)

    return frozenset(p.name for p in structure.paths if quiet(p))


def _never(rate: Rate, quiet: frozenset[str]) -> bool:
    """Whether a rate is zero throughout the history."""
    return any(isinstance(term, Times) and term.path in quiet for term in rate.terms)


def _to_come(move: Transition, structure: Structure) -> bool:
    """Whether a move is by an event of custody, which all lie after the as-of date."""
    events = {t.name for t in structure.dated_events if t.kind == "custody"}
    held = {p.name for p in structure.paths if isinstance(p, HeldPath) and p.weights and events.issuperset(p.weights)}
    later = frozenset(p.name for p in structure.paths if isinstance(p, LossPath) and p.of in held)
    return _never(move.rate, later) or (move.choice is not None and _never(move.choice.rate, later))


def _without(rate: Rate, quiet: frozenset[str]) -> Rate:
    """A rate without terms on quiet series, origin effects and features of the forecast, which history leaves out."""
    kept = [t for t in rate.terms if not isinstance(t, OriginEffect) and not _of_the_forecast(t)]
    return Rate(rate.name, tuple(t for t in kept if not (isinstance(t, OnPath) and t.path in quiet)))


def _of_the_forecast(term: object) -> bool:
    return isinstance(term, Term) and term.feature.startswith(FORECAST)


def _simple(move: Transition, quiet: frozenset[str]) -> Transition:
    choice = move.choice
    if choice:
        choice = replace(choice, rate=_without(choice.rate, quiet))
    return replace(move, rate=_without(move.rate, quiet), choice=choice)


def _lumped_moves(states: Iterable[State], moves: list[Transition], lump: dict[str, str]) -> list[Transition]:
    """Moves between lumps; the module docstring says which moves out of a lump are kept."""
    sizes: dict[str, int] = {}
    for state in states:
        sizes[lump[state.name]] = sizes.get(lump[state.name], 0) + 1
    leaving: dict[tuple[str, str, str], set[str]] = {}
    for t in moves:
        leaving.setdefault((lump[t.source], lump[t.dest], t.rate.name), set()).add(t.source)
    found: list[Transition] = []
    seen: set[tuple[str, str, str]] = set()
    for t in moves:
        source, dest = lump[t.source], lump[t.dest]
        way = (source, dest, t.rate.name)
        if source == dest:
            continue
        if sizes[source] == 1:
            found.append(replace(t, dest=dest, capacity=None))
        elif not t.choice and way not in seen and 2 * len(leaving[way]) >= sizes[source]:
            seen.add(way)
            found.append(replace(t, source=source, dest=dest, roles=None, origins=None, capacity=None))
    return found


def _choices_resolved(moves: list[Transition]) -> list[Transition]:
    """The moves with every choice whose ways all lead to one state turned into a plain move."""
    members: dict[str, list[Transition]] = {}
    for t in moves:
        if t.choice:
            members.setdefault(t.choice.name, []).append(t)
    plain = {n for n, m in members.items() if len({(t.dest, t.back) for t in m}) == 1}
    found, done = [], set()
    for t in moves:
        if not t.choice or t.choice.name not in plain or t.choice.retain:
            found.append(t)
        elif t.choice.name not in done:
            done.add(t.choice.name)
            roles = [m.roles for m in members[t.choice.name]]
            everyone = None if None in roles else frozenset(r for some in roles for r in some or ())
            found.append(replace(t, rate=t.choice.rate, choice=None, roles=everyone, origins=None))
    return found


def _reached(starts: list[str], moves: list[Transition]) -> frozenset[str]:
    reached, waiting = set(starts), list(starts)
    while waiting:
        here = waiting.pop()
        for t in moves:
            if t.source == here and t.dest not in reached:
                reached.add(t.dest)
                waiting.append(t.dest)
    return frozenset(reached)


def _of_the_past(path: Path) -> Path:
    """A path without the parameter that acts on it in the forecast only."""
    return replace(path, parameter=None) if isinstance(path, (HeldPath, LossToPath)) else path


def _paths_used(structure: Structure, moves: list[Transition], inflows: Iterable[Inflow]) -> frozenset[str]:
    """Paths that rates use, and the paths from which these are derived."""
    rates = [t.rate for t in moves] + [t.choice.rate for t in moves if t.choice] + [i.rate for i in inflows]
    used = {term.path for rate in rates for term in rate.terms if isinstance(term, (OnPath, Times))}
    made_of = {p.name: p.of for p in structure.paths if hasattr(p, "of")}
    for _ in made_of:
        used |= {made_of[name] for name in used if name in made_of}
    return frozenset(used)
