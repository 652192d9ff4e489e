"""Figures on their way into a case, as lines and tables."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence

from afterfall.case import Figure
from afterfall.case.intake.figure_intake import Status
from afterfall.report.explain.figure_tables import quantity_words
from afterfall.report.keeping.added_figures import AddedFigure, AddedFigures
from afterfall.report.kit.number_formats import day, published_count
from afterfall.report.kit.text_table import TableColumn, TextTable

#: What rows are, in the order of the headline.
STATUSES: tuple[Status, ...] = ("new", "contradictory", "repeated")
BOUNDS = {"at_least": "at least ", "at_most": "at most "}
#: Widths at which plain text breaks cells.
WHAT, DONE, NAME = 34, 36, 28
Answer = tuple[tuple[str, ...], tuple[TextTable, ...], tuple[str, ...]]


def added_answer(found: AddedFigures, *, asking: bool = False) -> Answer:
    """Lines before, tables, and lines after; without the outcome where it is still to be asked for."""
    intake = found.intake
    head = f"{intake.file}: {_counted(found)}, for {found.folder} as of {day(intake.before.as_of)}"
    notes = [f"- {note}" for note in intake.notes]
    before = [head, *(["", "Read in another form, or filled in:", *notes] if notes else [])]
    tables = [_figures_table(found), *_changed_table(found)]
    return tuple(before), tuple(tables), (*_remarks(found.figures), *(() if asking else outcome(found)))


def _counted(found: AddedFigures) -> str:
    """How many rows are what."""
    rows = found.intake.rows
    number = Counter(row.status for row in rows)
    parts = [f"{number[status]} {status}" for status in STATUSES if number[status]]
    late = sum(row.late and row.status != "repeated" for row in rows)
    noun = "figure" if len(rows) == 1 else "figures"
    after = f" ({late} public only after the as-of date)" if late else ""
    return f"{len(rows)} {noun}, {', '.join(parts)}{after}"


def figure_words(figure: Figure, place: str) -> str:
    """A figure in one phrase: the place, what was counted, the number, and the day."""
    role = f", role {figure.role}" if figure.role else ""
    definition = f" ({figure.definition})" if figure.definition else ""
    return (
        f"{place}, {quantity_words(figure.quantity)}{role}{definition}: {number_words(figure)} as of {figure.refers_to}"
    )


def number_words(figure: Figure) -> str:
    """The number of a figure, or its range."""
    bound = BOUNDS.get(figure.bound, "")
    if figure.low < figure.high:
        return f"{bound}{published_count(figure.low)} to {published_count(figure.high)}"
    return f"{bound}{published_count(figure.value)}"


def _figures_table(found: AddedFigures) -> TextTable:
    columns = (
        TableColumn("row", "right"),
        TableColumn("figure", wrap=WHAT),
        TableColumn("is"),
        TableColumn("what will be done with it", wrap=DONE),
        TableColumn("grade"),
    )
    rows = tuple(
        (
            str(one.row.row),
            figure_words(one.row.figure, _place_name(found, one.row.figure.place)),
            one.row.status,
            one.use,
            one.row.figure.grade,
        )
        for one in found.figures
    )
    return TextTable(columns, (rows,))


def _place_name(found: AddedFigures, place: str) -> str:
    return next((p.name for p in found.intake.after.places if p.place == place), place)


def _changed_table(found: AddedFigures) -> tuple[TextTable, ...]:
    """Figures of the case that give way to the new ones."""
    if not found.changed:
        return ()
    columns = (TableColumn("figure", wrap=NAME), TableColumn("now", wrap=DONE), TableColumn("then", wrap=DONE))
    rows = tuple((one.figure, one.before, one.after) for one in found.changed)
    return (TextTable(columns, (rows,), "figures of the case of which something else is done then"),)


def _remarks(figures: Sequence[AddedFigure]) -> tuple[str, ...]:
    return tuple(
        f"Row {one.row.row}: {remark}."
        for one in figures
        for remark in one.row.remarks
        if one.row.status != "repeated" or len(figures) == 1
    )


def outcome(found: AddedFigures) -> tuple[str, ...]:
    """What was done, and what to do next."""
    intake = found.intake
    number = len(intake.added)
    noun = "figure" if number == 1 else "figures"
    kept = intake.before.kept_up_to
    lines = []
    newest = max((row.figure.published.last_day for row in intake.added), default=None)
    if kept is not None and newest is not None and newest > kept:
        lines.append(
            f"The case is kept up to {kept}, and the newest figure was published on {newest}: to forecast from that "
            "day, add what else was published by then, and set kept_up_to in case.toml."
        )
    files = " and ".join(sorted(intake.files))
    if not number:
        return (*lines, "Nothing to add.")
    if not found.written:
        return (*lines, f"Nothing was written. To add {number} {noun} to {files}: the same command with --yes.")
    folder = shlex.quote(str(found.folder))
    return (*lines, f"Added {number} {noun} to {files} of {found.folder}. Next: afterfall forecast {folder}")
