"""Sections that other results add to a brief, made from their own headline, tables and notes.

A comparison of policies or a forecast of attacks has a headline, tables and notes for the terminal. The same words make
its section, so that the brief and the command agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from afterfall.report.brief.content import Block, BriefTable, BulletPoints, Paragraphs, Section
from afterfall.report.kit.text_table import TextTable

#: Titles of the sections that have a place in the brief.
TITLES = {
    "options": "Options compared",
    "attacks": "Attacks",
    "organisations": "Organisations",
    "spread": "Where organisations spread",
}
#: Rows of a table that the printed page has room for.
ROOM = 12


def joined(
    key: str,
    headline: Sequence[str],
    grids: Sequence[TextTable],
    notes: Sequence[str] = (),
    *,
    title: str = "",
    page: Literal[0, 1, 2] = 2,
) -> Section:
    """A section from a headline, tables and notes.

    Parameters
    ----------
    key
        Where it stands: a key that the brief has (``options``) takes that section's place, a new one stands before
        the last.
    headline, grids, notes
        As the command of that result prints them; tables keep their first `ROOM` rows, with the number of all.
    title
        Of the section; for the keys in `TITLES` there is one.
    page
        Printed page, or 0 for an annex that only HTML and Markdown have.
    """
    blocks: list[Block] = [Paragraphs(tuple(headline))] if headline else []
    blocks += [_shortened(grid) for grid in grids if any(grid.sections)]
    if notes:
        blocks.append(BulletPoints(tuple(notes)))
    return Section(key, title or TITLES.get(key, key), tuple(blocks), page=page)


def _shortened(grid: TextTable) -> BriefTable:
    rows = [row for section in grid.sections for row in section]
    if len(rows) <= ROOM:
        return BriefTable(grid)
    return BriefTable(
        TextTable(grid.columns, (tuple(rows[:ROOM]),), grid.title), f"The first {ROOM} of {len(rows)} rows."
    )
