"""Tables of a model: states, transitions by mechanism, organisations, quantities, priors, and records read."""

from __future__ import annotations

from collections.abc import Iterable

from afterfall.model import Model, Transition, known_later
from afterfall.model.observation.data_usage import data_usage
from afterfall.report.kit.number_formats import two_figures
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns
from afterfall.report.kit.theme import look
from afterfall.report.model.organisation_declarations import organisation_declaration_grids

#: What is printed where a kind of record has no use, and the width at which plain text breaks a use.
NOT_READ, USE = "–", 30


def model_grids(model: Model) -> tuple[TextTable, ...]:
    """States, transitions by mechanism, organisations, quantities and priors of a model."""
    organisations = organisation_declaration_grids(model)
    return (_states(model), *_transitions(model), *organisations, _quantities(model), _priors(model), reads_grid(model))


def reads_grid(model: Model) -> TextTable:
    """Which records of the case a forecast and a fit read, and which score a forecast when they are published later."""
    rows = tuple(
        (r.record, r.kind, str(r.number), r.forecast or NOT_READ, r.fit or NOT_READ, r.scored or NOT_READ)
        for r in data_usage(model.case)
    )
    columns = (
        *word_columns("record", "kind"),
        *number_columns("public"),
        TableColumn("a forecast reads them for", wrap=USE),
        TableColumn("a fit reads them for", wrap=USE),
        TableColumn("later ones score", wrap=USE),
    )
    return TextTable(columns, (rows,), "records of the case: what is read, by what, and what is scored")


def _states(model: Model) -> TextTable:
    marks = look().pathways
    rows = tuple((s.name, s.fate, marks[s.fate].letter if s.fate in marks else "", s.label) for s in model.states)
    return TextTable(
        word_columns("state", "counted in", "", "meaning"), (rows,), f"{len(rows)} states, in the order people move"
    )


def _transitions(model: Model) -> Iterable[TextTable]:
    by_mechanism: dict[str, list[Transition]] = {}
    for move in model.transitions:
        by_mechanism.setdefault(move.mechanism, []).append(move)
    columns = word_columns("from", "to", "what happens", "rate", "who", "counted as")
    for mechanism, moves in by_mechanism.items():
        rows = tuple((m.source, m.dest, m.label, m.rate.name, _who(m), ", ".join(m.counts)) for m in moves)
        yield TextTable(columns, (rows,), f"{mechanism}: {len(rows)} transitions")


def _who(move: Transition) -> str:
    return "everyone" if move.roles is None else ", ".join(sorted(move.roles))


def _quantities(model: Model) -> TextTable:
    late = {q.name for q in model.quantities if q.hindsight and known_later(q.name, model.case.as_of)}
    rows = tuple((q.name + (" *" if q.name in late else ""), q.kind, q.unit, q.definition) for q in model.quantities)
    return TextTable(
        word_columns("quantity", "kind", "unit", "definition"),
        (rows,),
        f"{len(rows)} quantities" + (" (* rests on hindsight)" if late else ""),
    )


def _priors(model: Model) -> TextTable:
    columns = (
        *word_columns("parameter"),
        *number_columns("5%", "95%"),
        *word_columns("unit", "grade", "source", "meaning"),
    )
    rows = []
    for p in model.parameters:
        source = model.case.source(p.source).title if p.source else "uninformed" if p.uninformed else p.note
        rows.append((p.name, two_figures(p.low), two_figures(p.high), p.unit, p.grade, source, p.label))
    uninformed = sum(p.uninformed for p in model.parameters)
    title = f"{len(rows)} parameters, {uninformed} of them uninformed (a wide prior with no source)"
    return TextTable(columns, (tuple(rows),), title)
