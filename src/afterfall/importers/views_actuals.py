"""Actuals of VIEWS: deaths in state-based conflict by country and month, as its prediction challenge scores them.

**Forms.** Parquet (``cm_actuals_2018.parquet``) or CSV, with the columns ``month_id`` (1 is January 1980),
``country_id`` (VIEWS's number of a country) and ``outcome`` (``ged_sb`` in older files).

**What is read.** Every country and month, those without deaths as zero: VIEWS has a row for each country it covers, so
that a zero is known to be one. The numbers are UCDP's best estimates.

Sources: Hegre et al. (2024), The 2023/24 VIEWS Prediction Challenge, doi:10.1177/00223433241300862; VIEWS
documentation, https://viewsforecasting.org. UCDP data: CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from afterfall.case.dates import PartialDate, month_name
from afterfall.conflict.conflict_record import open_record
from afterfall.importers.file_tables import FileTable
from afterfall.importers.import_items import CellKey, FaultyCell, ImportSettings, Item, SkippedRow, Taken, number_in

#: Columns that must be there, with their other names.
VIEWS_NAMES: Mapping[str, tuple[str, ...]] = {
    "month_id": (),
    "country_id": (),
    "outcome": ("ged_sb", "ged_sb_best"),
}


def views_items(table: FileTable, settings: ImportSettings) -> Iterator[Item]:
    """An item for each country and month."""
    here = {name: next(n for n in (name, *others) if n in table.columns) for name, others in VIEWS_NAMES.items()}
    record = open_record()
    places = {str(number): code for number, code in zip(record.views_ids, record.countries, strict=True)}
    for row, cells in table.rows(here.values()):
        own = {name: cells[column] for name, column in here.items()}
        try:
            yield _row(row, own, places, settings)
        except FaultyCell as fault:
            yield FaultyCell(here[fault.column], fault.found, fault.expected).problem(table.file, row)


def _row(row: int, cells: dict[str, str], places: Mapping[str, str], settings: ImportSettings) -> Item:
    place = places.get(cells["country_id"].removesuffix(".0"), "")
    if not place:
        return SkippedRow(row, "country_id", f"VIEWS country {cells['country_id']}: not in the record of violence")
    if settings.countries and place not in settings.countries:
        return SkippedRow(row, "country_id", "not a country asked for")
    number = number_in(cells, "month_id", at_least=1.0)
    if number != int(number):
        raise FaultyCell("month_id", cells["month_id"], "a whole number of months, 1 for January 1980")
    month = month_name(int(number))
    if outside := settings.outside(PartialDate(month).last_day):
        return SkippedRow(row, "month_id", outside)
    deaths = number_in(cells, "outcome")
    period = month if settings.by == "month" else month[:4]
    key = CellKey(place, "conflict_deaths", period, settings.by, "state_based")
    return Taken(row, "", ((key, (deaths, deaths, deaths)),))
