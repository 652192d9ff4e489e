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
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns

#: Events listed one by one have at least this chance; the likeliest of each kind are shown.
LEAST = 0.05
LIKELIEST = 5
#: Kinds of event listed one by one, in their order, with the words before those of a kind.
KINDS = {
    "merger": "mergers as equals",
    "absorption": "absorptions",
    "founding": "foundings",
    "split": "splits",
    "allegiance": "changes of allegiance",
    "ending": "endings",
    "retaking": "recaptures, held for a day",
    "retaking_month": "recaptures, held for a month",
    "retaking_year": "recaptures, held for a year",
}
#: Kinds that only the full list has: the same recaptures, held longer.
FULL_LIST_ONLY = ("retaking_month", "retaking_year")
HEADINGS = {"core": 0, "rival": 1, "offshoot": 2, "founded": 3, "successor": 3}


def organisation_grids(outlook: Outlook) -> tuple[TextTable, ...]:
    """Organisations, places, and what may happen; nothing for a country or a run without organisations."""
    if outlook.organisations is None or not outlook.organisations.organisations or outlook.country is not None:
        return ()
    return (
        _organisations(outlook, outlook.organisations),
        _places(outlook, outlook.organisations),
        _any_of(outlook, outlook.organisations),
        _likeliest(outlook, outlook.organisations),
    )


def organisation_notes(outlook: Outlook) -> list[str]:
    """How to read those tables."""
    if not organisation_grids(outlook):
        return []
    return [
        "Strength: locals and foreign fighters together; † has no published figure behind it. An organisation is "
        "contained when it and what came of it since are together no stronger than on the as-of date (a new one: than "
        "when founded); the core, when besides no recaptured town is held for a month and no first presence in the "
        "world has grown into an armed conflict.",
        "Successor organisations are those that descend from the core, called shards in some of the literature. "
        f"Events are listed from a chance of {share(LEAST)}, the {LIKELIEST} likeliest of a kind; `--events` lists "
        "all of them, `--json` those below as well.",
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
        *number_columns(f"organisation of the core there on {then}", "median month founded", "strength then"),
        *number_columns("90% interval", "foreign fighters there", "90% interval", "doubled", "halved"),
    )
    rows = sorted(found.places, key=lambda p: (p.new, -p.there, -p.strength.median, p.label))
    trajectories = outlook.stamp.trajectories
    old = tuple(_place(p, trajectories) for p in rows if not p.new)
    new = tuple(_place(p, trajectories) for p in rows if p.new)
    return TextTable(columns, tuple(s for s in (old, new) if s))


def _place(one: PlaceOutlook, trajectories: int) -> tuple[str, ...]:
    month = two_figures(one.founded_month) if math.isfinite(one.founded_month) else "later"
    return (
        one.label,
        chance(one.there, trajectories),
        month if one.new else "before",
        *_cells(one.strength),
        *_cells(one.foreigners),
        share(one.doubled),
        share(one.halved),
    )


def _any_of(outlook: Outlook, found: OrganisationsOutlook) -> TextTable:
    """The chance of at least one event of each kind, and how many are expected."""
    columns = (
        *word_columns("what may happen"),
        *number_columns(f"at least one by {day(outlook.at_date)}", "expected number"),
    )
    n = outlook.stamp.trajectories
    rows = tuple((c.label, chance(c.any, n), two_figures(c.expected)) for c in found.chances)
    number = ("successor organisations in existence: median (90% interval)", "", _number(found.count))
    return TextTable(columns, (rows, (number,)))


def _likeliest(outlook: Outlook, found: OrganisationsOutlook) -> TextTable:
    """The likeliest events of each kind."""
    sections = []
    for kind, words in KINDS.items():
        listed = [] if kind in FULL_LIST_ONLY else _likely(found, kind)
        rows = [_event(outlook, h) for h in listed[:LIKELIEST]]
        if len(listed) > LIKELIEST:
            more = f"({len(listed) - LIKELIEST} more {words} from {share(LEAST)}: --events)"
            rows.append((more, *("" for _ in rows[0][1:])))
        sections.append(tuple(rows))
    return TextTable(_event_columns("events one by one", outlook), tuple(s for s in sections if s))


def event_grids(outlook: Outlook) -> tuple[TextTable, ...]:
    """Every dated event with a chance of at least `LEAST`, a table of each kind; nothing without organisations."""
    found = outlook.organisations
    if found is None or outlook.country is not None:
        return ()
    listed = {words: _likely(found, kind) for kind, words in KINDS.items()}
    return tuple(
        TextTable(_event_columns(words, outlook), (tuple(_event(outlook, h) for h in events),))
        for words, events in listed.items()
        if events
    )


def _event_columns(words: str, outlook: Outlook) -> tuple[TableColumn, ...]:
    within = (f"within {outlook.stamp.horizon} months",) if outlook.at < outlook.stamp.horizon else ()
    return (*word_columns(words), *number_columns(f"by {day(outlook.at_date)}", *within, "median month"))


def _event(outlook: Outlook, one: Happening) -> tuple[str, ...]:
    n, month = outlook.stamp.trajectories, two_figures(one.median_month) if math.isfinite(one.median_month) else "later"
    within = (chance(one.within, n),) if outlook.at < outlook.stamp.horizon else ()
    return one.label, chance(one.by, n), *within, month


def _likely(found: OrganisationsOutlook, kind: str) -> list[Happening]:
    """Events of a kind from `LEAST` on, the likeliest first, without foundings in the places of their own table."""
    abroad = {f"new-{p.code}" for p in found.places}
    listed = [h for h in found.happenings if h.kind == kind and max(h.by, h.within) >= LEAST and h.code not in abroad]
    return sorted(listed, key=lambda h: (-h.by, -h.within, h.code))


def _number(of: Range) -> str:
    return median_range(of.median, of.low90, of.high90)
