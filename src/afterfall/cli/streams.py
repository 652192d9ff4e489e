"""Where words go: results to stdout, progress and warnings to stderr; plain columns where stdout is no terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console, RenderableType

#: Width of plain output, wide enough that no cell of a forecast is broken over lines.
PLAIN_WIDTH = 200


def stdout() -> Console:
    """A console on stdout; NO_COLOR and the like are honoured by rich."""
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def stderr() -> Console:
    """A console on stderr for progress, notices and errors."""
    return Console(file=sys.stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def is_plain(console: Console) -> bool:
    """Whether tables should be plain columns."""
    return not console.is_terminal


def show(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print tables and lines, without trailing spaces where the output is plain."""
    if not is_plain(console):
        for part in parts:
            console.print(part)
        return
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    console.file.write("\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n")


def show_json(content: dict[str, Any]) -> None:
    """Print exactly one JSON object on stdout."""
    print(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))
