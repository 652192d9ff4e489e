"""Tables and lines as plain text, for files and pipes: aligned columns that fit `WIDTH` where words can be broken.

A table that is too wide has its headings broken between words first, then its cells of words, the widest first.
Numbers are never broken, so a table of many numbers can still be wider. Lines are broken between words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap

from afterfall.report.kit.text_table import TextTable

#: Characters of a line; wider tables have their words broken, and so have notes.
WIDTH = 100
#: Space between two columns.
GAP = "  "
#: Before the lines that go on after one that begins with "- ".
BULLET = "  "
#: Cells of words are not made narrower than this.
LEAST = 24
Cell = tuple[str, ...]


def plain_line(line: str) -> str:
    """A line of text, broken between words where it is longer than `WIDTH`; what follows "- " is indented.

    >>> len(plain_line("word " * 40).splitlines())
    2
    """
    if len(line) <= WIDTH:
        return line
    return "\n".join(_broken(line, WIDTH, BULLET if line.startswith("- ") else "")) or line


def plain_text(grid: TextTable) -> str:
    """A table as aligned columns, two spaces between them, an empty line between sections."""
    sections = [[_cells(grid, row) for row in section] for section in grid.sections]
    headings: tuple[Cell, ...] = tuple((column.heading,) for column in grid.columns)
    widths = _widths(headings, sections)
    if _total(widths) > WIDTH:
        headings = _narrow_headings(headings, sections)
        widths = _widths(headings, sections)
    while _total(widths) > WIDTH and (widest := _widest_words(grid, sections, widths)) is not None:
        most = max(LEAST, widths[widest] - (_total(widths) - WIDTH))
        sections = [[_narrowed(row, widest, most) for row in section] for section in sections]
        headings = _narrowed(headings, widest, most)
        narrower = _widths(headings, sections)
        if narrower == widths:
            break
        widths = narrower
    rows = ["\n".join(_row(grid, row, widths) for row in section) for section in sections if section]
    head = [plain_line(grid.title)] if grid.title else []
    return "\n".join([*head, _row(grid, headings, widths), "\n\n".join(rows)])


def _cells(grid: TextTable, row: Sequence[str]) -> tuple[Cell, ...]:
    """The lines of each cell of a row."""
    return tuple(
        tuple(_broken(cell, column.wrap)) or ("",) if column.wrap else (cell,)
        for cell, column in zip(row, grid.columns, strict=True)
    )


def _broken(text: str, width: int, indent: str = "") -> list[str]:
    return wrap(
        text,
        width,
        break_long_words=False,
        break_on_hyphens=False,
        subsequent_indent=indent,
    )


def _widths(headings: Sequence[Cell], sections: Sequence[Sequence[Sequence[Cell]]]) -> list[int]:
    rows = [headings, *(row for section in sections for row in section)]
    return [max(len(part) for row in rows for part in row[i]) for i in range(len(headings))]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _narrow_headings(headings: Sequence[Cell], sections: Sequence[Sequence[Sequence[Cell]]]) -> tuple[Cell, ...]:
    """Headings broken to the width of the cells below them, or of their own longest word."""
    below = _widths([("",) for _ in headings], sections)
    longest = [max((len(word) for word in heading.split()), default=1) for (heading,) in headings]
    return tuple(
        tuple(_broken(heading, max(width, word, 1))) or ("",)
        for (heading,), width, word in zip(headings, below, longest, strict=True)
    )


def _widest_words(grid: TextTable, sections: Sequence[Sequence[Sequence[Cell]]], widths: Sequence[int]) -> int | None:
    """The widest column of words that can still be made narrower, None without one."""
    below = _widths([("",) for _ in grid.columns], sections)
    words = [
        i
        for i, column in enumerate(grid.columns)
        if column.side == "left" and below[i] > LEAST and any(" " in line for s in sections for r in s for line in r[i])
    ]
    return max(words, key=lambda i: widths[i], default=None)


def _narrowed(row: Sequence[Cell], column: int, width: int) -> tuple[Cell, ...]:
    """A row with one of its cells broken to a width."""
    return tuple(
        tuple(part for line in cell for part in (_broken(line, width) or [""])) if i == column else cell
        for i, cell in enumerate(row)
    )


def _row(grid: TextTable, row: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """A row as one line, or as many as its longest cell has."""
    return "\n".join(
        GAP.join(
            cell.rjust(width) if column.side == "right" else cell.ljust(width)
            for cell, width, column in zip(cells, widths, grid.columns, strict=True)
        ).rstrip()
        for cells in zip_longest(*row, fillvalue="")
    )
