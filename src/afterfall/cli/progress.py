"""Progress on stderr: a bar on a terminal, a line for each tenth elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from afterfall.cli.failures import failing
from afterfall.cli.output import stderr
from afterfall.run import Progress as Step

COMPILING = "compiling the kernel, once on this machine; that takes about a minute"
#: Without a folder to keep machine code in.
COMPILING_EACH_TIME = (
    "compiling the kernel; that takes about a minute, and again in every run: {} cannot be written. Name a folder that "
    "can with AFTERFALL_CACHE"
)
LEARNING = "learning from {} and drawing (once on a machine, a minute more to compile)"


@contextmanager
def working() -> Iterator[Callable[[Step], None]]:
    """A callback for verbs that forecast: it shows their progress, and what they raise ends the command."""
    with failing(), reporting(stderr()) as report:
        yield report


@contextmanager
def reporting(console: Console) -> Iterator[Callable[[Step], None]]:
    """A callback for `forecast` that shows its progress on `console` (stderr)."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        said = _Said(bar.console)

        def show(step: Step) -> None:
            said.now(step)
            bar.update(task, description=step.stage, completed=step.done, total=step.total or None)

        yield show


def compiling_words() -> str:
    """What to say before machine code is made: whether it will be there next time."""
    from afterfall.run.forecasting import unwritable_cache

    where = unwritable_cache()
    return COMPILING if where is None else COMPILING_EACH_TIME.format(where)


class _Said:
    """Lines that tell which forecast is made and what takes long, each once."""

    def __init__(self, console: Console) -> None:
        self._console, self._label, self._compiling = console, "", False

    def now(self, step: Step) -> bool:
        """Print what a step brings that is new; whether another forecast has begun."""
        if step.stage == "connecting":
            self._console.print("finding the workers")
        if step.stage == "compiling" and not self._compiling:
            self._compiling = True
            self._console.print(compiling_words())
        if step.stage == "learning":
            self._console.print(LEARNING.format(step.label))
            return False
        begun = step.label != self._label
        if begun:
            self._label = step.label
            self._console.print(f"scoring {step.label}" if step.stage == "scoring" else step.label)
        return begun


@contextmanager
def counting(console: Console, what: str) -> Iterator[Callable[[int, int], None]]:
    """A callback ``(done, of)`` that shows on `console` (stderr) how much is done: a bar, or a line every tenth."""
    if not console.is_terminal:
        shown: set[int] = set()

        def line(done: int, of: int) -> None:
            tenth = 10 * done // max(of, 1)
            if tenth not in shown:
                shown.add(tenth)
                console.print(f"{done:,} of {of:,} {what}")

        yield line
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _lines(console: Console) -> Callable[[Step], None]:
    """A line for each tenth that is done, for a log."""
    shown, said = 0, _Said(console)

    def tell(step: Step) -> None:
        nonlocal shown
        if said.now(step):
            shown = 0
        if step.stage == "simulating":
            tenth = 10 * step.done // max(step.total, 1)
            if tenth > shown:
                console.print(f"simulated {step.done:,} of {step.total:,}")
                shown = tenth

    return tell
