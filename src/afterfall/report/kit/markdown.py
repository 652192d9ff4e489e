"""Markdown as GitHub reads it: facts as text that no mark in them can turn into anything else, and tables.

Every name, title, note, source and command line that a page quotes goes through `markdown_text`, `code` or
`code_block`; what is written as markup in the program does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from afterfall.case.text_rules import visible
from afterfall.report.kit.text_table import Side

#: What has a meaning wherever it stands: escapes, code, emphasis, struck-out words, links and images, cells, formulas,
#: tags, entities and headings (also the closing of one). An underscore inside a word has none.
ANYWHERE = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<!\S)#")
#: What has a meaning at the start of a line: quotes, points and rules.
AT_START = re.compile(r"^(>|[-+](?=\s|$)|-(?=[\s-]*$))")
NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def markdown_text(text: str) -> str:
    r"""A text as Markdown that shows it, on one line, with single spaces.

    >>> markdown_text("<script> [x](javascript:y) a_b | *c*")
    '\\<script> \\[x\\](javascript:y) a_b \\| \\*c\\*'
    """
    line = ANYWHERE.sub(lambda found: "\\" + found.group(), " ".join(visible(text).split()))
    return NUMBERED.sub(r"\1\\\2", AT_START.sub(r"\\\1", line))


def code(text: str) -> str:
    """A short text in the type of a program, or as it is where it holds marks that end such a passage."""
    return markdown_text(text) if set(text) & set("`|\n") or text != text.strip() else f"`{visible(text)}`"


def code_block(text: str, language: str = "") -> str:
    """Lines of a program, in a fence longer than any in the text."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{fence}{language}\n{visible(text)}\n{fence}"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], sides: Sequence[Side] = ()) -> str:
    """A table of cells in Markdown; `sides` say where the cells of each column stand, to the left by default."""
    rule = ["---:" if side == "right" else "---" for side in sides or ("left",) * len(head)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))
