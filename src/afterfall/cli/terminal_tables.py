"""Tables on a terminal of any width: columns side by side where every number fits, else a record for each row.

Words are broken over lines, numbers never. A table that would need more room than there is is not cropped: each of its
rows becomes a record, a line for each column, ``heading: value``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from afterfall.report.kit.text_table import TableColumn, TextTable
from afterfall.report.kit.theme import look

#: Words are broken over lines from this length on, those with a number in them (or an address) from the second.
WORDS, NUMBER = 15, 40
#: What stands between two columns, and the space by which the lines of a record are set in.
BETWEEN, INDENT = 1, 2


def print_table(console: Console, grid: TextTable) -> None:
    """Print a table so that every cell can be read at the console's width."""
    if room_needed(grid) <= console.width:
        console.print(_columns(grid, console.width))
        return
    if grid.title:
        console.print(Text(grid.title, "bold"), overflow="fold")
    for part in _records(grid, console.width):
        console.print(part, overflow="fold")


def room_needed(grid: TextTable) -> int:
    """Least width at which a table stands as columns without a broken number."""
    least = sum(_least(grid, i) for i in range(len(grid.columns)))
    return least + 2 * BETWEEN * len(grid.columns)


def _cells(grid: TextTable, column: int) -> Iterator[str]:
    return (row[column] for section in grid.sections for row in section)


def _least(grid: TextTable, column: int) -> int:
    """Least width of a column: its longest number, or words broken; its heading is broken between words only.

    A column of numbers that has a width to break at may show a range below its number.
    """
    given = grid.columns[column]
    cells = max((cell_len(cell) for cell in _cells(grid, column)), default=0)
    heading = max((cell_len(word) for word in given.heading.split()), default=0)
    numbers = (cell_len(word) for cell in _cells(grid, column) for word in cell.split() if any(map(str.isdigit, word)))
    if given.side == "right" and given.wrap:
        return max(heading, *(cell_len(word) for cell in _cells(grid, column) for word in cell.split()), 0)
    words = max(min(cells, WORDS), min(max(numbers, default=0), NUMBER))
    return max(cells if given.side == "right" else words, heading)


def _widths(grid: TextTable, room: int) -> list[int]:
    """Widths of columns that fill no more than the room there is; what is over the least goes where most is folded."""
    widths = [_least(grid, i) for i in range(len(grid.columns))]
    wanted = [
        max(least, *(cell_len(text) for text in (*_headings(column), *_cells(grid, i))))
        for i, (least, column) in enumerate(zip(widths, grid.columns, strict=True))
    ]
    for _ in range(min(room - room_needed(grid), sum(wanted) - sum(widths))):
        folded = [want - width for want, width in zip(wanted, widths, strict=True)]
        widths[folded.index(max(folded))] += 1
    return widths


def _headings(column: TableColumn) -> list[str]:
    """The lines of a heading: a group stands above its own."""
    return column.heading.replace(": ", ":\n").split("\n")


def _columns(grid: TextTable, room: int) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        title=grid.title or None,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
        collapse_padding=True,
    )
    for column, width in zip(grid.columns, _widths(grid, room), strict=True):
        # rich crops what is over where widths are only bounded.
        table.add_column(Text("\n".join(_headings(column))), justify=column.side, overflow="fold", width=width)
    for section in grid.sections:
        for row in section:
            table.add_row(*(coloured(cell) for cell in row))
        table.add_section()
    return table


def _records(grid: TextTable, width: int) -> Iterator[RenderableType]:
    """The rows one after another, an empty line between them."""
    columns = [TableColumn(heading, column.side) for heading, column in zip(_full(grid), grid.columns, strict=True)]
    for section in grid.sections:
        for row in section:
            yield ""
            name, rest = _named(columns, row)
            yield Text(name, "bold")
            for column, cell in rest:
                yield Padding(_entry(column.heading, cell, width - INDENT), (0, 0, 0, INDENT), expand=False)
    yield ""


def _full(grid: TextTable) -> Iterator[str]:
    """Headings that can stand alone: one that comes again takes the group that it stands in, as in ``now: median``."""
    last = Counter(column.heading.rpartition(": ")[2] for column in grid.columns)
    group = ""
    for column in grid.columns:
        before, between, own = column.heading.rpartition(": ")
        group = before + between or group
        yield group + own if last[own] > 1 else column.heading


def _named(columns: Sequence[TableColumn], row: Sequence[str]) -> tuple[str, list[tuple[TableColumn, str]]]:
    """The name of a record, its first words, and the other cells that hold something."""
    name: list[str] = []
    rest = list(zip(columns, row, strict=True))
    while rest and rest[0][0].side == "left" and len(name) < 2:
        column, cell = rest.pop(0)
        if cell:
            name.append(cell)
        if column.heading and cell:
            break
    return " ".join(name), [(column, cell) for column, cell in rest if cell]


def _entry(heading: str, cell: str, width: int) -> Text:
    """A heading and a value on one line, or the value below where a number would be broken."""
    if not heading:
        return coloured(cell)
    between = " " if cell_len(heading) + cell_len(cell) + 2 <= width else "\n  "
    return Text.assemble(f"{heading}:{between}", coloured(cell))


def coloured(cell: str) -> Text:
    """The text of a cell; the letter of a pathway takes the pathway's colour."""
    mark = next((m for m in look().pathways.values() if m.letter == cell), None)
    return Text(cell, style=f"bold {mark.fill}" if mark else "")
