"""What the next published count will say: for each quantity, the last figure and the forecast of a later one.

Not the same as the people of a run. A count reports a share of those who returned or died, comes from a source with an
error, and may count something else. The forecast is the one that is scored (`evaluate.figures.published_count`), for a
count of everyone by a source of reliability `SOURCE`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import WORLD, Case
from afterfall.evaluate.core.last_published import last_published_figure
from afterfall.evaluate.figures.published_count import CountForecast, later_count
from afterfall.report.kit.number_formats import interval, two_figures
from afterfall.report.kit.spread import Range
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.run import Run

#: Quantities that sources publish for a country, and the words for them.
COUNTED = {
    "travelled": "travelled so far",
    "returned": "returned so far",
    "killed_so_far": "killed so far",
    "in_theatre": "in the theatre",
    "prosecuted": "imprisoned at home so far",
}
#: Reliability of the source that the forecast is for: usually reliable, as official counts are graded.
SOURCE = "B"
NOTE = (
    "A published count is not the number of people: it misses some, and sources err or count something else. These "
    "ranges are the ones that the track record scores."
)


@dataclass(frozen=True, slots=True)
class NextCount:
    """The forecast of a count that would be published for a month, in people, with the last one published.

    `last` and `last_date` are None where none was published.
    """

    quantity: str
    label: str
    last: float | None
    last_date: dt.date | None
    forecast: Range


def next_counts(run: Run, case: Case, *, month: int, country: str | None = None) -> tuple[NextCount, ...]:
    """Forecasts of the counts of a country, or of the world, for a month.

    Parameters
    ----------
    run
        A finished run.
    case
        Its case, cut at the as-of date or whole.
    month
        Month of the run that the count is for; of a country, one that the run records.
    country
        Place code of an origin, or None for the world.
    """
    forecast, place = CountForecast.of(run, case), country or WORLD
    found = []
    for quantity in (one for one in COUNTED if one in map(str, run.dataset["quantity"].values)):
        last = last_published_figure(forecast.known, quantity, place)
        samples = forecast.counts(later_count(forecast, quantity, place, month, SOURCE))
        found.append(
            NextCount(
                quantity=quantity,
                label=COUNTED[quantity],
                last=None if last is None else last.value,
                last_date=None if last is None else last.refers_to.last_day,
                forecast=Range.of_values(np.rint(samples)),  # counts are whole people
            )
        )
    return tuple(found)


def next_counts_table(counts: Sequence[NextCount], when: str) -> TextTable:
    """The table: last published figure, and the forecast of a count for a later day."""
    columns = (
        *word_columns("what a published count will say"),
        *number_columns("last published", "for", f"{when}: median", "90% interval"),
    )
    rows = tuple(
        (
            one.label,
            "none" if one.last is None else two_figures(one.last),
            "" if one.last_date is None else f"{one.last_date:%Y-%m}",
            two_figures(one.forecast.median),
            interval(one.forecast.low90, one.forecast.high90),
        )
        for one in counts
    )
    return TextTable(columns, (rows,))
