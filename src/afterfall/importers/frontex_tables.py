"""Frontex's monthly detections of illegal border-crossing: crossings of the Union's outer border by year.

**Form.** The sheet *Detections_of_IBC* of the workbook "Monthly detections of IBC", saved as CSV: a row for each route,
type of border and nationality, and a column for each month (``JAN2009``).

**What is read.** The sum of each year all of whose twelve months are there, in all (``irregular_crossings``) and by
nationality (``crossings_by``). Detections are crossings, not people: one person may be counted more than once. Rows of
crossings inland and of ways out (towards the United Kingdom) are left out. Empty cells are none detected.

Sources: Frontex, Migratory map, https://www.frontex.europa.eu/what-we-do/monitoring-and-risk-analysis/migratory-map/,
with the notes of the workbook. Reuse with acknowledgement: https://www.frontex.europa.eu/legal/.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from afterfall.case.dates import PartialDate
from afterfall.importers.country_names import country_code
from afterfall.importers.file_tables import FileTable
from afterfall.importers.import_items import (
    CellKey,
    FaultyCell,
    ImportSettings,
    Item,
    Numbers,
    SkippedRow,
    Taken,
    number_in,
)

#: The columns that are no months, with their other names.
FRONTEX_NAMES: Mapping[str, tuple[str, ...]] = {
    "Route": ("route",),
    "Border type or inland": ("BorderType", "Border type", "BorderLocation"),
    "Nationality": ("NationalityLong", "nationality"),
}
MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
NAMED = re.compile(rf"({'|'.join(MONTH_NAMES)})[ -]?(20\d\d)", re.IGNORECASE)
DATED = re.compile(r"(20\d\d)-(\d\d)(?:-\d\d)?(?: 00:00:00)?")
#: Words of a route or type of border that is no way in from outside.
NOT_IN = ("exit", "inland")


def month_of(column: str) -> str:
    """The month that a column is about; empty for another column.

    >>> month_of("JAN2009"), month_of("2009-02-01 00:00:00"), month_of("Route")
    ('2009-01', '2009-02', '')
    """
    if match := NAMED.fullmatch(column):
        return f"{match[2]}-{MONTH_NAMES.index(match[1].upper()) + 1:02d}"
    match = DATED.fullmatch(column)
    return f"{match[1]}-{match[2]}" if match else ""


def frontex_items(table: FileTable, settings: ImportSettings) -> Iterator[Item]:
    """An item for each row of a Frontex table, with the sums of its whole years."""
    here = {name: next(n for n in (name, *others) if n in table.columns) for name, others in FRONTEX_NAMES.items()}
    years, partial = _whole_years(table.columns, settings)
    for column, reason in partial:
        yield SkippedRow(1, column, reason)
    for row, cells in table.rows():
        try:
            yield _row(row, cells, here, years, settings)
        except FaultyCell as fault:
            yield fault.problem(table.file, row)


def _whole_years(
    columns: Sequence[str], settings: ImportSettings
) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Columns of each year that has twelve, and the columns of others with the reason to leave them out."""
    months: dict[str, list[str]] = {}
    for column in columns:
        if month := month_of(column):
            months.setdefault(month[:4], []).append(column)
    whole, partial = {}, []
    for year, of_year in months.items():
        reason = settings.outside(PartialDate(year).last_day) or settings.outside(dt.date(int(year), 1, 1))
        if not reason and len({month_of(column) for column in of_year}) < len(MONTH_NAMES):
            reason = f"{year} has {len(of_year)} of {len(MONTH_NAMES)} months"
        if reason:
            partial += [(column, reason) for column in of_year]
        else:
            whole[year] = of_year
    return whole, partial


def _row(
    row: int, cells: dict[str, str], here: Mapping[str, str], years: dict[str, list[str]], settings: ImportSettings
) -> Item:
    route, border, name = (cells[here[column]] for column in FRONTEX_NAMES)
    for text in (border, route):
        if any(word in text.casefold() for word in NOT_IN):
            return SkippedRow(row, here["Route"], f"{text}: no way in across the outer border")
    nationality = country_code(name)
    parts: list[tuple[CellKey, Numbers]] = []
    for year, columns in years.items():
        number = sum(number_in(cells, column) for column in columns if cells[column])
        if number:
            unit = "crossings a year"
            total = CellKey(settings.place, "irregular_crossings", year, unit=unit)
            parts.append((total, (number, number, number)))
            if nationality and (not settings.countries or nationality in settings.countries):
                by = CellKey(settings.place, "crossings_by", year, other=nationality, unit=unit)
                parts.append((by, (number, number, number)))
    return Taken(row, "", tuple(parts)) if parts else SkippedRow(row, "", "no crossing in a whole year")
