"""``afterfall reference``: rates of organisational events in the reference class."""

from __future__ import annotations

from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command, failing

EXAMPLES = ("afterfall reference", "afterfall reference --as-of 2017-02-13 --json")


def reference(
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="What was public on this day (default: all that is in the tables)."),
    ] = None,
    years_ahead: Annotated[
        int, typer.Option(metavar="YEARS", help="Years of the forecast of first presences by country.", min=1, max=20)
    ] = 5,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Show how often organisations like these split, merge, found, retake and break out, and what that rests on."""
    from afterfall.cli.output import show, show_json

    check_day("--as-of", as_of)
    with failing():
        found = afterfall.reference_class(as_of=as_of, years_ahead=years_ahead)
    if as_json:
        from afterfall.report.reference.rates_json import reference_json

        show_json(reference_json(found, command()))
    else:
        from afterfall.report.reference import rates_tables as tables

        show(tables.rates_headline(found), tables.rates_grids(found), tables.rates_notes(found), all_notes=all_notes)
