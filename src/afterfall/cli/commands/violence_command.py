"""``afterfall violence``: deaths in armed conflict by country and month, drawn from a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

EXAMPLES = (
    "afterfall violence isis-2017",
    "afterfall violence isis-2017 --country NGA",
    "afterfall violence runs/isis-2017-3fa9c1d2e4b5 --export out",
)


def violence(
    source: options.CaseOrRun,
    case: options.CaseOfRun = None,
    as_of: options.AsOf = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE|NAME", help="One country, month by month (default: those with most).")
    ] = None,
    horizon: options.Horizon = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write draws (VIEWS format) and quantiles (hub format) here.")
    ] = None,
    picture: options.Picture = True,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Forecast deaths in armed conflict by country and month, from the country's past, its neighbours and the run."""
    from afterfall.cli.output import drawing, note_few, note_run, save_picture, stderr
    from afterfall.cli.progress import working
    from afterfall.report.violence.violence_export import exported

    check_day("--as-of", as_of)
    with working() as progress:
        found = afterfall.violence(
            source,
            country=country,
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=options.draws_from(draws, prior_only),
            case=case,
            run_dir=options.run_folder(run_dir, source),
            threads=threads,
            progress=progress,
            command=command(),
        )
    place = None if country is None else found.place(country)
    _show(found, place, all_notes=all_notes, as_json=as_json)
    note_run(found.run)
    note_few(found.run)
    if export is not None:
        for line in exported(found, export):
            stderr().print(line)
    if picture and found.run.path is not None:
        with drawing(found.run.path):
            from afterfall.report.violence.violence_picture import most_violent, violence_chart, violence_words

            countries = most_violent(found) if place is None else [place]
            stem = found.run.path / f"violence-{place or 'world'}"
            save_picture(violence_chart(found, countries), stem, violence_words(found, countries))


def _show(found: Any, place: str | None, *, all_notes: bool, as_json: bool) -> None:
    from afterfall.cli.output import show, show_json
    from afterfall.report.violence import violence_tables as tables
    from afterfall.report.violence.violence_json import violence_json

    if as_json:
        show_json(violence_json(found, place, command()))
    else:
        notes = tables.violence_notes(found)
        show(tables.violence_headline(found), tables.violence_grids(found, place), notes, all_notes=all_notes)
