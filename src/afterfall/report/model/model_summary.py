"""A model in one screen: how much of it there is, mechanism by mechanism, and what its priors rest on."""

from __future__ import annotations

from collections import Counter

from afterfall.model import Model
from afterfall.report.kit.mechanism_words import about
from afterfall.report.kit.number_formats import share
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns

#: Width at which plain text breaks what a mechanism decides.
WHAT = 60


def model_summary_grids(model: Model) -> tuple[TextTable, ...]:
    """What there is and what it rests on, then the mechanisms that move people."""
    return (_counted(model), _mechanisms(model))


def _counted(model: Model) -> TextTable:
    known = model.parameters
    sourced = sum(one.source is not None for one in known)
    derived = sum(one.source is None and not one.uninformed for one in known)
    rows = (
        ("origins", f"{len(model.origins):,}", "countries, and remainders of regions"),
        ("states", f"{len(model.states):,}", "where a person can be"),
        ("transitions", f"{len(model.transitions):,}", "moves between them"),
        ("quantities", f"{len(model.quantities):,}", "numbers that a run records"),
        ("parameters", f"{len(known):,}", "each with a prior"),
        ("- with a source", f"{sourced:,}", f"{share(sourced / len(known))}: a published number bears on it"),
        (
            "- derived",
            f"{derived:,}",
            f"{share(derived / len(known))}: from the reference class or the record of the case",
        ),
        ("- uninformed", f"{len(known) - sourced - derived:,}", "a wide range, since nothing published bears on it"),
    )
    columns = (*word_columns("what"), *number_columns("number"), TableColumn("which is", wrap=WHAT))
    return TextTable(columns, (rows,), "In short")


def _mechanisms(model: Model) -> TextTable:
    moves = Counter(one.mechanism for one in model.transitions)
    rows = tuple((name, f"{number:,}", about(name)) for name, number in moves.items())
    columns = (*word_columns("mechanism"), *number_columns("moves"), TableColumn("what it decides", wrap=WHAT))
    return TextTable(columns, (rows,), "Mechanisms that move people")
