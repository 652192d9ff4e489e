"""Eurostat's asylum applicants by citizenship (``migr_asyappctza``, ``migr_asyappctzm``): first applications.

**Forms.** SDMX-CSV of the dissemination API (one observation a row, with the columns DATAFLOW and LAST UPDATE), and the
TSV file of the bulk download (dimensions in the first column, separated by commas, and a column for each period).

**What is read.** Persons of all ages and both sexes who applied for the first time (``FRST``; ``NASY_APP`` in files
from before 2023), by country of citizenship and of application, in a year or a month. ``:`` means not available.
Letters after a number are flags (``p`` provisional, ``e`` estimated), and the number is read. Groups of countries,
totals and unknown citizenships are left out. Eurostat rounds each number to 5. ``LAST UPDATE`` dates the file.

Sources: Eurostat, Asylum applications: metadata in ESMS format, migr_asyapp; API documentation on SDMX-CSV and TSV,
https://ec.europa.eu/eurostat/web/user-guides/data-browser/api-data-access. Licence CC BY 4.0.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from afterfall.case.dates import PartialDate
from afterfall.importers.country_names import eurostat_country
from afterfall.importers.file_tables import FileTable
from afterfall.importers.import_items import CellKey, FaultyCell, ImportSettings, Item, SkippedRow, Taken, number_in

#: What the first column of a TSV file is called, at its end.
STACKED = r"geo\TIME_PERIOD"
#: Columns that SDMX-CSV must have.
NEEDED = ("sex", "age", "citizen", "geo", "TIME_PERIOD", "OBS_VALUE")
#: Names of the dimension that tells first applications from all, and its codes for them.
APPLICANTS = ("applicant", "asyl_app")
FIRST = frozenset({"FRST", "NASY_APP"})
#: Codes of everybody, by dimension.
EVERYBODY = {"sex": "T", "age": "TOTAL"}
VALUE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")
UPDATED = re.compile(r"(\d{2})/(\d{2})/(\d{2})\b")
MISSING = ":"


def is_stacked(column: str) -> bool:
    """Whether a column is the first one of a TSV file of the bulk download."""
    return column.endswith(STACKED) and "citizen" in column


def eurostat_items(table: FileTable, settings: ImportSettings) -> Iterator[Item]:
    """An item for each observation of a Eurostat file."""
    stacked = is_stacked(table.columns[0])
    for row, cells in table.rows():
        try:
            yield from _stacked(row, cells, table.columns, settings) if stacked else _observation(row, cells, settings)
        except FaultyCell as fault:
            yield fault.problem(table.file, row)


def _observation(row: int, cells: dict[str, str], settings: ImportSettings) -> Iterator[Item]:
    dated = _updated(cells)
    reason, where = _wanted(cells, settings)
    if reason:
        yield SkippedRow(row, "", reason, dated)
        return
    yield _number(row, "OBS_VALUE", cells["OBS_VALUE"], (*where, cells["TIME_PERIOD"]), settings, dated)


def _stacked(row: int, cells: dict[str, str], columns: tuple[str, ...], settings: ImportSettings) -> Iterator[Item]:
    names = columns[0].removesuffix(r"\TIME_PERIOD").split(",")
    codes = cells[columns[0]].split(",")
    if len(codes) != len(names):
        raise FaultyCell(columns[0], cells[columns[0]], f"{len(names)} codes with commas between")
    reason, where = _wanted(dict(zip(names, codes, strict=True)), settings)
    if reason:
        yield SkippedRow(row, "", reason)
        return
    for column in columns[1:]:
        yield _number(row, column, cells[column], (*where, column), settings, None)


def _wanted(cells: dict[str, str], settings: ImportSettings) -> tuple[str, tuple[str, str]]:
    """Why a row is not wanted (empty where it is), and its countries of application and of citizenship."""
    for dimension, code in EVERYBODY.items():
        if cells[dimension] != code:
            return f"{dimension} {cells[dimension]}: a part of those counted", ("", "")
    applicant = next((cells[name] for name in APPLICANTS if name in cells), "")
    if applicant and applicant not in FIRST:
        return f"applicant {applicant}: not first applications", ("", "")
    place, citizen = eurostat_country(cells["geo"]), eurostat_country(cells["citizen"])
    for dimension, found in (("geo", place), ("citizen", citizen)):
        if not found:
            return f"{dimension} {cells[dimension]}: not one country", ("", "")
    if settings.countries and not {place, citizen} & settings.countries:
        return "neither country is one asked for", ("", "")
    return "", (place, citizen)


def _number(
    row: int,
    column: str,
    text: str,
    where: tuple[str, str, str],
    settings: ImportSettings,
    dated: dt.date | None,
) -> Item:
    place, citizen, period = where
    try:
        when = PartialDate(period)
    except ValueError:
        raise FaultyCell(column, period, "a year as YYYY or a month as YYYY-MM") from None
    if outside := settings.outside(when.last_day):
        return SkippedRow(row, column, outside, dated)
    if not text or text.startswith(MISSING):
        return SkippedRow(row, column, "not available", dated)
    match = VALUE.fullmatch(text)
    if match is None:
        raise FaultyCell(column, text, "a number, with or without flags")
    number = number_in({column: match[1]}, column)
    key = CellKey(place, "asylum_applications", period, other=citizen, unit="persons")
    return Taken(row, column, ((key, (number, number, number)),), dated)


def _updated(cells: dict[str, str]) -> dt.date | None:
    """Day of LAST UPDATE (DD/MM/YY); None where the file does not have it."""
    text = cells.get("LAST UPDATE", "")
    if not text:
        return None
    match = UPDATED.match(text)
    try:
        if match is not None:
            return dt.date(2000 + int(match[3]), int(match[2]), int(match[1]))
        return PartialDate(text[:10]).last_day
    except ValueError:
        raise FaultyCell("LAST UPDATE", text, "a day as DD/MM/YY") from None
