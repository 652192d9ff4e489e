"""A table as headings and cells of text; who prints it decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """Heading of a column, the side of its cells (numbers right, words left), and where they are broken.

    Plain text breaks the cells between words at `wrap` characters (0: never); terminals break them by their width.
    """

    heading: str
    side: Side = "left"
    wrap: int = 0


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table: `sections` of rows are separated by a rule or a gap; every row has a cell a column."""

    columns: tuple[TableColumn, ...]
    sections: tuple[tuple[tuple[str, ...], ...], ...]
    title: str = ""


def word_columns(*headings: str) -> tuple[TableColumn, ...]:
    """Columns of words."""
    return tuple(TableColumn(heading) for heading in headings)


def number_columns(*headings: str) -> tuple[TableColumn, ...]:
    """Columns of numbers."""
    return tuple(TableColumn(heading, "right") for heading in headings)
