"""A case seen from one date: whose forecasts there are, how good the data are, and what can be set."""

from __future__ import annotations

from afterfall.case import Case
from afterfall.case.place_spellings import spellings
from afterfall.model import Model
from afterfall.model.levers import open_levers
from afterfall.model.mechanisms.merging import merger_with
from afterfall.report.comparison.lever_json import levers_json
from afterfall.report.kit.number_formats import day
from afterfall.run.months import add_months
from afterfall.web.data_quality import flag_of, inhabitants
from afterfall.web.entries import sent
from afterfall.web.schemas import AssumptionEntry, ConditionForm, OriginEntry, QuantityEntry, VintageAnswer
from afterfall.web.view_state import ViewQuery

REMAINDER = "rest-"
#: Parameters that may be set to one value, where a model has them: what happens to exits, custody and returns.
SETTABLE = (
    "leaving.retained",
    "leaving.rate",
    "killing.rate",
    "capture.rate",
    "held.released",
    "held.escape",
    "home.prosecuted",
    "reporting.returned",
    "dispatch.rate",
    "relocating.rate",
)
MOST_ASSUMPTIONS = 14
#: Months ahead of the date in examples of conditions.
LATER = 24


def vintage_answer(model: Model, view: ViewQuery) -> VintageAnswer:
    """What can be asked of a case as of its date, with the levers of the focus country.

    Raises
    ------
    ValueError
        If there is no such country.
    """
    case = model.case
    country = None if view.world else model.view.origin(view.focus)
    return VintageAnswer(
        case=view.case,
        as_of=case.as_of.isoformat(),
        title=case.title,
        prepared=False,
        kept_up_to=None if case.kept_up_to is None else case.kept_up_to.isoformat(),
        origins=[_origin(model, code) for code in model.origins],
        world_text=f"{case.title}, as of {day(case.as_of)}",
        levers=levers_json(open_levers(()), case, country),
        assumptions=_assumptions(model),
        conditions=_conditions(model),
        quantities=[
            QuantityEntry(code=q.name, label=q.label, unit=q.unit, definition=q.definition, group=q.group)
            for q in model.quantities
        ],
        hindsight=[f"{one.structure} (known from {one.known_from.text})" for one in case.known_later],
        warnings=len(case.warnings),
    )


def _origin(model: Model, code: str) -> OriginEntry:
    quality = flag_of(model, code)
    remainder = code.startswith(REMAINDER)
    return OriginEntry(
        code=code,
        name=model.view.name(code),
        spellings=[] if remainder else list(spellings(code)),
        kind="remainder" if remainder else "country",
        flag=quality.flag,
        flag_text=quality.words,
        figures=quality.figures,
        population=inhabitants(model.case.as_of).get(code),
    )


def _assumptions(model: Model) -> list[AssumptionEntry]:
    """Parameters without a region or a country of their own that may be held at one value, sourced ones first."""
    known = {one.name: one for one in model.parameters}
    chosen = [known[name] for name in SETTABLE if name in known]
    rest = [one for one in model.parameters if one not in chosen and one.low < one.high and "[" not in one.name]
    rest.sort(key=lambda one: (one.uninformed, one.name))
    return [
        AssumptionEntry(
            name=one.name,
            label=one.label,
            unit=one.unit,
            low90=sent(one.low),
            high90=sent(one.high),
            median=sent(one.median),
            source=_source(model.case, one.source, one.note),
            informed="a prior with a source" if not one.uninformed else "a wide default",
        )
        for one in [*chosen, *rest][:MOST_ASSUMPTIONS]
    ]


def _source(case: Case, source: str | None, note: str) -> str:
    return case.source(source).title if source else note or "no source: a wide default"


def _conditions(model: Model) -> list[ConditionForm]:
    """Conditions that this case takes, each with examples that can be used as they stand."""
    case, view = model.case, model.view
    later = add_months(case.as_of, LATER).isoformat()[:7]
    standing = [s for s in view.spells if s.lost is None]
    titles = {h.holding: h.name for h in case.holdings}
    towns = dict.fromkeys(titles.get(s.holding, s.name) for s in standing if s.name not in view.remainder_spells)
    forms = []
    if standing:
        forms.append(ConditionForm(kind="all-fall", label="All that is held falls", examples=[f"all fall by {later}"]))
    if towns:
        examples = [f"{name} falls by {later}" for name in towns]
        forms.append(ConditionForm(kind="fall", label="One place falls", examples=examples))
    events = {event.name for event in model.events}
    rivals = [rival for rival in view.rivals if merger_with(rival) in events]
    if rivals:
        examples = [f"merger {rival}" for rival in rivals]
        forms.append(ConditionForm(kind="merger", label="The core and a rival merge", examples=examples))
    return forms
