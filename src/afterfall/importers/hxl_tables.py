"""Tables of the Humanitarian Data Exchange (HDX) with a row of HXL hashtags: columns are known by tag, not by name.

**Form.** CSV with a header row and a row of tags below it. A tag is a hashtag with attributes, ``#date+year``.

**What is read.** The country of a row is its ``#country+code`` (of three letters), else its ``#country+name``; with the
attributes ``+origin`` and ``+asylum`` (or ``+destination``) a row has two. Its date is ``#date+year``, ``#date+month``
(a month as YYYY-MM), or ``#date`` and ``#date+start``. Its numbers are

===========================================  =========================================================================
``#affected+refugees``                       refugees, where a row has both countries
``#affected+asylum*``                        asylum-seekers, likewise
``#affected+idps``, ``#affected+displaced``  displaced within the country
``#indicator+code``, ``#indicator+value``    World Bank: ``NY.GDP.PCAP.CD`` and ``PV.EST``, as the covariates
                                             ``log_gdp_per_capita`` (its logarithm) and ``instability`` (minus it)
===========================================  =========================================================================

Other columns are listed as left out.

Sources: HXL standard 1.1, https://hxlstandard.org/standard/1-1final/dictionary/; World Bank, World Development
Indicators and Worldwide Governance Indicators (CC BY 4.0). The licence of a table is the one on its page on HDX.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from afterfall.case.dates import PartialDate
from afterfall.case.problems import Problem
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

#: Hashtag and one attribute (or more, any of them) of columns of people, with the covariate; the last says whether a
#: row needs both countries.
PEOPLE: tuple[tuple[str, frozenset[str], str, bool], ...] = (
    ("#affected", frozenset({"refugees"}), "refugees", True),
    ("#affected", frozenset({"asylum", "asylumseekers", "asylum_seekers"}), "asylum_seekers", True),
    ("#affected", frozenset({"idps", "displaced"}), "displaced", False),
)
GDP, STABILITY = "NY.GDP.PCAP.CD", frozenset({"PV.EST", "GOV_WGI_PV.EST"})
ORIGIN, ASYLUM = frozenset({"origin"}), frozenset({"asylum", "destination"})
NEEDED = "#country+code or #country+name, #date, and #affected+refugees, #affected+idps or #indicator+value"


#: A column, its hashtag and its attributes.
Tag = tuple[str, str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class TaggedColumns:
    """Which columns hold what; empty where there is none."""

    country: str
    origin: str
    date: str
    people: tuple[tuple[str, str, bool], ...]
    indicator: str
    value: str


def hxl_items(table: FileTable, settings: ImportSettings) -> Iterator[Item]:
    """An item for each row of a tagged table, and one for each column whose tag is not read."""
    columns = tagged_columns(table)
    if not columns.country or not columns.date or not (columns.people or (columns.indicator and columns.value)):
        found = ", ".join(filter(None, table.tags)) or "no row of tags"
        yield Problem(table.file, 2, None, found, f"a row of HXL tags with {NEEDED}")
        return
    used = {columns.country, columns.origin, columns.date, columns.indicator, columns.value}
    used |= {column for column, _, _ in columns.people}
    for column, tag in zip(table.columns, table.tags, strict=False):
        if tag and column not in used:
            yield SkippedRow(2, column, f"{tag}: no column of a case for it")
    for row, cells in table.rows():
        try:
            yield _row(row, cells, columns, settings)
        except FaultyCell as fault:
            yield fault.problem(table.file, row)


def tagged_columns(table: FileTable) -> TaggedColumns:
    """Which columns hold what, by their tags."""
    tags = [(column, *_parts(tag)) for column, tag in zip(table.columns, table.tags, strict=False)]
    people = []
    for hashtag, attributes, covariate, of_pair in PEOPLE:
        found = [column for column, own, has in tags if own == hashtag and has & attributes]
        people += [(column, covariate, of_pair) for column in found[:1]]
    dates = [("#date", attributes) for attributes in ({"year"}, {"month"}, {"start"}, set[str]())]
    return TaggedColumns(
        country=_first(tags, ("#country", {"code"}), ("#country", {"name"}), ("#country", set()), without=ORIGIN),
        origin=_first(tags, ("#country", {"code", "origin"}), ("#country", {"origin"})),
        date=_first(tags, *dates),
        people=tuple(people),
        indicator=_first(tags, ("#indicator", {"code"})),
        value=_first(tags, ("#indicator", {"value"})),
    )


def _parts(tag: str) -> tuple[str, frozenset[str]]:
    hashtag, *attributes = tag.strip().casefold().split("+")
    return hashtag, frozenset(attributes)


def _first(
    tags: Sequence[tuple[str, str, frozenset[str]]],
    *wanted: tuple[str, set[str]],
    without: frozenset[str] = frozenset(),
) -> str:
    """The first column that has a hashtag and all attributes of the first wish that one fulfils."""
    for hashtag, attributes in wanted:
        for column, own, has in tags:
            if own == hashtag and attributes <= has and not has & without:
                return column
    return ""


def _row(row: int, cells: dict[str, str], columns: TaggedColumns, settings: ImportSettings) -> Item:
    place = country_code(cells[columns.country])
    other = country_code(cells[columns.origin]) if columns.origin else ""
    if not place:
        return SkippedRow(row, columns.country, f"{cells[columns.country]!r}: no country of that name is known")
    if settings.countries and not {place, other} & settings.countries:
        return SkippedRow(row, columns.country, "not a country asked for")
    when = _date(cells, columns.date)
    if outside := settings.outside(PartialDate(when).last_day):
        return SkippedRow(row, columns.date, outside)
    parts: list[tuple[CellKey, Numbers]] = []
    for column, covariate, of_pair in columns.people:
        if cells[column] and (other or not of_pair):
            number = number_in(cells, column)
            key = CellKey(place, covariate, when, other=other if of_pair else "", unit="persons")
            parts.append((key, (number, number, number)))
    if columns.indicator and cells[columns.value]:
        parts += _indicator(cells, columns, place, when)
    return Taken(row, "", tuple(parts)) if parts else SkippedRow(row, "", "no number of a case")


def _date(cells: dict[str, str], column: str) -> str:
    text = cells[column].removesuffix(".0")
    for date in (text, text[:10]):
        try:
            return PartialDate(date).text
        except ValueError:
            continue
    raise FaultyCell(column, cells[column], "a date as YYYY, YYYY-MM or YYYY-MM-DD")


def _indicator(
    cells: dict[str, str], columns: TaggedColumns, place: str, when: str
) -> Iterator[tuple[CellKey, Numbers]]:
    code = cells[columns.indicator]
    if code == GDP:
        value = number_in(cells, columns.value)
        if value > 0:
            log = round(math.log(value), 2)
            yield CellKey(place, "log_gdp_per_capita", when, unit="log US dollars"), (log, log, log)
    elif code in STABILITY:
        value = -round(number_in(cells, columns.value, at_least=None), 2)
        yield CellKey(place, "instability", when, unit="standard deviations"), (value, value, value)
