"""What changed as lines and tables: judgements old and new, the causes of each change, and the rows behind them."""

from __future__ import annotations

from afterfall.report.changes.attribution import ChangeStep
from afterfall.report.changes.between_runs import CAUSES, Changes, HeadlineChange
from afterfall.report.changes.case_differences import RowChange
from afterfall.report.changes.change_words import (
    POINT,
    causes_sentence,
    change_sentence,
    moved_most,
    points,
    range_words,
    row_words,
    since_words,
    source_words,
)
from afterfall.report.kit.number_formats import share, signed
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns

#: Rows shown of each group; the others are in the JSON object.
ROWS, WIDE = 10, 44
#: Short names of the causes, for headings.
SHORT = {
    "version": "version",
    "given": "old conditions",
    "seed": "random numbers",
    "time": "time",
    "events": "events",
    "own_figures": "own figures",
    "figures": "other figures",
    "rest": "the rest",
    "fit": "the fit",
    "given_now": "new conditions",
}


def changes_headline(found: Changes) -> tuple[str, ...]:
    """The first lines: what is compared, what differs, and what moved most."""
    lines = [f"What changed, {found.place}, {since_words(found)}. {causes_sentence(found)}"]
    first = moved_most(found)[:1]
    if first and abs(first[0].moved) >= POINT:
        lines.append(f"Moved most: {change_sentence(first[0], found)}")
    elif first:
        lines.append("No judgement moved by a point or more.")
    if found.problem:
        lines.append(f"The changes are not divided among their causes: {found.problem}.")
    return tuple(lines)


def changes_grids(found: Changes) -> list[TextTable]:
    """The tables: judgements, steps of the chance, steps of the number, rows."""
    grids = [_judged(found), *_steps(found), *_rows(found)]
    return [grid for grid in grids if any(grid.sections)]


def changes_notes(found: Changes) -> list[str]:
    """How to read the tables."""
    notes = [
        "Thresholds and dates are those of the new forecast; the old one is asked the same, at its recorded months "
        "nearest to those dates. A counter counts between the same two days in both."
    ]
    if found.simulations and found.causes:
        notes.append(
            f"Steps rest on {found.simulations:,} simulations with common random numbers, and show ± their Monte Carlo "
            "standard error. Causes are exchanged one at a time, in two orders (events, figures, the rest, the fit, "
            "and the reverse, after time), and averaged; they add up to new minus old. Events are places lost and "
            "taken, operations, custody and organisations. “More simulations” is what "
            "the difference over all simulations adds to that over those of the steps."
        )
    if found.uses:
        notes.append(
            "Read by: weights by which the start and the fit read a figure, between 0 and 1, or why neither does."
        )
    if found.unanswered:
        notes.append(f"The old forecast cannot answer: {'; '.join(found.unanswered)}.")
    return notes


def _judged(found: Changes) -> TextTable:
    columns = (
        TableColumn("judgement", wrap=WIDE),
        *number_columns("old", "new", "points"),
        TableColumn("its number", wrap=WIDE),
        *number_columns("old: median (90%)", "new: median (90%)"),
    )
    rows = tuple(
        (
            one.headline.event,
            share(one.old.chance),
            share(one.new.chance),
            points(one.moved),
            one.headline.label,
            range_words(one.old.number),
            range_words(one.new.number),
        )
        for one in found.judged
    )
    return TextTable(columns, (rows,))


def _steps(found: Changes) -> list[TextTable]:
    if not found.simulations or not found.causes:
        return []
    causes = list(found.causes)
    heads = number_columns("new - old", *(SHORT.get(cause, cause.rpartition("/")[2]) for cause in causes))
    columns = (TableColumn("headline number", wrap=WIDE), *heads, *number_columns("more simulations"))
    chances = tuple(_chance_row(one, causes) for one in found.judged)
    numbers = tuple(_number_row(one, causes) for one in found.judged)
    return [
        TextTable(columns, (chances,), "Why: steps of the chance, in points"),
        TextTable(columns, (numbers,), "Why: steps of the median"),
    ]


def _chance_row(one: HeadlineChange, causes: list[str]) -> tuple[str, ...]:
    by = {step.cause: step for step in one.chance_steps}
    cells = (f"{points(by[c].value)} ± {100 * by[c].error:.0f}" for c in causes)
    return one.headline.label, points(one.moved), *cells, points(one.chance_rest)


def _number_row(one: HeadlineChange, causes: list[str]) -> tuple[str, ...]:
    by = {step.cause: step for step in one.number_steps}
    whole = one.new.number.median - one.old.number.median
    return one.headline.label, signed(whole), *(_with_error(by[c]) for c in causes), signed(one.number_rest)


def _with_error(step: ChangeStep) -> str:
    return f"{signed(step.value)} ± {signed(step.error).removeprefix('+')}"


def _rows(found: Changes) -> list[TextTable]:
    """The newest rows of each group."""
    columns = (
        *word_columns("what"),
        TableColumn("row", wrap=WIDE),
        *word_columns("published"),
        TableColumn("source", wrap=WIDE),
        TableColumn("read by", wrap=WIDE),
    )
    grids = []
    for group, changed in found.rows.items():
        newest = sorted(changed, key=lambda one: one.published, reverse=True)
        rows = tuple(_row(one, found) for one in newest[:ROWS])
        more = f", the newest {ROWS} of {len(newest):,}" if len(newest) > ROWS else ""
        grids.append(TextTable(columns, (rows,), f"Rows: {CAUSES.get(group, group.rpartition('/')[2])}{more}"))
    return grids


def _row(one: RowChange, found: Changes) -> tuple[str, ...]:
    return one.what, row_words(one), one.published, source_words(one), _use(one, found)


def _use(one: RowChange, found: Changes) -> str:
    """What the model does with a figure; nothing for other rows."""
    return found.uses.get(one.name, "") if one.table == "figures" else ""
