"""What the next published count will say: for each quantity, the last figure and the forecast of a later one.

Not the same as the people of a run. A count reports a share of those who returned or died, comes from a source with an
error, and may count something else. The forecast is made as the one that is scored
(`evaluate.figures.published_count`), for a count that counts what the last one counts, by a source as reliable.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import WORLD, Case
from afterfall.evaluate.core.last_published import last_published_figure
from afterfall.evaluate.figures.published_count import CountForecast, later_count
from afterfall.report.headlines.counted import COUNTED, SOURCE
from afterfall.report.kit.number_formats import interval, published_count, two_figures
from afterfall.report.kit.spread import Range
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.run import Run

NOTE = (
    "Published counts are not the people above. A count misses people: someone who came home or died unnoticed is "
    "still counted as in the theatre. Sources err, and a later count may be lower than the last. Half of each range "
    "comes from the model, half from how published counts have changed before. The track record scores such ranges."
)
#: What a count counts, by definition; the others count people who joined or followed.
COUNTS_OF = {"fighters": "fighters", "all_theatres": "people in all theatres"}


@dataclass(frozen=True, slots=True)
class NextCount:
    """The forecast of a count that would be published for a month, in people, with the last one published.

    `last` and `last_date` are None where none was published. `counts` says whom both count.
    """

    quantity: str
    label: str
    last: float | None
    last_date: dt.date | None
    counts: str
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
                counts=COUNTS_OF.get("" if last is None else last.definition, "people"),
                forecast=Range.of_values(np.rint(samples)),  # counts are whole people
            )
        )
    return tuple(found)


def next_counts_table(counts: Sequence[NextCount], when: str) -> TextTable:
    """The table: last published figure, and the forecast of a count for a later day."""
    columns = (
        *word_columns("what a published count may say", "it counts"),
        *number_columns("last published", "counted in", f"count for {when}: median", "90% interval"),
    )
    rows = tuple(
        (
            one.label,
            one.counts,
            "none" if one.last is None else published_count(one.last),
            "" if one.last_date is None else f"{one.last_date:%Y-%m}",
            two_figures(one.forecast.median),
            interval(one.forecast.low90, one.forecast.high90),
        )
        for one in counts
    )
    return TextTable(columns, (rows,))
