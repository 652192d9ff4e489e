"""Progress of a forecast on stderr: a bar on a terminal, a line for each tenth elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from afterfall.engine.jit import cache_folder
from afterfall.run import Progress as Step

COMPILING = "compiling the kernel, once on this machine; that takes about a minute"


@contextmanager
def reporting(console: Console) -> Iterator[Callable[[Step], None]]:
    """A callback for `forecast` that shows its progress on `console` (stderr)."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(step: Step) -> None:
            if step.stage == "preparing" and not _compiled():
                bar.console.print(COMPILING)
            bar.update(task, description=step.stage, completed=step.done, total=step.total)

        yield show


@contextmanager
def counting(console: Console, what: str) -> Iterator[Callable[[int, int], None]]:
    """A callback ``(done, of)`` that shows on `console` (stderr) how much is done: a bar, or a line every tenth."""
    if not console.is_terminal:
        told: set[int] = set()

        def line(done: int, of: int) -> None:
            tenth = 10 * done // max(of, 1)
            if tenth not in told:
                told.add(tenth)
                console.print(f"{done:,} of {of:,} {what}")

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _lines(console: Console) -> Callable[[Step], None]:
    """A line for each tenth that is done, for a log."""
    told = 0

    def tell(step: Step) -> None:
        nonlocal told
        if step.stage == "preparing" and not _compiled():
            console.print(COMPILING)
        elif step.stage == "simulating":
            tenth = 10 * step.done // max(step.total, 1)
            if tenth > told:
                console.print(f"simulated {step.done:,} of {step.total:,} futures")
                told = tenth

    return tell


def _compiled() -> bool:
    """Whether machine code of the engine as it stands is on disk."""
    folder = cache_folder()
    return folder is not None and next(folder.rglob("*.nbc"), None) is not None
