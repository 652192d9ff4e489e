"""Events of the Armed Conflict Location and Event Data project (ACLED): deaths and events by country and period.

**Forms.** The CSV file of the data export tool, and the JSON answer of the API (``acled/read``).

**What is read.** ``country`` and ``event_date`` (2016-05-01 in newer files, 01 May 2016 in older ones), ``event_type``
and ``fatalities``. Battles, explosions and remote violence, and violence against civilians are read, with the
definition ``political_violence``; protests, riots and strategic developments are left out. ACLED gives one number of
deaths, the lowest reported where reports differ; so the three numbers of a figure are equal, and none of them is an
upper end. ``timestamp`` (seconds since 1970) is when an event was uploaded or changed last: the latest one dates the
file.

Sources: ACLED Codebook (2024); Raleigh, Linke, Hegre and Karlsen (2010), doi:10.1177/0022343310378914. Terms of use:
the data may be used with attribution, and must not be passed on as data; see https://acleddata.com/eula.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from afterfall.importers.country_names import country_code
from afterfall.importers.file_tables import FileTable
from afterfall.importers.import_items import (
    CellKey,
    FaultyCell,
    ImportSettings,
    Item,
    SkippedRow,
    Taken,
    day_in,
    number_in,
    period_of,
)

#: Columns that must be there.
NEEDED = ("event_id_cnty", "event_date", "event_type", "actor1", "actor2", "country", "fatalities")
SIDES = ("actor1", "actor2", "assoc_actor_1", "assoc_actor_2")
VIOLENT = frozenset({"battles", "explosions/remote violence", "violence against civilians"})
OTHERS = frozenset({"protests", "riots", "strategic developments"})


def acled_items(table: FileTable, settings: ImportSettings) -> Iterator[Item]:
    """An item for each event of an ACLED file."""
    for row, cells in table.rows((*NEEDED, *SIDES, "timestamp")):
        try:
            yield _event(row, cells, settings)
        except FaultyCell as fault:
            yield fault.problem(table.file, row)


def _event(row: int, cells: dict[str, str], settings: ImportSettings) -> Item:
    dated = _uploaded(cells)
    place = country_code(cells["country"])
    if settings.countries and place not in settings.countries:
        return SkippedRow(row, "country", "not a country asked for", dated)
    if not place:
        return SkippedRow(row, "country", f"{cells['country']!r}: no country of that name is known", dated)
    if not settings.is_about(cells.get(side, "") for side in SIDES):
        return SkippedRow(row, "actor1", f"no actor is {settings.actor!r}", dated)
    day = day_in(cells, "event_date")
    if outside := settings.outside(day):
        return SkippedRow(row, "event_date", outside, dated)
    kind = cells["event_type"].casefold()
    if kind not in VIOLENT | OTHERS:
        expected = f"one of {', '.join(sorted(VIOLENT | OTHERS))}"
        raise FaultyCell("event_type", cells["event_type"], expected)
    if kind in OTHERS:
        return SkippedRow(row, "event_type", f"{cells['event_type']}: no armed violence", dated)
    deaths = number_in(cells, "fatalities")
    period = period_of(day, day, settings.by)
    parts = (
        (CellKey(place, "conflict_deaths", period, settings.by, "political_violence"), (deaths, deaths, deaths)),
        (CellKey(place, "conflict_events", period, settings.by, "political_violence"), (1.0, 1.0, 1.0)),
    )
    return Taken(row, "", parts, dated)


def _uploaded(cells: dict[str, str]) -> dt.date | None:
    """Day on which an event was uploaded or changed last; None where the file does not say."""
    if not cells.get("timestamp"):
        return None
    seconds = number_in(cells, "timestamp")
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise FaultyCell("timestamp", cells["timestamp"], "seconds since 1970") from None
