"""``afterfall import``: a file of a public data set into rows of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.failures import BAD_INPUT, Failure, command, failing

EXAMPLES = (
    "afterfall import --list",
    "afterfall import ucdp-ged GEDEvent_v24_1.csv --published 2024-06 --vintage 24.1 --into ./my-case",
    "afterfall import acled export.csv --country Yemen --actor AQAP --report rows.csv",
)


def import_(
    public_source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="The data set (--list names all).")
    ] = None,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Its file, as the publisher gives it.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the data sets and the files that are read.")] = False,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="When this release, or this download, was public.")
    ] = None,
    vintage: Annotated[str | None, typer.Option(metavar="TEXT", help="Name of the release (24.1).")] = None,
    into: Annotated[Path | None, typer.Option(metavar="CASE", help="Add the rows to this case folder.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write the rows into this new folder.")] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write what became of each row of the file.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(metavar="CODE|NAME", help="Only this country; repeatable.")
    ] = None,
    actor: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only events with these words in the name of a side.")
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Organisation of the case that the figures are about.")
    ] = None,
    by: Annotated[str, typer.Option(metavar="month|year", help="Add events up by month or by year.")] = "month",
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Nothing before this day.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Nothing after this day.")] = None,
    grade: Annotated[
        str | None, typer.Option(metavar="GRADE", help="Admiralty grade of the figures (default: that of the source).")
    ] = None,
    place: Annotated[str, typer.Option(metavar="CODE", help="The place of a table without places (Frontex).")] = "XEU",
    as_json: options.AsJson = False,
) -> None:
    """Read a file of a public data set into rows of a case, and say what became of every row. Nothing is downloaded."""
    from afterfall.cli.output import show, show_json
    from afterfall.report.imports import import_tables as tables

    if listing:
        show((), [tables.sources_grid(afterfall.import_sources())])
        return
    if public_source is None or file is None:
        names = ", ".join(one.name for one in afterfall.import_sources())
        raise Failure(f"expected SOURCE and FILE, such as ucdp-ged GEDEvent_v24_1.csv; sources: {names}", BAD_INPUT)
    if into is not None and out is not None:
        raise Failure("--into adds to a case and --out makes a new folder: leave one out", BAD_INPUT)
    with failing():
        found = afterfall.import_data(
            public_source,
            file,
            published=published,
            vintage=vintage,
            case=into,
            countries=country or (),
            actor=actor,
            organisation=organisation,
            by=by,  # type: ignore[arg-type]  # the verb refuses other words, with all else that is wrong
            since=since,
            until=until,
            grade=grade,
            place=place,
        )
        written = []
        if into is not None:
            written = [f"{into / one.file}: {one.added:,} added, {one.already:,} there" for one in found.add_to(into)]
        elif out is not None and found.tables:
            written = [f"written: {path}" for path in found.write(out)]
    if report is not None:
        found.write_report(report)
        written.append(f"report: {report}")
    if as_json:
        from afterfall.report.imports.import_json import import_json

        show_json(import_json(found, written, command()))
    else:
        show(tables.import_headline(found), tables.import_grids(found), tables.import_notes(found, written))
