"""Where text goes: results to stdout, notes and files to stderr; plain columns where stdout is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from afterfall.case.text_rules import visible
from afterfall.cli.terminal_text import TextConsole, terminal_json, terminal_table
from afterfall.report.kit.text_table import TextTable
from afterfall.report.kit.theme import look

if TYPE_CHECKING:
    from afterfall.run import Run

#: Space between two columns of plain text.
GAP = "  "
#: On a narrow terminal words are broken over lines from this length on, and numbers never.
WORDS, NUMBER = 15, 40


def stderr() -> TextConsole:
    """A console on stderr for progress, notices and errors; rich honours NO_COLOR."""
    return TextConsole(file=sys.stderr, soft_wrap=True)


def note_run(run: Run | None, name: str = "run") -> None:
    """Say on stderr where a run is kept, where it is."""
    if run is not None and run.path is not None:
        stderr().print(f"{name}: {run.path}" + (" (finished before, reused)" if run.reused else ""))


def note_picture(png: Path, svg: Path) -> None:
    """Say on stderr where a picture is."""
    stderr().print(f"picture: {png} and {svg.name}")


def save_picture(chart: Any, stem: Path, words: str) -> None:
    """Save a chart as PNG and SVG, with words that say the same, and say on stderr where."""
    from afterfall.report.kit.saving import save_chart

    svg, png = save_chart(chart, stem, words)
    note_picture(png, svg)


def show(before: Iterable[str], grids: Iterable[TextTable], after: Iterable[str] = ()) -> None:
    """Print lines, tables and lines on stdout: with rules and colours on a terminal, as aligned columns elsewhere."""
    printed = _show_rich if sys.stdout.isatty() else _show_plain
    printed(map(visible, before), map(terminal_table, grids), map(visible, after))
    sys.stdout.flush()


def show_json(content: dict[str, Any]) -> None:
    """Print exactly one JSON object on stdout."""
    sys.stdout.write(terminal_json(content) + "\n")
    sys.stdout.flush()


def show_text(text: str) -> None:
    """Print a text on stdout as it is, but for what would act on a terminal."""
    sys.stdout.write(visible(text))
    sys.stdout.flush()


def _show_rich(before: Iterable[str], grids: Iterable[TextTable], after: Iterable[str]) -> None:
    console = TextConsole(file=sys.stdout)
    for i, line in enumerate(before):
        console.print(line, style="bold" if i == 0 else None)
    for grid in grids:
        console.print(_rich_table(grid))
    for line in after:
        console.print(line)


def _rich_table(grid: TextTable) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        title=grid.title or None,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
        collapse_padding=True,
    )
    for i, column in enumerate(grid.columns):
        longest = max((len(row[i]) for section in grid.sections for row in section), default=0)
        least = NUMBER if column.side == "right" else WORDS
        heading = Text(column.heading.replace(": ", ":\n"))
        table.add_column(heading, justify=column.side, overflow="fold", min_width=min(longest, least))
    for section in grid.sections:
        for row in section:
            table.add_row(*(_coloured(cell) for cell in row))
        table.add_section()
    return table


def _coloured(cell: str) -> Text:
    """The text of a cell; the letter of a pathway takes the pathway's colour."""
    mark = next((m for m in look().pathways.values() if m.letter == cell), None)
    return Text(cell, style=f"bold {mark.fill}" if mark else "")


def _show_plain(before: Iterable[str], grids: Iterable[TextTable], after: Iterable[str]) -> None:
    blocks = ["\n".join(before), *(plain_text(grid) for grid in grids), "\n".join(after)]
    sys.stdout.write("\n\n".join(block for block in blocks if block) + "\n")


def plain_text(grid: TextTable) -> str:
    """A table as aligned columns, two spaces between them, an empty line between sections."""
    headings = tuple(column.heading for column in grid.columns)
    rows = [headings, *(row for section in grid.sections for row in section)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(headings))]
    sections = ["\n".join(_plain_row(grid, row, widths) for row in section) for section in grid.sections if section]
    head = [grid.title] if grid.title else []
    return "\n".join([*head, _plain_row(grid, headings, widths), "\n\n".join(sections)])


def _plain_row(grid: TextTable, row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if column.side == "right" else cell.ljust(width)
        for cell, width, column in zip(row, widths, grid.columns, strict=True)
    )
    return GAP.join(cells).rstrip()
