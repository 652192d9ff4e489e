"""Tables of organisations, of the places they reach, and of what may happen to them."""

from __future__ import annotations

import math

from afterfall.report.forecast.organisation_outlook import (
    Happening,
    OrganisationOutlook,
    OrganisationsOutlook,
    PlaceOutlook,
)
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.kit.number_formats import NOTHING, chance, day, interval, median_range, share, two_figures
from afterfall.report.kit.spread import Range
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns

#: Events listed one by one; of recaptured towns only the likeliest, of the others the chance of any.
LISTED = ("merger", "absorption", "founding")
LIKELIEST = 5
HEADINGS = {"core": 0, "rival": 1, "offshoot": 2, "founded": 3, "successor": 3}


def organisation_grids(outlook: Outlook) -> tuple[TextTable, ...]:
    """Organisations, places, and what may happen; nothing for a country or a run without organisations."""
    if outlook.organisations is None or not outlook.organisations.organisations or outlook.country is not None:
        return ()
    return (
        _organisations(outlook, outlook.organisations),
        _places(outlook, outlook.organisations),
        _happenings(outlook, outlook.organisations),
    )


def organisation_notes(outlook: Outlook) -> list[str]:
    """How to read those tables."""
    if not organisation_grids(outlook):
        return []
    return [
        "Strength: locals and foreign fighters together; † has no published figure behind it. An organisation is "
        "contained when it and what came of it since are together no stronger than on the as-of date (a new one: than "
        "when founded); the core, when no town is recaptured either.",
        "Successor organisations are those that descend from the core, called shards in some of the literature. "
        "`afterfall forecast --json` lists every organisation, place and event.",
        "Scored on past dates, forecasts of this model expected too many recaptured towns (docs/organisations.md).",
    ]


def _cells(of: Range) -> tuple[str, str]:
    return two_figures(of.median), interval(of.low90, of.high90)


def _organisations(outlook: Outlook, found: OrganisationsOutlook) -> TextTable:
    then = day(outlook.at_date)
    columns = (
        *word_columns("organisations"),
        *number_columns("exists by then", "now: strength", "90% interval", f"{then}: strength", "90% interval"),
        *number_columns("foreign", "contained"),
    )
    listed = [o for o in found.organisations if o.kind in HEADINGS]
    sections = tuple(
        tuple(_organisation(o, outlook.stamp.trajectories) for o in listed if HEADINGS[o.kind] == section)
        for section in sorted(set(HEADINGS.values()))
    )
    return TextTable(columns, tuple(rows for rows in sections if rows))


def _organisation(one: OrganisationOutlook, trajectories: int) -> tuple[str, ...]:
    exists = "yes" if one.exists >= 1 and one.now.high90 > 0 else chance(one.exists, trajectories)
    mark = "" if one.published or one.kind in ("founded", "successor") else " †"
    contained = NOTHING if math.isnan(one.contained) else share(one.contained)
    return one.label + mark, exists, *_cells(one.now), *_cells(one.then), share(one.foreign_share), contained


def _places(outlook: Outlook, found: OrganisationsOutlook) -> TextTable:
    then = day(outlook.at_date)
    columns = (
        *word_columns("places abroad"),
        *number_columns(f"organisation of the core by {then}", "median month founded", "strength then", "90% interval"),
        *number_columns("foreign fighters there", "90% interval", "doubled", "halved"),
    )
    rows = sorted(found.places, key=lambda p: (p.new, -p.reached, -p.strength.median, p.label))
    trajectories = outlook.stamp.trajectories
    old = tuple(_place(p, trajectories) for p in rows if not p.new)
    new = tuple(_place(p, trajectories) for p in rows if p.new)
    return TextTable(columns, tuple(s for s in (old, new) if s))


def _place(one: PlaceOutlook, trajectories: int) -> tuple[str, ...]:
    founded = (
        NOTHING if not one.new else two_figures(one.founded_month) if math.isfinite(one.founded_month) else "later"
    )
    reached = chance(one.reached, trajectories) if one.new else "yes"
    return (
        one.label,
        reached,
        founded,
        *_cells(one.strength),
        *_cells(one.foreigners),
        share(one.doubled),
        share(one.halved),
    )


def _happenings(outlook: Outlook, found: OrganisationsOutlook) -> TextTable:
    within = f"within {outlook.stamp.horizon} months"
    columns = (*word_columns("what may happen"), *number_columns(f"by {day(outlook.at_date)}", within, "median month"))
    trajectories = outlook.stamp.trajectories

    def row(one: Happening) -> tuple[str, ...]:
        month = two_figures(one.median_month) if math.isfinite(one.median_month) else "later"
        return one.label, chance(one.by, trajectories), chance(one.within, trajectories), month

    abroad = {f"new-{p.code}" for p in found.places}
    listed = tuple(row(h) for h in found.happenings if h.kind in LISTED and h.code not in abroad)
    towns = sorted((h for h in found.happenings if h.kind == "retaking"), key=lambda h: (-h.by, h.code))[:LIKELIEST]
    any_of = tuple((f"{c.label} (any)", chance(c.any, trajectories), "", "") for c in found.chances)
    number = (("successor organisations in existence: median (90% interval)", _number(found.count), "", ""),)
    return TextTable(columns, tuple(s for s in (any_of, listed, tuple(row(h) for h in towns), number) if s))


def _number(of: Range) -> str:
    return median_range(of.median, of.low90, of.high90)
