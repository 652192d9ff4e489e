"""Where each number comes from: registers of parameters, figures and sources, the hindsight ledger, and the limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from afterfall.case import WORLD, Case, Figure
from afterfall.model import Model
from afterfall.model.language.parameters import Known
from afterfall.model.language.vocabulary import RateTerm, Transition
from afterfall.report.explain.parameter_basis import basis
from afterfall.report.explain.why import rests_note
from afterfall.report.kit.stamp import GROUPS_ONLY
from afterfall.run import Run
from afterfall.web.entries import in_words, published_text, sent, stamp_entry
from afterfall.web.schemas import EvidenceAnswer, FigureRow, ParameterRow, SourceRow
from afterfall.web.view_state import ViewQuery, code_of

LIMITS = (
    GROUPS_ONLY + " Nothing here is a basis for judging a person.",
    "Ranges contain 90% of simulations. They express the uncertainty of the model, not whether it is right.",
    "Most parameters have wide priors without a published source; the register says which.",
    "Published counts under 5 are shown as <5. Minors are never counted as fighters, sent or at risk.",
    "Policy stays as it was on the as-of date unless a lever is set.",
    "Borders are those of the present (Natural Earth), also for past dates; no judgement on status.",
)


def evidence_answer(run: Run, model: Model, view: ViewQuery) -> EvidenceAnswer:
    """The registers of a case as of its date: figures of the focus, and the sources that they or parameters cite."""
    case, rests = model.case, basis(run, model)
    figures = [f for f in case.figures if f.place == (WORLD if view.world else model.view.origin(view.focus))]
    cited = {f.source for f in figures} | {p.source for p in model.parameters if p.source}
    cited |= {row.source for row in case.holding_events} | {row.source for row in case.custody_events}
    cited |= {row.source for row in case.indicators} | {row.source for row in case.organisations}
    return EvidenceAnswer(
        stamp=stamp_entry(run, view),
        code=code_of("model", ViewQuery(case=view.case, as_of=view.as_of), case.reference, 0),
        parameters=[_parameter(one, case, rests.words, model) for one in model.parameters],
        figures=_figures(case, figures),
        sources=_sources(case, cited),
        hindsight=[f"{one.structure} (known from {one.known_from.text}): {one.why}" for one in case.known_later],
        limits=list(LIMITS),
        basis=rests_note(rests),
    )


def _parameter(one: Known, case: Case, words: Mapping[str, str], model: Model) -> ParameterRow:
    source = "no source: a wide default" if one.uninformed else one.note or "the case's own figures"
    if one.source is not None:
        source = case.source(one.source).title
    return ParameterRow(
        name=one.name,
        label=one.label,
        unit=one.unit,
        low90=sent(one.low),
        high90=sent(one.high),
        status=words.get(one.name, "prior only"),
        source=source,
        grade=one.grade,
        feeds=_feeds(one.name, model),
    )


def _feeds(parameter: str, model: Model) -> list[str]:
    """Mechanisms whose moves a parameter acts on."""
    moves = model.transitions
    return sorted({t.mechanism for t in moves if parameter in {getattr(term, "parameter", None) for term in _terms(t)}})


def _terms(move: Transition) -> tuple[RateTerm, ...]:
    return move.rate.terms + (move.choice.rate.terms if move.choice else ())


def _figures(case: Case, rows: Sequence[Figure]) -> list[FigureRow]:
    names = {p.place: p.name for p in case.places}
    return [
        FigureRow(
            place=f.place,
            name=names.get(f.place, f.place),
            quantity=f.quantity,
            role=f.role,
            published_value=published_text(f),
            refers_to=in_words(f.refers_to),
            published=in_words(f.published),
            source=f.source,
            grade=f.grade,
            note=f.note,
        )
        for f in sorted(rows, key=lambda f: (f.place, f.quantity, f.refers_to.last_day))
    ]


def _sources(case: Case, cited: Collection[str]) -> list[SourceRow]:
    """The sources that are cited, each with the best grade of the rows that cite it."""
    grades: dict[str, str] = {}
    graded = [(row.source, row.grade) for row in case.figures] + [(row.source, row.grade) for row in case.priors]
    graded += [(row.source, row.grade) for row in case.holding_events]
    graded += [(row.source, row.grade) for row in case.custody_events]
    for source, grade in graded:
        grades[source] = min(grades.get(source, grade), grade)
    return [
        SourceRow(
            id=one.source,
            title=one.title,
            publisher=one.publisher,
            published=in_words(one.published),
            url=one.url,
            licence=one.licence,
            grade=grades.get(one.source, ""),
        )
        for one in case.sources
        if one.source in cited
    ]
