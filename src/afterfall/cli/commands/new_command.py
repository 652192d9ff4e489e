"""``afterfall new``: a case folder of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command, failing

EXAMPLES = (
    "afterfall new isis my-isis",
    "afterfall new empty my-case --as-of 2016-06-30",
)


def new(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case to copy (a name or a folder), or `empty`.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to make it; nothing may be there yet.")],
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The as-of date of an empty case (default: today).")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Make a case folder of your own: a copy of a case to edit, or an empty case that runs."""
    from afterfall.cli.output import show, show_json
    from afterfall.report.keeping.keeping_json import new_json
    from afterfall.report.keeping.new_folder_words import new_folder_words

    check_day("--as-of", as_of)
    with failing():
        made = afterfall.new_case(case, folder, as_of=as_of)
    if as_json:
        show_json(new_json(made, command()))
    else:
        show(new_folder_words(made), ())
