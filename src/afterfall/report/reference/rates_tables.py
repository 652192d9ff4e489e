"""Tables of the reference class: the rate of each event with what was counted, and first presences by country."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from afterfall.case.place_names import country_codes
from afterfall.reference.country_years import CountryFacts
from afterfall.reference.event_rate import EventRate
from afterfall.reference.first_foundings import FirstFoundings
from afterfall.reference.reference_rates import ReferenceRates
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns

#: Titles of the tables, each with the beginnings of the events that belong in it.
TOPICS = {
    "Foundings": ("first presence", "grows"),
    "Survival of affiliates": ("ends", "still there"),
    "Places retaken after their loss": ("retak",),
    "Organisations": ("split", "merger or", "alliance", "pledge", "dissolution"),
    "Two organisations at war with each other": ("merger of", "absorption of"),
    "Custody": ("prison break", "share"),
}
#: Countries listed for each family.
LISTED = 12
#: Countries that the source text asks about, listed whatever their rank.
ASKED = ("JOR", "TUN", "SAU")
#: Characters of the first column.
WIDTH = 28
UNITS = {
    "per country-year": "/country-yr",
    "per organisation-year": "/org.-yr",
    "per dyad-year": "/dyad-yr",
    "per year": "/yr",
    "share": "share",
    "ratio": "ratio",
}


def rates_headline(found: ReferenceRates) -> tuple[str, ...]:
    """What is shown, and what it was learned from."""
    known = found.known
    return (
        f"Reference class of organisational events, as of {found.as_of}",
        f"Public by then: {len(known.affiliates)} affiliates, {len(known.places)} losses of places, "
        f"{len(known.alignments)} mergers, splits and pledges, {len(known.custody)} custody events.",
    )


def rates_grids(found: ReferenceRates) -> tuple[TextTable, ...]:
    """A table for each topic, then the likeliest countries for a first presence of each family."""
    topics = [_rates(title, [r for r in found.rates if r.event.startswith(starts)]) for title, starts in TOPICS.items()]
    return (*topics, *(_countries(forecast) for forecast in found.firsts.values()))


def rates_notes(found: ReferenceRates) -> tuple[str, ...]:
    """How to read the tables, and where the three countries of the source text stand."""
    return (
        HowToRead(
            "Rate: posterior mean and 90% interval. Events and exposure: what was counted; recalled rows weigh half."
        ),
        HowToRead(
            'Exposure of a share: affiliates, places or breaks learned from; events of "still there" are the ends.'
        ),
        HowToRead(
            "Retaken: at the level of the ISIS places fixed in advance, the shape in time from all towns lost; "
            "so the share lies below events over exposure."
        ),
        f"First presence of the ISIS family in the countries the source text names: {_asked(found)}.",
        "A forecast uses the rates of first presence, growth and survival; the other rates are for comparison.",
        "Priors, sources and scores: docs/reference-class.md. Rows with their citations: afterfall/reference/data.",
    )


def _asked(found: ReferenceRates) -> str:
    """Since when each country that the source text names has had a presence of ISIS, or its probability."""
    forecast, names = found.firsts["ISIS"], country_codes()
    chances = {code: p for code, p, _, _ in forecast.ranked()}
    firsts = CountryFacts(found.known).firsts("ISIS")
    return "; ".join(
        f"{names[code]} " + (f"{firsts[code][0].year}" if code in firsts else f"probability {_number(chances[code])}")
        for code in ASKED
    )


def _rates(title: str, rates: Iterable[EventRate]) -> TextTable:
    kept = list(rates)
    sources = ", ".join(dict.fromkeys(name for r in kept for name in r.source.split(", ")))
    columns = (
        TableColumn("event", wrap=WIDTH),
        *number_columns("rate", "90% interval", "events", "exposure"),
        TableColumn("unit"),
    )
    rows = tuple(
        (
            f"{r.event}: {r.stratum}",
            _number(r.mean),
            f"{_number(r.low)}-{_number(r.high)}",
            str(r.events),
            f"{r.exposure:,.0f}",
            UNITS[r.unit],
        )
        for r in kept
    )
    return TextTable(columns, (rows,), f"{title} ({sources})")


def _countries(forecast: FirstFoundings) -> TextTable:
    names, ranked = country_codes(), forecast.ranked()
    rows = tuple(
        (names.get(code, code), _number(p), f"{_number(low)}-{_number(high)}")
        for i, (code, p, low, high) in enumerate(ranked)
        if i < LISTED or code in ASKED
    )
    family = "any family" if forecast.family == "any" else f"the {forecast.family} family"
    low, median, high = (int(x) for x in np.quantile(forecast.totals, (0.05, 0.5, 0.95)))
    title = (
        f"First presence of {family} by {forecast.until}: {len(ranked)} countries at risk, "
        f"median total {median} ({low} to {high})"
    )
    columns = (TableColumn("country", wrap=WIDTH), *number_columns("probability", "90% interval"))
    return TextTable(columns, (rows,), title)


def _number(value: float) -> str:
    """Two significant figures from 0.1 on, three decimals below."""
    if value >= 10:
        return f"{value:.0f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
