"""``afterfall import``: a file of a public data set into rows of a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.failures import BAD_INPUT, Failure, command, failing

if TYPE_CHECKING:
    from afterfall import ImportedData

EXAMPLES = (
    "afterfall import --list",
    "afterfall import ucdp-ged GEDEvent_v24_1.csv --published 2024-06 --vintage 24.1 --into ./my-case",
    "afterfall import acled export.csv --country Yemen --actor AQAP --report rows.csv",
)
SourceName = Annotated[str | None, typer.Argument(metavar="[SOURCE]", help="The data set (--list names all).")]
SourceFile = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Its file, as the publisher gives it.")]
Listing = Annotated[bool, typer.Option("--list", help="List the data sets and the files that are read.")]
Published = Annotated[str | None, typer.Option(metavar="DATE", help="When this release, or this download, was public.")]
Vintage = Annotated[str | None, typer.Option(metavar="TEXT", help="Name of the release (24.1).")]
Into = Annotated[Path | None, typer.Option(metavar="CASE", help="Add the rows to this case folder.")]
Out = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write the rows into this new folder.")]
RowReport = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write what became of each row of the file.")]
Countries = Annotated[list[str] | None, typer.Option(metavar="CODE|NAME", help="Only this country; repeatable.")]
Actor = Annotated[str | None, typer.Option(metavar="TEXT", help="Only events with these words in the name of a side.")]
Organisation = Annotated[
    str | None, typer.Option(metavar="NAME", help="Organisation of the case that the figures are about.")
]
By = Annotated[str, typer.Option(metavar="month|year", help="Add events up by month or by year.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Nothing before this day.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Nothing after this day.")]
Grade = Annotated[
    str | None, typer.Option(metavar="GRADE", help="Admiralty grade of the figures (default: that of the source).")
]
Place = Annotated[str, typer.Option(metavar="CODE", help="The place of a table without places (Frontex).")]


def import_(
    public_source: SourceName = None,
    file: SourceFile = None,
    listing: Listing = False,
    published: Published = None,
    vintage: Vintage = None,
    into: Into = None,
    out: Out = None,
    report: RowReport = None,
    country: Countries = None,
    actor: Actor = None,
    organisation: Organisation = None,
    by: By = "month",
    since: Since = None,
    until: Until = None,
    grade: Grade = None,
    place: Place = "XEU",
    as_json: options.AsJson = False,
) -> None:
    """Read a file of a public data set into rows of a case, and say what became of every row. Nothing is downloaded."""
    if listing:
        _list()
        return
    if public_source is None or file is None:
        names = ", ".join(one.name for one in afterfall.import_sources())
        raise Failure(f"expected SOURCE and FILE, such as ucdp-ged GEDEvent_v24_1.csv; sources: {names}", BAD_INPUT)
    if into is not None and out is not None:
        raise Failure("--into adds to a case and --out makes a new folder: leave one out", BAD_INPUT)
    with failing():
        found = afterfall.import_data(
            file,
            source=public_source,
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
        written = _written(found, into, out, report)
    _show(found, written, as_json=as_json)


def _list() -> None:
    from afterfall.cli.output import show
    from afterfall.report.imports.import_tables import sources_grid

    show((), [sources_grid(afterfall.import_sources())])


def _written(found: ImportedData, into: Path | None, out: Path | None, report: Path | None) -> list[str]:
    """Write what was asked for; a line for each file."""
    written = []
    if into is not None:
        written = [f"{into / one.file}: {one.added:,} added, {one.already:,} there" for one in found.add_to(into)]
    elif out is not None and found.tables:
        written = [f"written: {path}" for path in found.write(out)]
    if report is not None:
        found.write_report(report)
        written.append(f"report: {report}")
    return written


def _show(found: ImportedData, written: list[str], *, as_json: bool) -> None:
    from afterfall.cli.output import show, show_json
    from afterfall.report.imports import import_tables as tables

    if as_json:
        from afterfall.report.imports.import_json import import_json

        show_json(import_json(found, written, command()))
    else:
        show(tables.import_headline(found), tables.import_grids(found), tables.import_notes(found, written))
