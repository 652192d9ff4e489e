"""``afterfall runs``: the runs that are kept, their sizes, and removing them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.failures import BAD_INPUT, Failure, command, failing

EXAMPLES = (
    "afterfall runs",
    "afterfall runs --older-than 30d --remove --dry-run",
    "afterfall runs isis-2017-3fa9c1d2e4b5 --remove",
)


def runs(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN]...", help="Only these, by the names of their folders.")
    ] = None,
    run_dir: Annotated[Path, typer.Option(metavar="FOLDER", help="Where runs are kept.")] = Path("runs"),
    older_than: Annotated[
        str | None, typer.Option(metavar="AGE", help="Only runs of which nothing changed for so long (12h, 30d, 4w).")
    ] = None,
    unfinished: Annotated[bool, typer.Option("--unfinished", help="Only runs that were interrupted.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove them, pictures and tables included.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what --remove would free; remove nothing.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """List the runs that are kept, with their sizes, the newest first; with --remove, remove those selected."""
    from afterfall.cli.output import show, show_json
    from afterfall.report.housekeeping import run_list

    selecting = bool(names or older_than or unfinished)
    if remove and not selecting:
        raise Failure("--remove: say which runs: their names, --older-than AGE or --unfinished", BAD_INPUT)
    with failing():
        found = afterfall.kept_runs(run_dir, names=names or (), older_than=older_than, unfinished=unfinished)
        removed = remove and not dry_run
        if removed:
            afterfall.remove_runs(found)
    if as_json:
        show_json(run_list.runs_json(found, command(), removed=removed))
    else:
        show(*run_list.runs_tables(found, str(run_dir), run_list.doing(removed=removed, trying=dry_run)))
