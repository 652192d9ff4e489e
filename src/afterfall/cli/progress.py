"""Progress of a forecast on stderr: a bar on a terminal, a line or two elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from afterfall.run import Progress as Step

COMPILING = "starting; the first run on a machine compiles the kernel, once, about 20 s"


@contextmanager
def reporting(console: Console) -> Iterator[Callable[[Step], None]]:
    """A callback for `forecast` that shows its progress on `console` (stderr)."""
    if not console.is_terminal:
        yield lambda step: _line(console, step)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(step: Step) -> None:
            text = {"preparing": COMPILING, "simulating": "simulating futures"}.get(step.stage, step.stage)
            bar.update(task, description=text, completed=step.done, total=step.total)

        yield show


def _line(console: Console, step: Step) -> None:
    if step.stage == "preparing":
        console.print(COMPILING)
    elif step.stage == "simulating" and step.done == step.total:
        console.print(f"simulated {step.total:,} futures")
