"""Tables and the JSON object of violence by place: deaths by year and country, and by month for one country.

Counts of the record are published ones, so those under 5 print as ``<5``; forecast quantiles are never hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from afterfall.case.dates import month_name
from afterfall.conflict.violence_model import Violence
from afterfall.report.forecast.outlook_json import SCHEMA_VERSION
from afterfall.report.kit.number_formats import chance, interval, published_count, two_figures
from afterfall.report.kit.table import TableColumn, TextTable

LEVELS = (0.05, 0.5, 0.95)
#: Countries listed when none is asked for.
LISTED = 20
DEFINITION = "Deaths in fighting in which a state is a party (UCDP, best estimate), by country."
SOURCE = "Record: UCDP (CC BY 4.0) as served by VIEWS; see docs/violence.md for vintages and the as-of rule."


def violence_headline(violence: Violence) -> tuple[str, str]:
    """What is shown, and what was known."""
    run, record = violence.run, violence.record
    return (
        f"{run.title} ({run.request.case}), as of {run.as_of}: violence by place",
        f"{DEFINITION} Record known to {month_name(record.last)}; {run.request.trajectories:,} futures, "
        f"seed {run.request.seed}, run {run.request.hash}",
    )


def violence_grids(violence: Violence, country: str | None) -> tuple[TextTable, ...]:
    """Deaths by calendar year of the countries with most, or of one country with its events and months."""
    if country is None:
        listed = _largest(violence)
        return (_years(violence, listed, f"Deaths by calendar year, the {len(listed)} countries with most"),)
    return (_years(violence, [country], "Deaths by calendar year"), _months(violence, country))


def violence_notes(violence: Violence) -> tuple[str, ...]:
    """What to know beside the tables."""
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
        f"Weight of a country's last twelve months, by lead up to 14, up to 38 and beyond: {weights}. {events}",
        "The elasticities by strength and veterans are prior only, wide and uninformed.",
        SOURCE,
    )


def violence_json(violence: Violence, country: str | None, command: str) -> dict[str, Any]:
    """The object that ``afterfall violence --json`` prints."""
    codes = violence.countries if country is None else (country,)
    return {
        "schema_version": SCHEMA_VERSION,
        **violence.run.stamp,
        "command": command,
        "definition": DEFINITION,
        "known_to": month_name(violence.record.last),
        "weights": list(violence.estimate.ensemble.weights),
        "countries": {code: _country_json(violence, code) for code in codes},
        "source": SOURCE,
    }


def deaths_of(violence: Violence, country: str) -> Any:
    """Deaths of a country, ``(trajectory, month)``."""
    return violence.deaths[:, :, violence.countries.index(country)]


def _largest(violence: Violence) -> list[str]:
    """Countries by median deaths over the whole forecast, most first."""
    total = np.median(violence.deaths.sum(axis=1, dtype=np.int64), axis=0)
    order = sorted(range(len(total)), key=lambda i: (-total[i], violence.countries[i]))
    return [violence.countries[i] for i in order[:LISTED]]


def _years(violence: Violence, countries: Sequence[str], title: str) -> TextTable:
    known = month_name(violence.record.last)
    years = violence.years()
    columns = (
        TableColumn("country"),
        TableColumn(f"12 months to {known}", "right"),
        *(TableColumn(_year_words(violence, y), "right") for y in years),
        TableColumn("any death", "right"),
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
    columns = (TableColumn("month"), *(TableColumn(n, "right") for n in ("any death", "deaths", "events")))
    rows = []
    for i, month in enumerate(violence.months):
        deaths, events = violence.deaths[:, i, place], violence.events[:, i, place]
        any_ = chance(float((deaths > 0).mean()), violence.run.request.trajectories)
        rows.append((month_name(month), any_, _spread(deaths), _spread(events) if violence.counting else "–"))
    return TextTable(columns, (tuple(rows),), f"{violence.names[place]}, month by month")


def _spread(values: Any) -> str:
    low, median, high = np.quantile(values, LEVELS, method="inverted_cdf")
    return f"{two_figures(float(median))} ({interval(float(low), float(high))})"


def _country_json(violence: Violence, code: str) -> dict[str, Any]:
    place = violence.countries.index(code)
    months = {
        month_name(m): {
            "probability_any": float((violence.deaths[:, i, place] > 0).mean()),
            "deaths": _quantiles(violence.deaths[:, i, place]),
            "events": _quantiles(violence.events[:, i, place]) if violence.counting else None,
        }
        for i, m in enumerate(violence.months)
    }
    years = {str(y): _quantiles(violence.in_year(y)[:, place]) for y in violence.years()}
    return {
        "name": violence.names[place],
        "last_twelve_months": published_count(violence.before(code)),
        "years": years,
        "months": months,
    }


def _quantiles(values: Any) -> dict[str, float]:
    found = np.quantile(values, LEVELS, method="inverted_cdf")
    return {"mean": float(np.mean(values)), **dict(zip(("low90", "median", "high90"), map(float, found), strict=True))}
