"""The one way by which text reaches a terminal: nothing in it acts on the terminal, whoever wrote it.

Cells of a case, names of files, provenance of a stranger's run and messages of errors can hold escape sequences, marks
that turn the direction of writing, and bytes that are no text. What the door of a case refuses is shown as its escape
here; what passes the door is shown as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from afterfall.case.text_rules import acts_or_hides, visible
from afterfall.report.kit.text_table import TextTable


def terminal_line(text: str) -> str:
    r"""A text that must stay on one line, as the cell of a table.

    >>> terminal_line("a note\nof two lines")
    'a note\\nof two lines'
    """
    return visible(text).replace("\n", "\\n")


def terminal_table(grid: TextTable) -> TextTable:
    """A table whose title, headings and cells can be printed."""
    return TextTable(
        tuple(replace(column, heading=terminal_line(column.heading)) for column in grid.columns),
        tuple(tuple(tuple(map(terminal_line, row)) for row in section) for section in grid.sections),
        terminal_line(grid.title),
    )


def terminal_json(content: dict[str, Any], *, ascii_only: bool = False) -> str:
    r"""A JSON object as text that a terminal can show: the escapes are JSON's own, so that the content is the same.

    With `ascii_only`, for streams of an 8-bit encoding, every other character is escaped as well.

    >>> print(terminal_json({"name": "Ar\u202eda"}))
    {
      "name": "Ar\u202eda"
    }
    """
    text = json.dumps(content, indent=2, ensure_ascii=ascii_only, allow_nan=False)
    if text.replace("\n", "").isprintable():
        return text
    return "".join(json.dumps(sign)[1:-1] if sign != "\n" and acts_or_hides(sign) else sign for sign in text)


class TextConsole(Console):
    """A console of rich to which text is text: no markup, no emoji codes, no highlighting, no control characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Segments to be written; rich's own control codes (of a progress bar) pass, those of a text do not."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)
