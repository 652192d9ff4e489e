"""A result as HTML: the lines, tables and notes that its command prints. No script, and nothing is loaded.

The notes are behind a fold, so that a cell is not longer than its answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from afterfall.report.kit.html_text import html_text
from afterfall.report.kit.text_table import TextTable
from afterfall.report.notebook.result_views import Answer, answer_of

#: Rows of a table that are shown; `to_pandas` has all of them.
MOST_ROWS = 40
LEFT, RIGHT = "text-align:left;vertical-align:top", "text-align:right;vertical-align:top"


def html_of(result: object) -> str:
    """The HTML of a result."""
    before, grids, after = answer_of(result)
    first, *rest = [line for line in before if line] or [type(result).__name__]
    lead = f"<p><b>{html_text(first)}</b></p>" + _lines(rest)
    tables = "".join(_table(grid) for grid in grids if any(grid.sections))
    notes = [line for line in after if line]
    fold = f"<details><summary>Notes ({len(notes)})</summary>{_lines(notes)}</details>" if notes else ""
    return f"<div>{lead}{tables}{fold}</div>"


def answer_lines(result: object) -> tuple[str, ...]:
    """The headline of a result, as plain lines."""
    answer: Answer = answer_of(result)
    return tuple(line for line in answer[0] if line)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<p style='margin:0.2em 0'>{html_text(line)}</p>" for line in lines)


def _table(grid: TextTable) -> str:
    sides = [LEFT if column.side == "left" else RIGHT for column in grid.columns]
    head = "".join(
        f"<th style='{side}'>{html_text(column.heading)}</th>" for column, side in zip(grid.columns, sides, strict=True)
    )
    left, bodies = MOST_ROWS, []
    for section in grid.sections:
        rows = "".join(
            "<tr>" + "".join(f"<td style='{s}'>{html_text(c)}</td>" for c, s in zip(row, sides, strict=True)) + "</tr>"
            for row in section[: max(left, 0)]
        )
        left -= len(section)
        bodies.append(f"<tbody>{rows}</tbody>")
    more = f"<p>{-left:,} more rows: to_pandas() has all of them.</p>" if left < 0 else ""
    title = f"<caption style='text-align:left'><b>{html_text(grid.title)}</b></caption>" if grid.title else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead>{''.join(bodies)}</table>{more}"
