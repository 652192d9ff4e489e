"""What a reader of a public data set finds in each row: numbers for the case, a reason to leave it out, or a fault.

A reader goes through a file and yields one item for each row, or for each cell of a table that has a column a period.
Numbers with one `CellKey` are added up into one row of a case.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from afterfall.case.cells import NUMBER
from afterfall.case.dates import PartialDate
from afterfall.case.number_hints import date_hint, number_hint
from afterfall.case.problems import Problem
from afterfall.case.records import Basis
from afterfall.importers.file_tables import FileTable

Period = Literal["month", "year"]


@dataclass(frozen=True, slots=True)
class CellKey:
    """What a number of the case counts: a figure where it has a `basis`, else a covariate.

    Attributes
    ----------
    place
        Code of the place.
    name
        Quantity of a figure, or name of a covariate without its second place.
    refers_to
        The year, month or day it describes.
    basis, definition
        Of a figure.
    other
        Code of the second place of a covariate; empty where it has none.
    unit
        Of a covariate.
    """

    place: str
    name: str
    refers_to: str
    basis: Basis | None = None
    definition: str = ""
    other: str = ""
    unit: str = ""


Numbers = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Taken:
    """Numbers (low, value, high) that a row gives, each for one row of the case; `dated` is when the row was public."""

    row: int
    column: str
    parts: tuple[tuple[CellKey, Numbers], ...]
    dated: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row, or a cell of a row, that is not used, and why."""

    row: int
    column: str
    reason: str
    dated: dt.date | None = None


Item = Taken | SkippedRow | Problem


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What to take from a file.

    Attributes
    ----------
    countries
        Codes of the countries to read; empty for all.
    actor
        Whole words in the name of a side or an actor of an event, in any case; empty for all events.
    by
        Whether events are added up by month or by year.
    since, until
        First and last day of what rows describe; None for no limit.
    place
        Code of the place that a table without places is about (the European Union's outer border).
    """

    countries: frozenset[str] = frozenset()
    actor: str = ""
    by: Period = "month"
    since: dt.date | None = None
    until: dt.date | None = None
    place: str = "XEU"

    def outside(self, day: dt.date) -> str:
        """Why a day is outside the dates asked for; empty where it is inside."""
        if self.since is not None and day < self.since:
            return f"before {self.since}"
        return f"after {self.until}" if self.until is not None and day > self.until else ""

    def is_about(self, names: Iterable[str]) -> bool:
        """Whether the actor asked for is one of some names, or whole words of one.

        >>> settings = ImportSettings(actor="is")
        >>> settings.is_about(["IS", "Government of Iraq"]), settings.is_about(["ISI"])
        (True, False)
        """
        if not self.actor:
            return True
        words = re.compile(rf"(?<!\w){re.escape(self.actor)}(?!\w)", re.IGNORECASE)
        return any(words.search(name) for name in names)


Reader = Callable[[FileTable, ImportSettings], Iterator[Item]]


class FaultyCell(ValueError):
    """A cell that cannot be read: its column, what was found and what was expected."""

    def __init__(self, column: str, found: str, expected: str) -> None:
        super().__init__(f"{column}: found {found!r}; expected {expected}")
        self.column, self.found, self.expected = column, found, expected

    def problem(self, file: str, row: int) -> Problem:
        """The problem to report, with file and row."""
        return Problem(file, row, self.column, repr(self.found), self.expected)


def number_in(cells: dict[str, str], column: str, *, at_least: float | None = 0.0) -> float:
    """The number in a cell.

    Raises
    ------
    FaultyCell
        If it is no plain number, or is below `at_least`.
    """
    text = cells[column]
    if not NUMBER.fullmatch(text):
        hint = number_hint(text)
        raise FaultyCell(column, text, "a number" + (f"; {hint}" if hint else ""))
    number = float(text)
    if not math.isfinite(number):
        raise FaultyCell(column, text, "a finite number")
    if at_least is not None and number < at_least:
        raise FaultyCell(column, text, f"a number of at least {at_least:g}")
    return number


def day_in(cells: dict[str, str], column: str) -> dt.date:
    """The day in a cell: ``2016-01-31``, with or without a time after it, or ``31 January 2016``.

    Raises
    ------
    FaultyCell
        If it is no day.
    """
    text = cells[column]
    day = text[:10] if text[10:11] in ("", " ", "T") else text
    for form in ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%B-%Y"):
        try:
            return dt.datetime.strptime(day, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    hint = date_hint(text)
    raise FaultyCell(column, text, "a day as YYYY-MM-DD" + (f"; {hint}" if hint else ""))


def period_of(start: dt.date, end: dt.date, by: Period) -> str:
    """The month or year that contains both days; empty where none does."""
    form = "%Y-%m" if by == "month" else "%Y"
    first, last = start.strftime(form), end.strftime(form)
    return first if first == last else ""


def year_in(cells: dict[str, str], column: str) -> str:
    """The year in a cell, which some files write as a number with a fraction (2016.0).

    Raises
    ------
    FaultyCell
        If it is no year of four digits.
    """
    text = cells[column].removesuffix(".0")
    try:
        if PartialDate(text).precision == "year":
            return text
    except ValueError:
        pass
    raise FaultyCell(column, cells[column], "a year as YYYY")
