"""From a case to a model: run every mechanism, check their declarations, and lower them to the engine's arrays.

One declaration gives two programs. The *forecast* program has a cohort for each origin and role and runs from the as-of
date to the horizon. The *history* program has a cohort for each region and role and runs from the start of the
mobilisation to the as-of date, with known events, noise by half-years and no origin effects; it is used for expected
flows only. Both take the same parameter vector. The forecast program is joined by *bands*, the organisations, whose
locals are counted apart from the ledger of foreigners.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from types import MappingProxyType

from afterfall.case import Case
from afterfall.case.dates import MOST_MONTHS
from afterfall.defaults import DEFAULT_HORIZON
from afterfall.engine.bands import Bands
from afterfall.engine.index import Index, index, under_other_ramps
from afterfall.engine.program import Program
from afterfall.model.compile.assemble import assemble
from afterfall.model.compile.lowering import lower
from afterfall.model.compile.organisation_lowering import lower_bands
from afterfall.model.compile.past_noise import PastNoise, past_noises, with_past_noise
from afterfall.model.compile.quantities import quantities
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.organisation_vocabulary import Band, Event, OrganisationSet, join
from afterfall.model.language.parameters import Known, held, resolve
from afterfall.model.language.path_vocabulary import Path, SeriesPath
from afterfall.model.language.structure import Structure
from afterfall.model.language.vocabulary import EVERY_ROLE, Cohort, DatedEvent, Quantity, State, Transition
from afterfall.model.levers.applying import informed, under
from afterfall.model.levers.policy import AS_NOW, Policy
from afterfall.model.mechanisms import ALL, ORGANISED
from afterfall.model.observation.nowcast import Nowcaster, observation
from afterfall.shown import Shown

MODEL_VERSION = "0.1"


@dataclass(frozen=True)
class Model(Shown):
    """A case with its mechanisms, ready to draw from and to run.

    `program` runs forward from the as-of date; `history` leads up to it. Axis orders are cohorts (C), states (S),
    quantities (Q), parameters (P: the named ones first, then one standard normal per origin effect and origin, then
    the region effects, the past noise, and the effects of organisations and periods), origins (O), holdings (K) and
    capacities (A). `policy` lists the levers that are set and the parameters that are fixed; it is empty for none.
    `plain` is the model without a policy from which one was made (`under_policy`); what no policy changes is asked of
    it. `levers_set` and `held_at` are the policy and the fixed parameters themselves, from which it can be made again.
    """

    case: Case
    view: CaseView = field(repr=False)
    structure: Structure = field(repr=False)
    program: Program = field(repr=False)
    history: Program = field(repr=False)
    organisation_set: OrganisationSet = field(repr=False)
    bands: Bands = field(repr=False)
    cohorts: tuple[Cohort, ...] = field(repr=False)
    history_cohorts: tuple[Cohort, ...] = field(repr=False)
    quantities: tuple[Quantity, ...] = field(repr=False)
    parameters: tuple[Known, ...] = field(repr=False)
    parameter_names: tuple[str, ...] = field(repr=False)
    horizon: int
    policy: tuple[str, ...] = ()
    plain: Model | None = field(default=None, repr=False, compare=False)
    levers_set: Policy = field(default=AS_NOW, repr=False)
    held_at: tuple[tuple[str, float], ...] = field(default=(), repr=False)

    @property
    def states(self) -> tuple[State, ...]:
        """States in topological order."""
        return self.structure.states

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Transitions in the engine's order of edges."""
        return self.structure.transitions

    @property
    def origins(self) -> tuple[str, ...]:
        """Place codes of the origins, remainders last."""
        return self.view.origins

    @property
    def holdings(self) -> tuple[str, ...]:
        """Names of the dated events that are the loss of a spell of control of a holding: the first ones."""
        return tuple(t.name for t in self.structure.dated_events if t.kind == "stronghold")

    @property
    def custody_breaks(self) -> tuple[DatedEvent, ...]:
        """Dated events that are breaks and collapses of custody: those after the holdings."""
        return tuple(t for t in self.structure.dated_events if t.kind == "custody")

    @property
    def joint(self) -> tuple[JointDraws, ...]:
        """Draws of parameters and effects that belong together."""
        return (*self.organisation_set.joint, *self.structure.joint)

    @property
    def capacities(self) -> tuple[str, ...]:
        """Names of the capacities."""
        return tuple(r.name for r in self.structure.capacities)

    @property
    def organisations(self) -> tuple[Band, ...]:
        """Organisations, including those that may yet be founded, in the engine's order of bands."""
        return self.organisation_set.bands

    @property
    def events(self) -> tuple[Event, ...]:
        """Dated events of the organisations."""
        return self.organisation_set.events

    @cached_property
    def nowcaster(self) -> Nowcaster:
        """The case's figures, ready for drawing the state at the as-of date."""
        return Nowcaster(self.view, self.states, self.quantities) if self.plain is None else self.plain.nowcaster

    @cached_property
    def lists(self) -> Index:
        """The index of the program; for a model made under a policy, from that of the model without one."""
        return index(self.program) if self.plain is None else under_other_ramps(self.plain.lists, self.program)

    @cached_property
    def model_hash(self) -> str:
        """Hash of the declared structure: states, transitions, their rates, quantities and priors (16 hex digits)."""
        parts = {**self.declared, "parameters": _json([repr(p) for p in self.parameters])}
        text = ", ".join(f"{json.dumps(name)}: {parts[name]}" for name in sorted(parts))
        return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()[:16]

    @cached_property
    def declared(self) -> dict[str, str]:
        """What is declared, as JSON by kind, without the parameters: no policy changes it."""
        if self.plain is not None:
            return self.plain.declared
        payload = {
            "version": MODEL_VERSION,
            "states": [asdict(s) for s in self.states],
            "transitions": [asdict(t) for t in self.transitions],
            "inflows": [asdict(i) for i in self.structure.inflows],
            "passings": [asdict(x) for x in self.structure.passings],
            "paths": [_path(path) for path in self.structure.paths],
            "dated_events": [_dated_event(t) for t in self.structure.dated_events],
            "feedbacks": [asdict(f) for f in self.structure.feedbacks],
            "features": sorted(self.structure.features),
            "organisations": repr(self.organisation_set),
            "quantities": [(q.name, q.definition, sorted(q.states)) for q in self.quantities],
            **({"joint": [repr(j) for j in self.structure.joint]} if self.structure.joint else {}),
        }
        return {name: _json(value) for name, value in payload.items()}


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=_as_json)


def _dated_event(event: DatedEvent) -> dict[str, object]:
    """A dated event for the hash: without ramps, which are a policy's, and what only breaks of custody have."""
    declared = asdict(event)
    later = {"kind", "after"} if event.kind == "stronghold" else set()
    return {k: v for k, v in declared.items() if k not in {"ramps", *later}}


def _path(path: Path) -> object:
    """A path for the hash: a given series by its numbers from two years before the as-of date to five after."""
    if isinstance(path, SeriesPath):
        return path.name, [path.values(month) for month in range(-24, 61)]
    return type(path).__name__, asdict(path)


def _as_json(value: object) -> object:
    """A set as a sorted list (its own order changes from process to process), anything else as text."""
    return sorted(value) if isinstance(value, frozenset) else str(value)


def build(
    case: Case,
    *,
    horizon: int = DEFAULT_HORIZON,
    record_months: Sequence[int] = (),
    policy: Policy = AS_NOW,
    fixed: Mapping[str, float] = MappingProxyType({}),
) -> Model:
    """Build the model of a cut case.

    Parameters
    ----------
    case
        A case as cut at its as-of date (what `open_case` returns).
    horizon
        Months to run beyond the as-of date.
    record_months
        Months (1 to `horizon`) at which quantities are recorded by origin, besides every third month.
    policy
        Levers that act after the as-of date; by default none. It changes nothing before that date.
    fixed
        Parameters that are fixed at a value on their natural scale, not drawn (for example rho at 0, 1/2 and 1).

    Raises
    ------
    ValueError
        If the horizon is not positive, a record month lies outside it, no origin has a count of travellers published
        by the as-of date, or a prior of the case does not fit the model.
    """
    view = _checked_view(case, horizon, record_months)
    organisation_set = join([mechanism(view) for mechanism in ORGANISED])
    declared = assemble([*(mechanism(view) for mechanism in ALL), observation(), organisation_set.part()])
    structure = under(policy, declared, view).active()
    known = resolve(case, structure.parameters, {p.name for p in declared.parameters})
    known = held(informed(policy, known, case), fixed)
    named = quantities(view, structure.states)
    cohorts = tuple(Cohort(o, r, view.region_of[o]) for o in view.origins for r in EVERY_ROLE)
    regional = tuple(Cohort(g, r, g) for g in view.regions for r in EVERY_ROLE)
    past, noises = view.history_months, past_noises(structure, view.history_months)
    names = (*_parameter_names(view, structure, known, noises), *organisation_set.effects)
    months = sorted({*range(0, horizon + 1, 3), horizon, *record_months})
    before = with_past_noise(structure, noises), named, regional, view.regions, names
    return Model(
        case=case,
        view=view,
        structure=structure,
        program=lower(view, structure, named, cohorts, view.origins, names, horizon=horizon, record=months),
        history=lower(view, *before, horizon=past, record=[past], past=True),
        organisation_set=organisation_set,
        bands=lower_bands(organisation_set, structure, cohorts, names),
        cohorts=cohorts,
        history_cohorts=regional,
        quantities=named,
        parameters=known,
        parameter_names=names,
        horizon=horizon,
        policy=policy_labels(policy, fixed),
        levers_set=policy,
        held_at=tuple(sorted(fixed.items())),
    )


def policy_labels(policy: Policy, fixed: Mapping[str, float]) -> tuple[str, ...]:
    """Labels of the levers that are set and the parameters that are fixed."""
    return (*policy.labels(), *(f"{name} held at {value:g}" for name, value in sorted(fixed.items())))


def _checked_view(case: Case, horizon: int, record_months: Sequence[int]) -> CaseView:
    """The view of a case, with the horizon and the months to record checked."""
    if not 1 <= horizon <= MOST_MONTHS:
        raise ValueError(f"horizon must be at least 1 month and at most {MOST_MONTHS}, found {horizon:,}")
    outside = [m for m in record_months if not 0 <= m <= horizon]
    if outside:
        raise ValueError(f"months to record must lie in 0..{horizon}, found {outside}")
    view = CaseView(case)
    if not view.named:
        raise ValueError(
            f"nothing to forecast: no origin of case {case.id!r} has a count of travellers published by {case.as_of}"
        )
    return view


def _parameter_names(
    view: CaseView, structure: Structure, known: Sequence[Known], noises: Sequence[PastNoise]
) -> tuple[str, ...]:
    """Names of all parameters: the named ones, origin effects, region effects, past noise."""
    return (
        *(k.name for k in known),
        *structure.effect_names(view.origins),
        *structure.region_effects(view.regions),
        *(name for noise in noises for name in noise.names),
    )
