"""Population and solutions tables of the UNHCR Refugee Data Finder: people who fled, and who came back, by year.

**Forms.** ``population.csv`` and ``solutions.csv`` of a download (headers such as "Country of origin (ISO)"), with or
without notes above the header; the JSON answer of the API (``population``, ``solutions``), whose pages are to be in one
list; and a CSV file with the names of the API (``coo_iso``, ``coa_iso``), as the R package *refugees* has them.

**What is read.** Of the population: refugees, asylum-seekers, and people displaced within their country, at the end of
a year. Of the solutions: refugees who returned, were resettled or naturalised, and displaced people who returned,
within a year. The column of returned refugees in the population table is not read: the solutions table has the same
people by country of origin. A zero is left out, for the tables write it for none, for unknown and for numbers below
five alike.

Sources: UNHCR Refugee Data Finder, methodology and definitions, https://www.unhcr.org/refugee-statistics/methodology/;
API documentation, https://api.unhcr.org/docs/refugee-statistics.html. Licence CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from afterfall.case.dates import PartialDate
from afterfall.case.place_names import is_country_code
from afterfall.importers.file_tables import FileTable
from afterfall.importers.import_items import (
    CellKey,
    FaultyCell,
    ImportSettings,
    Item,
    SkippedRow,
    Taken,
    number_in,
    year_in,
)

#: Columns of both tables by the name of the API, with their other names.
SHARED = {
    "year": ("Year",),
    "coo_iso": ("Country of origin (ISO)", "Country of Origin ISO"),
    "coa_iso": ("Country of asylum (ISO)", "Country of Asylum ISO"),
}


@dataclass(frozen=True, slots=True)
class Movement:
    """A column of people on the move: other names, its covariate, and which country is the place.

    `at_origin` says that the place is the country of origin, and not that of asylum. `within` says that both are one.
    """

    names: tuple[str, ...]
    covariate: str
    at_origin: bool = False
    within: bool = False


POPULATION: Mapping[str, Movement] = {
    "refugees": Movement(("Refugees under UNHCR's mandate", "Refugees under UNHCR’s mandate"), "refugees"),
    "asylum_seekers": Movement(("Asylum-seekers", "Asylum seekers"), "asylum_seekers"),
    "idps": Movement(("IDPs of concern to UNHCR",), "displaced", within=True),
}
SOLUTIONS: Mapping[str, Movement] = {
    "returned_refugees": Movement(("Returned refugees", "Refugee returns"), "refugee_returns", at_origin=True),
    "resettlement": Movement(("Resettlement arrivals",), "resettled_refugees"),
    "naturalisation": Movement(("Naturalisation",), "naturalised_refugees"),
    "returned_idps": Movement(("Returned IDPs", "Returned IDPss", "IDP returns"), "displaced_returns", within=True),
}
MISSING = frozenset({"", "-"})


def unhcr_names(movements: Mapping[str, Movement]) -> dict[str, tuple[str, ...]]:
    """The columns that a table must have, each with its other names."""
    return {**SHARED, **{name: movement.names for name, movement in movements.items()}}


def unhcr_reader(movements: Mapping[str, Movement]) -> Callable[[FileTable, ImportSettings], Iterator[Item]]:
    """A reader of the table with these columns of people."""
    names = unhcr_names(movements)

    def read(table: FileTable, settings: ImportSettings) -> Iterator[Item]:
        here = {name: next((n for n in (name, *others) if n in table.columns), "") for name, others in names.items()}
        for row, cells in table.rows(filter(None, here.values())):
            own = {name: cells[column] for name, column in here.items() if column}
            try:
                yield from _row(row, own, movements, settings)
            except FaultyCell as fault:
                yield FaultyCell(here[fault.column], fault.found, fault.expected).problem(table.file, row)

    return read


def _row(
    row: int, cells: dict[str, str], movements: Mapping[str, Movement], settings: ImportSettings
) -> Iterator[Item]:
    origin, asylum = cells["coo_iso"], cells["coa_iso"]
    for column, code in (("coo_iso", origin), ("coa_iso", asylum)):
        if not is_country_code(code):
            what = "a total" if code in MISSING else f"{code!r}, no country's code"
            yield SkippedRow(row, column, f"{what}: not one country")
            return
    if settings.countries and not {origin, asylum} & settings.countries:
        yield SkippedRow(row, "coa_iso", "neither country is one asked for")
        return
    year = year_in(cells, "year")
    if outside := settings.outside(PartialDate(year).last_day):
        yield SkippedRow(row, "year", outside)
        return
    yield from _counts(row, cells, movements, (origin, asylum, year))


def _counts(
    row: int, cells: dict[str, str], movements: Mapping[str, Movement], where: tuple[str, str, str]
) -> Iterator[Item]:
    origin, asylum, year = where
    found = []
    for column, movement in movements.items():
        if column not in cells or cells[column] in MISSING:
            continue
        number = number_in(cells, column)
        if number == 0 or (movement.within and origin != asylum):
            continue
        place, other = (origin, asylum) if movement.at_origin else (asylum, origin)
        key = CellKey(place, movement.covariate, year, other="" if movement.within else other, unit="persons")
        found.append((key, (number, number, number)))
    yield (
        Taken(row, "", tuple(found))
        if found
        else SkippedRow(row, "", "no number above zero in the columns that are read")
    )
