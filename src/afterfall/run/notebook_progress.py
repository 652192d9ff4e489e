"""A progress bar in a notebook, shown where the caller gives no `progress` of their own.

The bar is one piece of HTML that replaces itself; at the end one line is left. Outside of a notebook there is none:
IPython is looked for among what is loaded, and never imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterfall.run.forecasting import Progress

#: Stages after which nothing more comes, with what is left of the bar.
LAST = {"done": "{total:,} simulations", "reused": "{total:,} simulations, finished before"}
STAGES = {"compiling": "compiling, once on this machine (a minute or two)", "assembling": "putting together"}


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and hasattr(shell, "kernel")


def simulation_bar() -> Callable[[Progress], None] | None:
    """A callback that shows a forecast's progress in a notebook; None elsewhere."""
    return _SimulationBar().show if in_notebook() else None


def iteration_bar() -> Callable[[int, int], None] | None:
    """A callback ``(done, of)`` for fits, that shows their iterations in a notebook; None elsewhere."""
    return _IterationBar().show if in_notebook() else None


def bar_html(words: str, done: int, total: int) -> str:
    """A bar with words: an element that browsers draw, without script or style from elsewhere."""
    part = (
        f"<progress value='{done}' max='{total}' style='width:20em'></progress> {done:,} of {total:,}" if total else ""
    )
    return f"<div>{part} {escape(words)}</div>"


@dataclass
class _Display:
    """One output of a cell, which is replaced as often as it changes."""

    handle: Any = None
    shown: str = ""

    def put(self, html: str) -> None:
        if html == self.shown:
            return
        self.shown = html
        content = {"text/html": html}
        if self.handle is None:
            self.handle = sys.modules["IPython"].display.display(content, raw=True, display_id=True)
        else:
            self.handle.update(content, raw=True)


@dataclass
class _SimulationBar:
    display: _Display = field(default_factory=_Display)

    def show(self, step: Progress) -> None:
        if step.stage in LAST:
            self.display.put(bar_html(LAST[step.stage].format(total=step.total), 0, 0))
        else:
            words = STAGES.get(step.stage, step.label or step.stage)
            self.display.put(bar_html(words, step.done, step.total))


@dataclass
class _IterationBar:
    display: _Display = field(default_factory=_Display)

    def show(self, done: int, of: int) -> None:
        self.display.put(bar_html("iterations", done, of))
