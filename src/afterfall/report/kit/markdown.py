"""Tables in the notation of GitHub's Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from afterfall.report.kit.text_table import Side


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], sides: Sequence[Side] = ()) -> str:
    """A table; `sides` say where the cells of each column stand, to the left by default."""
    rule = ["---:" if side == "right" else "---" for side in sides or ("left",) * len(head)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (head, rule, *rows))
