"""``afterfall benchmark``: violence by country against the published benchmarks and entries of the VIEWS challenge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import afterfall
from afterfall.cli.days import years_of
from afterfall.cli.failures import FAILURE, Failure, command, failing
from afterfall.cli.options import AllNotes, AsJson

EXAMPLES = ("afterfall benchmark --views views", "afterfall benchmark --views views --years 2022-2023 --json")


def benchmark(
    views: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Tables and entries of the VIEWS challenge (see docs/violence.md)."),
    ],
    case: Annotated[str, typer.Option(metavar="CASE", help="The case whose countries are compared.")] = "isis-2017",
    years: Annotated[str, typer.Option(metavar="YEARS", help="A year or a range of years.")] = "2018-2023",
    export: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write our draws here, as a submission to the challenge.")
    ] = None,
    compliance_names: Annotated[
        bool,
        typer.Option("--compliance-names", help="Name folders of years as the compliance program expects."),
    ] = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw skill by year into this file (and a .png).")
    ] = None,
    all_notes: AllNotes = False,
    as_json: AsJson = False,
) -> None:
    """Score violence by country and year against published benchmarks, a country's own history, and entries."""
    from afterfall.cli.output import drawing, save_picture, show, show_json, stderr
    from afterfall.report.benchmark import benchmark_tables as tables
    from afterfall.report.benchmark.benchmark_json import field_json

    err = stderr()
    with failing():
        found = afterfall.benchmark_violence(
            views, case=case, years=years_of("--years", years), progress=lambda year: err.print(f"scored {year}")
        )
    if as_json:
        show_json(field_json(found, command()))
    else:
        show(tables.field_headline(found), tables.field_grids(found), tables.field_notes(found), all_notes=all_notes)
    if export is not None:
        from afterfall.report.violence.violence_export import COMPLIANCE_WINDOW, WINDOW, export_benchmark

        for path in export_benchmark(found, export, COMPLIANCE_WINDOW if compliance_names else WINDOW):
            err.print(f"export: {path}")
    if picture is not None:
        with drawing(export, "leave out --picture"):
            from afterfall.report.benchmark.benchmark_picture import field_chart, field_words

            save_picture(field_chart(found), picture.with_suffix(""), field_words(found))
    if not found.trusted:
        raise Failure(
            "the published scores of the benchmarks were not reproduced: do not trust the comparison", FAILURE
        )
