"""What to watch, as lines and tables: indicators that say something, those that do not, and those of the case."""

from __future__ import annotations

from afterfall.defaults import FEWEST_FOR_RANGES
from afterfall.report.headlines.headline import Headline, HeadlineReading
from afterfall.report.kit.number_formats import day, median_range, share, two_figures
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns
from afterfall.report.watch.watching import FEWEST, Shift, Watched, WatchList

#: Headline numbers shown for each indicator, and widths of columns of words in characters.
SHOWN, WIDE, NARROW = 2, 34, 24
#: Indicators shown of which nothing can be said, and the chance under which (or over one less it) they are not.
MOST_SILENT, RARE = 15, 0.02
NOT_MAPPED = "not mapped"
TOO_FEW = "too few"
#: After a number that the indicator is an early part of.
PART = " (it is part of it)"


def watch_headline(found: WatchList) -> tuple[str, ...]:
    """The first lines: what was asked, how many indicators say something, and which says most."""
    informative = found.informative()
    head = (
        f"What to watch: {found.place}, as of {day(found.run.as_of)}. Of {len(found.watched)} indicators that may be "
        f"seen by {day(found.run.date(found.month))}, {len(informative)} would say something of the headline numbers."
    )
    if not informative:
        return (head, "None stands out of the noise of so few simulations.")
    first = informative[0]
    known = [shift for shift in first.shifts if shift.known]
    shift = next((one for one in known if not one.part), known[0])
    return (head, f"The most informative: {_what(first)}. {move_words(found, first, shift)}")


def move_words(found: WatchList, one: Watched, shift: Shift) -> str:
    """How one indicator moves one headline number, as a sentence."""
    headline = found.headline(shift.headline)
    seen, unseen = (_number(side, ranged=one.ranged) for side in (shift.seen, shift.unseen))
    return f"{_capital(headline.label)}: {seen} if {one.signal.seen}, {unseen} if {one.signal.unseen}."


def watch_grids(found: WatchList) -> list[TextTable]:
    """The tables: headline numbers now, indicators in the order of information, the silent ones, those of the case."""
    grids = [_now(found), _informative(found), _silent(found)]
    return [grid for grid in (*grids, _listed(found)) if any(grid.sections)]


def watch_notes() -> list[str]:
    """How to read the tables."""
    return [
        HowToRead(
            "Expected information: mutual information of indicator and number in bits, corrected for the number of "
            "simulations, as a mean over the headline numbers. One bit answers a fair yes-or-no question. Under each "
            "number: its entropy, the most that could be known."
        ),
        HowToRead(
            "Left and right of the colon: effective numbers of simulations that show it, and that do not. With fewer "
            f"than {FEWEST} on a side, only the chance is given; with fewer than {FEWEST_FOR_RANGES}, no ranges."
        ),
        "Chances are those of the simulations. A number moves with an indicator because both follow from the same "
        "causes; bringing an event about need not move it. Moves of people are as the model counts them; counts have "
        "the errors of their sources, and half of their forecast rests on past counts alone. An indicator of the case "
        "that is not mapped is something that the model does not simulate.",
    ]


def _now(found: WatchList) -> TextTable:
    columns = (*word_columns("headline number now"), *number_columns("median (90%)", "event judged", "bits at most"))
    rows = tuple(
        (
            one.label,
            median_range(*_triple(found.now[one.key])),
            share(found.now[one.key].chance),
            f"{found.entropy[one.key]:.1f}",
        )
        for one in found.headlines
    )
    return TextTable(columns, (rows,))


def _informative(found: WatchList) -> TextTable:
    columns = (
        TableColumn("indicator", wrap=WIDE),
        *number_columns("chance", "bits", "seen:not"),
        TableColumn("moves", wrap=NARROW),
        *number_columns("if seen", "if not", "bits"),
    )
    rows: list[tuple[str, ...]] = []
    for one in found.informative():
        for i, shift in enumerate(_worth_showing(one)):
            first = (_what(one), share(one.signal.chance), f"{one.bits:.3f}", _sides(one)) if i == 0 else ("",) * 4
            rows.append((*first, *_shift_cells(found.headline(shift.headline), one, shift)))
    return TextTable(columns, (tuple(rows),), "Indicators, by expected information")


def _worth_showing(one: Watched) -> tuple[Shift, ...]:
    """The headline numbers that an indicator says something of, the most informed first."""
    return tuple(shift for shift in one.shifts if shift.known)[:SHOWN]


def _shift_cells(headline: Headline, one: Watched, shift: Shift) -> tuple[str, ...]:
    seen, unseen = (_number(side, ranged=one.ranged) for side in (shift.seen, shift.unseen))
    return headline.label + PART * shift.part, seen, unseen, f"{shift.bits:.3f}"


def _silent(found: WatchList) -> TextTable:
    """Indicators of which nothing can be said: too rare or too sure, or within the noise; the most open first."""
    columns = (TableColumn("indicator", wrap=2 * WIDE), *number_columns("chance", "seen:not"), *word_columns("why"))
    silent = [one for one in found.watched if not one.informs]
    several = sorted(silent, key=lambda one: abs(one.signal.chance - 0.5))
    shown = [one for one in several if RARE <= one.signal.chance <= 1 - RARE][:MOST_SILENT]
    rows = tuple((_what(one), share(one.signal.chance), _sides(one), _why_silent(one)) for one in shown)
    more = len(silent) - len(shown)
    return TextTable(columns, (rows,), f"Indicators that say nothing here (and {more} more, in --json)")


def _why_silent(one: Watched) -> str:
    return f"{TOO_FEW}: under {FEWEST} on a side" if one.refused else "no more than noise"


def _listed(found: WatchList) -> TextTable:
    """The indicators that the case lists, each with what stands for it in the model."""
    by_key = {one.signal.key: one for one in found.watched}
    columns = (
        *word_columns("id"),
        TableColumn("indicator of the case", wrap=WIDE),
        TableColumn("what would be seen", wrap=WIDE),
        TableColumn("in the model", wrap=WIDE),
        *number_columns("chance", "bits"),
    )
    rows = []
    for one in found.mapped:
        first: tuple[str, ...] = (one.indicator.indicator, one.indicator.name, one.indicator.watch)
        for key in one.keys:
            watched = by_key[key]
            bits = TOO_FEW if watched.refused else f"{watched.bits:.3f}"
            rows.append((*first, _what(watched), share(watched.signal.chance), bits))
            first = ("", "", "")
        if not one.keys:
            rows.append((*first, NOT_MAPPED, "", ""))
    return TextTable(columns, (tuple(rows),), "Indicators that the case lists")


def _what(one: Watched) -> str:
    """An indicator in words, with its date and, for a count, what counts as seen."""
    signal = one.signal
    if signal.kind == "count":
        return f"{signal.label}, for {day(signal.by)}: {signal.seen}"
    return f"{signal.label} by {day(signal.by)}"


def _sides(one: Watched) -> str:
    return f"{one.seen:,.0f}:{one.unseen:,.0f}"


def _number(side: HeadlineReading, *, ranged: bool) -> str:
    """A headline number on one side, and the chance of the event judged on it."""
    number = median_range(*_triple(side)) if ranged else two_figures(side.number.median)
    return f"{number}, {share(side.chance)}"


def _triple(side: HeadlineReading) -> tuple[float, float, float]:
    return side.number.median, side.number.low90, side.number.high90


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
