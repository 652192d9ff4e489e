"""Tables of an outlook, as headings and cells of text; who prints them decides how they look.

Numbers have two significant figures throughout, and are made text here, so that a terminal, a page and a file agree.
"""

from __future__ import annotations

import math

from afterfall.report.forecast.breaks_in_run import custody_grids, custody_notes
from afterfall.report.forecast.breaks_outlook import breaks_grids, breaks_notes
from afterfall.report.forecast.custody_outlook import held_table
from afterfall.report.forecast.foundings_tables import foundings_grids, foundings_notes
from afterfall.report.forecast.next_counts import NOTE, next_counts_table
from afterfall.report.forecast.organisation_tables import (
    LEAST,
    event_grids,
    organisation_grids,
    organisation_notes,
)
from afterfall.report.forecast.outlook import SOON, Fall, Outlook, OutlookLine
from afterfall.report.kit.case_warnings import warnings_note
from afterfall.report.kit.number_formats import chance, day, interval, median_range, share, two_figures
from afterfall.report.kit.reading_notes import more_notes
from afterfall.report.kit.spread import Spread
from afterfall.report.kit.stamp import GROUPS_ONLY
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns
from afterfall.report.kit.theme import look

#: Below this median the chance of anyone at all says more than the median.
RARE = 5
MEANS_ADD = "Mean shares add up; medians need not. 90%: the interval that contains 90% of simulations."
BEYOND = "later"
#: Title of the table of strongholds.
FALLS = "simulations in 100 in which a stronghold falls, and the month of its fall"


def outlook_grids(outlook: Outlook, without: Outlook | None = None) -> tuple[TextTable, ...]:
    """Where people are and have been, when strongholds fall, organisations, places and what may happen to them.

    `without` is the same forecast without its conditions: people then have a column more.
    """
    custody = (held_table(outlook.custody),) if outlook.custody else ()
    breaks = _breaks(outlook)
    grids = (_stocks(outlook, without), _counters(outlook, without), *custody, *breaks)
    if outlook.country is not None:
        counts = (next_counts_table(outlook.counts, day(outlook.at_date)),) if outlook.counts else ()
        return (*grids, *counts)
    falls = (_falls(outlook),) if outlook.falls else ()
    return (*grids, *falls, *organisation_grids(outlook), *foundings_grids(outlook.foundings))


def _breaks(outlook: Outlook) -> tuple[TextTable, ...]:
    """Breaks of custody: those of the simulations, or drawn after them."""
    until = day(outlook.at_date)
    return (
        *custody_grids(outlook.custody_events, outlook.stamp, until),
        *breaks_grids(outlook.breaks, outlook.stamp, until),
    )


def event_list(outlook: Outlook) -> tuple[tuple[str, ...], tuple[TextTable, ...], tuple[str, ...]]:
    """Every dated event from a chance of 5 % on: falls of strongholds, breaks of custody, events of organisations.

    Lines before, tables, lines after.
    """
    falls = (_falls(outlook),) if outlook.falls and outlook.country is None else ()
    breaks = _breaks(outlook)
    after = [
        f"Events with a chance under {share(LEAST)} are in `--json`. A recapture is listed again where the town is "
        "held longer. First presences in new countries are in the plain forecast and its map.",
    ]
    after += [] if outlook.country is None else ["Events are of the whole case: leave out --country to see them."]
    return headline(outlook), (*falls, *breaks, *event_grids(outlook)), tuple(after)


def headline(outlook: Outlook) -> tuple[str, ...]:
    """What is shown: the case and place; the month, the number of simulations and the seed; what is given, if any."""
    stamp = outlook.stamp
    return (
        f"{outlook.title} ({stamp.case}), as of {day(stamp.as_of)}: {outlook.who}",
        f"{day(outlook.at_date)} (month {outlook.at} of {stamp.horizon}), {stamp.trajectories:,} simulations, "
        f"seed {stamp.seed}, run {stamp.run}",
        *(() if stamp.conditioned is None else (stamp.conditioned.note(),)),
    )


def _stocks(outlook: Outlook, without: Outlook | None) -> TextTable:
    """Pathways and other fates, now and then, with the line they add up to."""
    columns = (
        *word_columns("", "where people are"),
        *number_columns("now: median", "90% interval", "then: share", "median", "90% interval"),
        *_without_columns(without),
    )
    marks, other = look().pathways, _then_of(without)
    pathways = tuple((marks[x.code].letter, *_stock_cells(x), *other.get(x.code, ())) for x in outlook.pathways)
    fates = tuple(("", *_stock_cells(x), *other.get(x.code, ())) for x in outlook.fates)
    added = share(sum(line.then.mean_share for line in (*outlook.pathways, *outlook.fates)))
    everyone = (
        *("", "everyone, with those born there", *_cells(outlook.total_now), added, *_cells(outlook.total)),
        *(() if without is None else (_both(without.total),)),
    )
    return TextTable(columns, (pathways, fates, (everyone,)), _now_and_then(outlook))


def _without_columns(without: Outlook | None) -> tuple[TableColumn, ...]:
    return () if without is None else number_columns("without the condition")


def _then_of(without: Outlook | None) -> dict[str, tuple[str]]:
    """Median and interval at the asked month of each quantity of the forecast without its conditions."""
    if without is None:
        return {}
    return {x.code: (_both(x.then),) for x in (*without.pathways, *without.fates, *without.counters)}


def _both(of: Spread) -> str:
    return median_range(of.median, of.low90, of.high90)


def _now_and_then(outlook: Outlook) -> str:
    """The days that the headings call now and then."""
    return f"now: {day(outlook.stamp.as_of)}; then: {day(outlook.at_date)}"


def _stock_cells(line: OutlookLine) -> tuple[str, ...]:
    return (line.label + _late(line), *_cells(line.now), share(line.then.mean_share), *_cells(line.then))


def _cells(spread: Spread) -> tuple[str, str]:
    return two_figures(spread.median), interval(spread.low90, spread.high90)


def _late(line: OutlookLine) -> str:
    return " *" if line.hindsight else ""


def _counters(outlook: Outlook, without: Outlook | None) -> TextTable:
    columns = (
        *word_columns("so far"),
        *number_columns("now: median", "90% interval", "then: mean", "median", "90% interval"),
        *_without_columns(without),
    )
    other = _then_of(without)
    rows = tuple(
        (x.label + _late(x), *_cells(x.now), two_figures(x.then.mean), *_cells(x.then), *other.get(x.code, ()))
        for x in outlook.counters
    )
    return TextTable(columns, (rows,), _now_and_then(outlook))


def _falls(outlook: Outlook) -> TextTable:
    """When each stronghold falls: chances within some months, the month, and who is attacking it."""
    horizon = outlook.stamp.horizon
    soon = [month for month in SOON if month < horizon]
    columns = (
        *word_columns("strongholds still held"),
        *number_columns(*(f"within {m} months" for m in (*soon, horizon)), "median month", "90% interval"),
    )
    rows = tuple(
        (
            f"{fall.label} (attacked by {fall.operation})" if fall.operation else fall.label,
            *(_of_hundred(fall.by.get(m, math.nan)) for m in soon),
            _of_hundred(fall.within),
            month_text(fall.median),
            month_range(fall),
        )
        for fall in outlook.falls
    )
    return TextTable(columns, (rows,), FALLS)


def _of_hundred(probability: float) -> str:
    """In how many of 100 simulations; in none and in all are printed as such."""
    exact = {0.0: "none", 1.0: "all"}
    return exact.get(probability, share(probability).removesuffix("%"))


def month_text(month: float) -> str:
    """A month number, or `BEYOND` when it lies past the horizon."""
    return f"{month:.0f}" if math.isfinite(month) else BEYOND


def month_range(fall: Fall) -> str:
    """The 90 % interval of the month of a fall."""
    if not math.isfinite(fall.low90):
        return BEYOND
    if not math.isfinite(fall.high90):
        return f"{month_text(fall.low90)} or later"
    return f"{month_text(fall.low90)}–{month_text(fall.high90)}"


def notes(outlook: Outlook) -> list[str]:
    """How to read the tables, one sentence or two a line."""
    lines = [MEANS_ADD]
    lines += [NOTE] if outlook.country and outlook.counts else []
    lines += _rare(outlook) + _marked(outlook)
    if outlook.country:
        lines.append("Strongholds and capacities are of the whole theatre: leave out --country to see them.")
    lines += [
        f"More demand than capacity ({over.label}): {two_figures(over.mean)} people a month wait or are turned away on "
        f"average, {two_figures(over.largest)} in the worst month."
        for over in outlook.overflow
        if over.largest > 0 and outlook.country is None
    ]
    lines += custody_notes(outlook.custody_events, day(outlook.at_date))
    lines += breaks_notes(outlook.breaks, day(outlook.at_date))
    lines += [*organisation_notes(outlook), *foundings_notes(outlook.foundings)]
    return lines + _resting(outlook)


def short_notes(outlook: Outlook) -> list[str]:
    """The notes that no reader should miss, and where the others are."""
    kept = _rare(outlook) + _marked(outlook) + _resting(outlook)
    more = len(notes(outlook)) - len(kept)
    return [*kept, *more_notes(more)]


def _rare(outlook: Outlook) -> list[str]:
    """Chances of what the medians show as nothing."""
    trajectories = outlook.stamp.trajectories
    lines = [
        f"At least one person “{line.label}” on {day(outlook.at_date)}: {chance(line.anyone, trajectories)}."
        for line in outlook.pathways
        if line.then.median < 1
    ]
    return lines + [
        f"At least one person ever “{line.label}” by then, those before {day(outlook.stamp.as_of)} included: "
        f"{chance(line.anyone, trajectories)}."
        for line in outlook.counters
        if line.code == "dispatched_so_far" and line.then.median < RARE
    ]


def _marked(outlook: Outlook) -> list[str]:
    """What the star in the tables says, and warnings of the rows behind a country's numbers."""
    lines = list(warnings_note(outlook.warnings)) if outlook.country else []
    if any(line.hindsight for line in (*outlook.fates, *outlook.counters)):
        lines.insert(0, "* Rests on structure that only hindsight suggests; see the case's hindsight ledger.")
    return lines


def _resting(outlook: Outlook) -> list[str]:
    """What the numbers rest on."""
    uninformed, lines = len(outlook.priors.uninformed), []
    if uninformed:
        lines.append(
            f"{uninformed} of the {outlook.priors.parameters} parameters behind these numbers have a wide prior with "
            f"no source (uninformed): `afterfall model {outlook.stamp.case} --all` lists them."
        )
    return [*lines, f"{outlook.stamp.basis_in_full} {GROUPS_ONLY}"]
