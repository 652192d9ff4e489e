"""Events of the Uppsala Conflict Data Program: deaths and number of events by country, period and type of violence.

**Forms.** The CSV file of a yearly release of the Georeferenced Event Dataset (GED), of a monthly or quarterly
candidate release (the same 49 columns; some were published without a header row), of a country as HDX gives it (with a
row of HXL tags), and the JSON answer of the API (``gedevents``), whose pages are to be in one list.

**What is read.** ``country``, ``type_of_violence`` (1 state-based, 2 non-state, 3 one-sided), ``date_start``,
``date_end``, and deaths ``low``, ``best``, ``high``. An event whose dates span two periods is left out, since its
deaths cannot be put in one of them (GED writes the summary of a year as one event from January to December). Events of
a candidate release whose ``code_status`` is not ``Clear`` are left out: they wait for review. Some published
events have a best estimate outside of low to high (48 of Iraq in version 19.1): their range is that of all three.

Sources: Högbladh, UCDP GED Codebook version 23.1 (2023); Sundberg and Melander (2013), doi:10.1177/0022343313484347;
Hegre, Croicu, Eck and Högbladh (2020), doi:10.1177/2053168020935257 (candidate events). Licence CC BY 4.0.
"""

from __future__ import annotations

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

#: The columns of a release, in their order.
GED_COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
#: Columns that must be there.
NEEDED = ("type_of_violence", "side_a", "side_b", "country", "date_start", "date_end", "best", "high", "low")
SIDES = ("side_a", "side_b")
#: Definition of a figure for each type of violence.
TYPES = {"1": "state_based", "2": "non_state", "3": "one_sided"}
CLEAR = "Clear"


def ucdp_items(table: FileTable, settings: ImportSettings) -> Iterator[Item]:
    """An item for each event of a UCDP file."""
    for row, cells in table.rows((*NEEDED, "code_status")):
        try:
            yield _event(row, cells, settings)
        except FaultyCell as fault:
            yield fault.problem(table.file, row)


def _event(row: int, cells: dict[str, str], settings: ImportSettings) -> Item:
    place = country_code(cells["country"])
    if settings.countries and place not in settings.countries:
        return SkippedRow(row, "country", "not a country asked for")
    if not place:
        return SkippedRow(row, "country", f"{cells['country']!r}: no country of that name is known")
    if not settings.is_about(cells[side] for side in SIDES):
        return SkippedRow(row, "side_b", f"neither side is {settings.actor!r}")
    start, end = day_in(cells, "date_start"), day_in(cells, "date_end")
    if start > end:
        raise FaultyCell("date_start", cells["date_start"], f"a day not after date_end {end}")
    if outside := settings.outside(start) or settings.outside(end):
        return SkippedRow(row, "date_start", outside)
    if cells.get("code_status", CLEAR) not in ("", CLEAR):
        return SkippedRow(row, "code_status", f"{cells['code_status']}: not yet reviewed")
    period = period_of(start, end, settings.by)
    if not period:
        return SkippedRow(row, "date_end", f"its dates span more than one {settings.by}")
    kind = TYPES.get(cells["type_of_violence"].removesuffix(".0"))
    if kind is None:
        raise FaultyCell("type_of_violence", cells["type_of_violence"], "1, 2 or 3")
    low, best, high = (number_in(cells, column) for column in ("low", "best", "high"))
    deaths = CellKey(place, "conflict_deaths", period, settings.by, kind)
    events = CellKey(place, "conflict_events", period, settings.by, kind)
    return Taken(row, "", ((deaths, (min(low, best, high), best, max(low, best, high))), (events, (1.0, 1.0, 1.0))))
