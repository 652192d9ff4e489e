"""Where text goes: results to stdout, notes and files to stderr; plain columns where stdout is no terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afterfall.case.text_rules import visible
from afterfall.cli.beyond_data import beyond_data_lines
from afterfall.cli.failures import FAILURE, Failure
from afterfall.cli.plain_columns import plain_line, plain_text
from afterfall.cli.terminal_tables import print_table
from afterfall.cli.terminal_text import TextConsole, terminal_json, terminal_table
from afterfall.defaults import FEWEST_FOR_RANGES
from afterfall.report.kit.reading_notes import short_of
from afterfall.report.kit.text_table import TextTable

if TYPE_CHECKING:
    from afterfall.run import Run


def stderr() -> TextConsole:
    """A console on stderr for progress, notices and errors; rich honours NO_COLOR."""
    return TextConsole(file=sys.stderr, soft_wrap=True)


def note_run(run: Run | None, name: str = "run") -> None:
    """Say on stderr where a run is kept, where it is."""
    if run is not None and run.path is not None:
        stderr().print(f"{name}: {run.path}" + (" (finished before, reused)" if run.reused else ""))


def note_few(*runs: Run | None) -> None:
    """Say once on stderr that runs have too few simulations for the ranges that are printed, where they do."""
    number = min((run.request.trajectories for run in runs if run is not None), default=FEWEST_FOR_RANGES)
    if number < FEWEST_FOR_RANGES:
        noun = "simulation" if number == 1 else "simulations"
        stderr().print(f"{number} {noun}: a 90% range needs {FEWEST_FOR_RANGES} or more")


def note_picture(png: Path, svg: Path) -> None:
    """Say on stderr where a picture is."""
    stderr().print(f"picture: {png} and {svg.name}")


def save_picture(chart: Any, stem: Path, words: str) -> None:
    """Save a chart as PNG and SVG, with words that say the same, and say on stderr where."""
    from afterfall.report.kit.saving import save_chart

    svg, png = save_chart(chart, stem, words)
    note_picture(png, svg)


@contextmanager
def drawing(kept: Path | None, instead: str = "--no-picture") -> Iterator[None]:
    """Around all that draws a picture, its imports included: whatever goes wrong, the answer and the run are there.

    Raises
    ------
    Failure
        If a picture cannot be drawn; errors of the file system pass.
    """
    try:
        yield
    except OSError:
        raise
    except Exception as problem:  # those of drawing libraries, out of memory or run in a way they do not expect
        bare = "Python runs with -OO, without the texts that drawing libraries need" if sys.flags.optimize > 1 else ""
        why = bare or str(problem) or ("out of memory" if isinstance(problem, MemoryError) else type(problem).__name__)
        where = f" What was computed is kept in {kept}." if kept is not None else ""
        raise Failure(f"cannot draw the picture: {why}.{where} To go without pictures: {instead}", FAILURE) from problem


def show(
    before: Iterable[str], grids: Iterable[TextTable], after: Iterable[str] = (), *, all_notes: bool = True
) -> None:
    """Print lines, tables and notes on stdout: with rules and colours on a terminal, as aligned columns elsewhere.

    Without `all_notes`, those that only explain the tables become a line that says where they are.
    """
    after = after if all_notes else short_of(after)
    printed = _show_rich if sys.stdout.isatty() else _show_plain
    printed(map(visible, (*beyond_data_lines(), *before)), map(terminal_table, grids), map(visible, after))
    sys.stdout.flush()


def show_json(content: dict[str, Any]) -> None:
    """Print exactly one JSON object on stdout; its third key says so where a case is seen from beyond its data."""
    if beyond_data_lines():
        head = ("schema", "schema_version")
        first = {key: content[key] for key in head if key in content}
        content = {**first, "beyond_data": " ".join(beyond_data_lines()), **content}
    ascii_only = not (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    sys.stdout.write(terminal_json(content, ascii_only=ascii_only) + "\n")
    sys.stdout.flush()


def show_text(text: str) -> None:
    """Print a text on stdout as it is, but for what would act on a terminal."""
    sys.stdout.write(visible(text))
    sys.stdout.flush()


def _show_rich(before: Iterable[str], grids: Iterable[TextTable], after: Iterable[str]) -> None:
    # rich takes every terminal that says it is dumb for one of 80 columns.
    width, height = shutil.get_terminal_size()
    console = TextConsole(file=sys.stdout, width=width, height=height)
    for i, line in enumerate(before):
        console.print(line, style="bold" if i == 0 else None, overflow="fold")
    for grid in grids:
        print_table(console, grid)
    for line in after:
        console.print(line, overflow="fold")


def _show_plain(before: Iterable[str], grids: Iterable[TextTable], after: Iterable[str]) -> None:
    blocks = ["\n".join(map(plain_line, before)), *map(plain_text, grids), "\n".join(map(plain_line, after))]
    sys.stdout.write("\n\n".join(block for block in blocks if block) + "\n")
