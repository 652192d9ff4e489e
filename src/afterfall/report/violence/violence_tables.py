"""Tables of violence by place: deaths by year and country, and by month for one country.

Counts of the record are published ones, so those under 5 print as ``<5``; forecast quantiles are never hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from afterfall.case.dates import month_name
from afterfall.conflict.violence_model import Violence
from afterfall.report.kit.number_formats import NOTHING, chance, median_range, published_count
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.run.quantile_levels import low_median_high

#: Countries listed when none is asked for.
LISTED = 20
DEFINITION = "Deaths in fighting in which a state is a party (UCDP, best estimate), by country."
SOURCE = "Record: UCDP (CC BY 4.0) as served by VIEWS; see docs/violence.md for vintages and the as-of rule."


def violence_headline(violence: Violence) -> tuple[str, str]:
    """What is shown, and what was known."""
    run, record = violence.run, violence.record
    return (
        f"{run.title} ({run.request.case}), as of {run.as_of}: violence by place",
        f"{DEFINITION} Record known to {month_name(record.last)}; {run.request.trajectories:,} simulations, "
        f"seed {run.request.seed}, run {run.request.hash}",
    )


def violence_grids(violence: Violence, country: str | None) -> tuple[TextTable, ...]:
    """Deaths by calendar year of the countries with most, or of one country with its events and months."""
    if country is None:
        listed = _largest(violence)
        return (_years(violence, listed, f"Deaths by calendar year, the {len(listed)} countries with most"),)
    return (_years(violence, [country], "Deaths by calendar year"), _months(violence, country))


def violence_notes(violence: Violence) -> tuple[str, ...]:
    """How to read the tables."""
    ensemble, counting = violence.estimate.ensemble, violence.counting
    weights = ", ".join(f"{w:.1f}" for w in ensemble.weights)
    first, last = month_name(violence.months[0]), month_name(violence.months[-1])
    events = (
        f"Events follow deaths by a relation learned on {counting.months} country-months."
        if counting
        else "Too few months with counted events were known: events are not forecast."
    )
    return (
        f"Median and 90% interval over the months {first} to {last}.",
        HowToRead(f"Weight of a country's last twelve months, by lead up to 14, up to 38 and beyond: {weights}."),
        events,
        "The elasticities by strength and veterans are prior only, wide and uninformed.",
        *left_out_notes(violence),
        SOURCE,
    )


def left_out_notes(violence: Violence) -> tuple[str, ...]:
    """Which countries of the case are in no table and no export; nothing where all are in."""
    if not violence.left_out:
        return ()
    listed = ", ".join(map(str, violence.left_out))
    return (f"Not in the record of violence, and so in no table, JSON object or export: {listed}.",)


def _largest(violence: Violence) -> list[str]:
    """Countries by median deaths over the whole forecast, most first."""
    total = np.median(violence.deaths.sum(axis=1, dtype=np.int64), axis=0)
    order = sorted(range(len(total)), key=lambda i: (-total[i], violence.countries[i]))
    return [violence.countries[i] for i in order[:LISTED]]


def _years(violence: Violence, countries: Sequence[str], title: str) -> TextTable:
    known = month_name(violence.record.last)
    years = violence.years()
    columns = (
        *word_columns("country"),
        *number_columns(f"12 months to {known}", *(_year_words(violence, y) for y in years), "any death"),
    )
    rows = []
    for code in countries:
        place = violence.countries.index(code)
        any_ = float((violence.deaths[:, :, place].sum(axis=1) > 0).mean())
        cells = [_spread(violence.in_year(y)[:, place]) for y in years]
        rows.append(
            (
                violence.names[place],
                published_count(violence.before(code)),
                *cells,
                chance(any_, violence.run.request.trajectories),
            )
        )
    return TextTable(columns, (tuple(rows),), title)


def _year_words(violence: Violence, year: int) -> str:
    """A year as a heading, with the number of its months where not all are forecast."""
    months = sum(1980 + (m - 1) // 12 == year for m in violence.months)
    return str(year) if months == 12 else f"{year} ({months} months)"


def _months(violence: Violence, country: str) -> TextTable:
    place = violence.countries.index(country)
    columns = (*word_columns("month"), *number_columns("any death", "deaths", "events"))
    rows = []
    for i, month in enumerate(violence.months):
        deaths, events = violence.deaths[:, i, place], violence.events[:, i, place]
        any_ = chance(float((deaths > 0).mean()), violence.run.request.trajectories)
        rows.append((month_name(month), any_, _spread(deaths), _spread(events) if violence.counting else NOTHING))
    return TextTable(columns, (tuple(rows),), f"{violence.names[place]}, month by month")


def _spread(values: Any) -> str:
    low, median, high = low_median_high(values)
    return median_range(median, low, high)
