"""Sentences on what changed: one a headline, with the causes that moved it most, and rows in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.case.records import Campaign, CustodyChange, Figure, HoldingEvent, Organisation, PolicyRecord
from afterfall.report.changes.attribution import ChangeStep
from afterfall.report.changes.between_runs import CAUSES, Changes, HeadlineChange
from afterfall.report.changes.case_differences import RowChange
from afterfall.report.kit.number_formats import day, median_range, published_count, two_figures
from afterfall.report.kit.spread import Range
from afterfall.run.request import PRIOR

#: A step is named where it is more than this many of its standard errors, and a chance where it moves a point or more.
ERRORS, POINT = 2.0, 0.01
#: Causes named in a sentence.
NAMED = 2


def range_words(one: Range) -> str:
    """A median with its 90 % range."""
    return median_range(one.median, one.low90, one.high90)


def points(value: float) -> str:
    """A difference of chances in points of a hundred, with its sign.

    >>> points(0.072), points(-0.004)
    ('+7', '0')
    """
    rounded = round(100 * value)
    return f"{rounded:+d}" if rounded else "0"


def clear_steps(steps: Sequence[ChangeStep], least: float) -> tuple[ChangeStep, ...]:
    """Steps that are larger than their error lets noise be, and at least so large, the largest first."""
    clear = [step for step in steps if abs(step.value) >= least and abs(step.value) > ERRORS * step.error]
    return tuple(sorted(clear, key=lambda step: -abs(step.value)))


def change_sentence(one: HeadlineChange, found: Changes) -> str:
    """From what to what, and which causes did it."""
    number = f"{range_words(one.old.number)}, now {range_words(one.new.number)}"
    chances = f"{100 * one.old.chance:.0f} in 100, now {100 * one.new.chance:.0f} in 100"
    return f"{_capital(one.headline.event)}: {chances} ({one.headline.label}: {number}).{_why(one, found)}"


def _why(one: HeadlineChange, found: Changes) -> str:
    if not one.chance_steps:
        return ""
    clear = clear_steps(one.chance_steps, POINT)[:NAMED]
    if not clear:
        return " No single cause moved it by more than noise."
    named = (f"{cause_words(s.cause, found)} ({points(s.value)} ± {100 * s.error:.0f} points)" for s in clear)
    return f" By {'; '.join(named)}."


def moved_most(found: Changes) -> tuple[HeadlineChange, ...]:
    """Headlines by how far the chance moved."""
    return tuple(sorted(found.judged, key=lambda one: -abs(one.moved)))


def causes_sentence(found: Changes) -> str:
    """Which causes differ, in one sentence."""
    if not found.causes:
        return "Nothing differs: both forecasts rest on the same rows, draws, random numbers and version."
    if found.causes == ("version",):
        return "The two forecasts differ only by the version of the program: no row, no draw and no date is another."
    named = (cause_words(cause, found) + _number_of_rows(cause, found) for cause in found.causes)
    return f"What differs: {'; '.join(named)}."


def _number_of_rows(cause: str, found: Changes) -> str:
    """How many rows a group has, in brackets; nothing for what is no group."""
    rows = found.rows.get(cause, ())
    if not rows or cause not in CAUSES:
        return ""
    return f" ({len(rows):,} {'row' if len(rows) == 1 else 'rows'})"


def cause_words(cause: str, found: Changes) -> str:
    """A cause in words; of a single figure, the figure; of the fit, whether there is none on one side."""
    if cause == "fit" and PRIOR in (found.old.request.draws, found.new.request.draws):
        now = "priors, no longer from a fit" if found.new.request.draws == PRIOR else "a fit, no longer from priors"
        return f"parameters drawn from {now}"
    return CAUSES[cause] if cause in CAUSES else f"the figure “{row_words(found.rows[cause][0])}”"


def row_words(one: RowChange) -> str:
    """A row in a few words: what it says, when it was published."""
    row = one.row
    if isinstance(row, Figure):
        bound = {"at_least": "at least ", "at_most": "at most "}.get(row.bound, "")
        said = f"{row.quantity.replace('_', ' ')}, {row.place}{f' ({row.role})' if row.role else ''}: "
        return f"{said}{bound}{published_count(row.value)}, for {row.refers_to}"
    if isinstance(row, HoldingEvent):
        return f"{row.holding} {row.event} on {row.date}"
    if isinstance(row, CustodyChange):
        people = "" if row.value is None else f", {two_figures(row.value)} people"
        return f"{row.kind} from {row.from_custodian} to {row.to_custodian or 'nobody'} on {row.date}{people}"
    if isinstance(row, Campaign):
        return f"operation against {row.holding} by {row.by} from {row.start}"
    if isinstance(row, Organisation | PolicyRecord):
        return f"{row.name}"
    return one.name


def source_words(one: RowChange) -> str:
    """The source of a row, with its grade; empty where its table has none."""
    source, grade = getattr(one.row, "source", ""), getattr(one.row, "grade", "")
    return f"{source} ({grade})" if source and grade else str(source)


def since_words(found: Changes) -> str:
    """The two forecasts, by their days or, on the same day, by their runs."""
    old, new = found.old, found.new
    if old.as_of != new.as_of:
        return f"from {day(old.as_of)} to {day(new.as_of)}"
    return f"between two forecasts as of {day(new.as_of)} (runs {old.request.hash} and {new.request.hash})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
