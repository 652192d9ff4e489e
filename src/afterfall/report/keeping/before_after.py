"""A forecast before and after figures were added: where people are, for the world and for each origin with a figure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from afterfall.case import bundled_cases
from afterfall.model.observation.figure_rules import MODEL_QUANTITY
from afterfall.posterior.edited_case import Reweighting
from afterfall.report.keeping.added_tables import figure_words
from afterfall.report.kit.number_formats import day, median_range, two_figures
from afterfall.report.kit.spread import Range
from afterfall.report.kit.stamp import basis_of, basis_of_run
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.run.figure_update import FigureUpdate
from afterfall.run.result import PARTITION, Run

#: A shift within this many of its Monte Carlo errors is not distinguished from zero: a table has dozens.
CERTAIN = 3.0


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One quantity before and after, at the as-of date (`now`) and at the month asked for (`then`), in people.

    `shift` is that of the mean at the month, and `error` its Monte Carlo error: simulations are paired.
    """

    quantity: str
    label: str
    now: tuple[Range, Range]
    then: tuple[Range, Range]
    shift: float
    error: float

    @property
    def clear(self) -> bool:
        """Whether the shift differs from zero."""
        return abs(self.shift) > CERTAIN * self.error


@dataclass(frozen=True, slots=True)
class UpdateTable:
    """The quantities of one place: of an origin, or of the world (None)."""

    country: str | None
    rows: tuple[UpdateRow, ...]


def update_rows(found: FigureUpdate, at: int) -> tuple[UpdateTable, ...]:
    """Before and after, for each origin with an added figure and for the world; nothing where a fit is needed."""
    if found.after is None or found.after.model is None:
        return ()
    origins = found.after.model.origins
    places = [row.figure.place for row in found.intake.added]
    countries = [place for place in dict.fromkeys(places) if place in origins]
    counted = {MODEL_QUANTITY.get(row.figure.quantity, "") for row in found.intake.added}
    both = (found.before, found.after)
    return tuple(_table(both, counted, country, at) for country in (*countries, None))


def _table(runs: tuple[Run, Run], counted: set[str], country: str | None, at: int) -> UpdateTable:
    """Pathways and fates of a place, and counters that added figures count."""
    table = runs[1].summary(at, country)
    shown = table[table["group"].isin(PARTITION) | table.index.isin(counted)]
    return UpdateTable(
        country, tuple(_row(runs, str(name), str(label), country, at) for name, label in shown["label"].items())
    )


def _row(runs: tuple[Run, Run], quantity: str, label: str, country: str | None, at: int) -> UpdateRow:
    values = []
    for run in runs:
        months, people = run.series(quantity, country)
        values.append([people[:, int(np.flatnonzero(months == month)[0])] for month in (0, at)])
    (now_before, then_before), (now_after, then_after) = values
    apart = then_after - then_before
    return UpdateRow(
        quantity,
        label,
        (Range.of_values(now_before), Range.of_values(now_after)),
        (Range.of_values(then_before), Range.of_values(then_after)),
        float(apart.mean()),
        float(apart.std(ddof=1) / np.sqrt(len(apart))) if len(apart) > 1 else 0.0,
    )


def update_answer(found: FigureUpdate, at: int) -> tuple[tuple[str, ...], tuple[TextTable, ...], tuple[str, ...]]:
    """Lines before, tables, and lines after."""
    intake, run = found.intake, found.before
    notes = [f"- {note}" for note in intake.notes]
    names = {place.place: place.name for place in intake.after.places}
    figures = [
        f"- {figure_words(row.figure, names.get(row.figure.place, row.figure.place))}"
        + ("" if row.status == "new" else f" [{row.status}]")
        + (" [not read: public only after the as-of date]" if row.late else "")
        for row in intake.rows
    ]
    before = [
        f"{run.title}, as of {day(run.as_of)}: the forecast without and with {intake.file}",
        *figures,
        *(["", "Read in another form, or filled in:", *notes] if notes else []),
        "",
        way_words(found),
    ]
    grids = tuple(_grid(table, names, found.before, at) for table in update_rows(found, at))
    return tuple(before), grids, _after(found)


def way_words(found: FigureUpdate) -> str:
    """What became of the draws and of the starts, in two sentences."""
    starts = "The starting states were drawn again for all simulations."
    if found.way == "kept":
        return f"The fit reads none of these figures: its draws are those of before. {starts}"
    if found.way == "priors":
        return f"{basis_of_run(found.before)} {starts}"
    reliable = "" if found.reweighting is None else f" ({_reliability(found.reweighting)})"
    if found.way == "reweighted":
        return f"The draws of the fit were reweighted for these figures{reliable}. {starts}"
    if found.way == "refitted":
        return f"The case was fitted again with these figures{reliable}, since {found.reason}. {starts}"
    return f"A refit is needed: {found.reason}. Nothing was forecast with these figures."


def _reliability(found: Reweighting) -> str:
    return (
        f"effective number {found.effective:,.0f} of {found.draws:,}, Pareto k {found.khat:.2f}, reliable up to "
        f"{found.largest_k:.2f}"
    )


def _grid(table: UpdateTable, names: Mapping[str, str], run: Run, at: int) -> TextTable:
    place = "the world" if table.country is None else names.get(table.country, table.country)
    columns = (
        *word_columns(place),
        *number_columns("now: before", "now: after", "then: before", "then: after", "shift"),
    )
    rows = tuple(
        (
            row.label,
            *(median_range(one.median, one.low90, one.high90) for one in (*row.now, *row.then)),
            f"{'+' if row.shift > 0 else ''}{two_figures(row.shift)} ± {two_figures(row.error)}" if row.clear else "–",
        )
        for row in table.rows
    )
    title = (
        f"{place}: medians with 90% intervals, people; now: {day(run.as_of)}, then: {day(run.date(at))}. Shift of the "
        "mean: – where it is within three Monte Carlo errors"
    )
    return TextTable(columns, (rows,), title)


def _after(found: FigureUpdate) -> tuple[str, ...]:
    """What to do next."""
    if found.after is None:
        return ("Give --refit to fit the case again with these figures (minutes).",)
    lines = [basis_of(found.after.request.draws)] if found.way in ("reweighted", "refitted") else []
    case = "CASE" if found.before.model is None else found.before.model.case.reference
    copied = ""
    if case in bundled_cases():
        case, copied = f"./my-{case}", f"afterfall new {case} my-{case} && "
    file = shlex.quote(found.intake.file)
    add = f"{copied}afterfall add {shlex.quote(case)} {file}"
    return (*lines, f"The figures are not in the case. To add them: {add}")
