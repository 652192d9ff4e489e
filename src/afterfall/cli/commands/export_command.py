"""``afterfall export``: a case or a run in the formats of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, Failure, failing

EXAMPLES = (
    "afterfall export datapackage isis-2017 ./isis-package",
    "afterfall export netcdf runs/isis-2017-3fa9c1d2e4b5 isis.nc --country Canada",
    "afterfall export hub runs/isis-2017-3fa9c1d2e4b5 ./out",
)
#: Formats, each with what it is made of.
FORMATS = {"datapackage": "a CASE", "netcdf": "a RUN", "hub": "a RUN", "views": "a RUN"}
Format = Annotated[
    str,
    typer.Argument(
        metavar="FORMAT",
        help="datapackage (a case, Frictionless), netcdf (a run, CF conventions), hub or views (deaths by country and "
        "month, as quantiles of a modelling hub and draws of VIEWS; both in one folder).",
    ),
]


def export(
    form: Format,
    of: Annotated[
        str, typer.Argument(metavar="CASE|RUN", help="A case (datapackage), or the folder of a finished run.")
    ],
    to: Annotated[Path, typer.Argument(metavar="TO", help="A new folder (datapackage), a file NAME.nc, or a folder.")],
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Of a case, only what was public on this day (default: all).")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(metavar="CODE|NAME", help="netcdf: also people of this origin; repeatable.")
    ] = None,
    case: options.CaseOfRun = None,
) -> None:
    """Write a case or a run in a format that the tools of others read."""
    from afterfall.cli.output import show

    check_day("--as-of", as_of)
    if form not in FORMATS:
        from afterfall.case.problems import did_you_mean

        expected = f"expected one of {', '.join(FORMATS)}"
        raise Failure(f"FORMAT: found {form!r}; {expected}{did_you_mean(form, FORMATS)}", BAD_INPUT)
    notes: tuple[str, ...] = ()
    with failing():
        if form == "datapackage":
            paths = afterfall.export_case(of, to=to, as_of=as_of)
        elif form == "netcdf":
            paths = (afterfall.export_run(of, to=to, countries=country or ()),)
        else:
            from afterfall.report.violence.violence_export import export_notes

            found = afterfall.violence(of, case=case)
            paths, notes = afterfall.export_violence(found, to=to), export_notes(found)
    show([f"written: {path}" for path in paths], (), notes)
