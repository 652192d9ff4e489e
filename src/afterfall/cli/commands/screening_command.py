"""``afterfall screening``: whom assessments of returnees flag and miss."""

from __future__ import annotations

from typing import Annotated, Any

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

EXAMPLES = (
    "afterfall screening isis-2017 --country CAN",
    "afterfall screening isis-2017 --country CAN --lever assessment=0.8 --base-rate 0.02 --base-rate 0.2",
)


def screening(
    case: options.CaseName,
    country: options.FocusCountry,
    as_of: options.AsOf = None,
    lever: options.Levers = None,
    package: options.Package = None,
    every: Annotated[int, typer.Option(metavar="MONTHS", min=1, help="Months in one line of the table.")] = 12,
    base_rate: Annotated[
        list[float] | None,
        typer.Option(metavar="SHARE", min=0.0, max=1.0, help="Share at risk among the assessed; repeatable."),
    ] = None,
    horizon: options.Horizon = None,
    trajectories: options.FewTrajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    files: options.LeverFiles = None,
    picture: options.Picture = True,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Report whom assessments flag, miss and flag wrongly, what a flag is worth, and where capacity falls short."""
    from afterfall.cli.output import drawing, note_few, note_run, save_picture
    from afterfall.cli.progress import working

    check_day("--as-of", as_of)
    with working() as progress:
        found = afterfall.screen(
            case,
            country=country,
            levers=lever or [],
            package=package,
            lever_files=files or [],
            every=every,
            base_rates=base_rate or None,
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=options.draws_from(draws, prior_only),
            run_dir=run_dir or options.DEFAULT_RUNS,
            threads=threads,
            progress=progress,
            command=command(),
        )
    _show(found, all_notes=all_notes, as_json=as_json)
    note_run(found.run)
    note_few(found.run)
    if picture and found.run.path is not None:
        with drawing(found.run.path):
            from afterfall.report.screening.screening_picture import screening_picture, screening_words

            stem = found.run.path / f"{found.country}-screening"
            save_picture(screening_picture(found, command()), stem, screening_words(found))


def _show(found: Any, *, all_notes: bool, as_json: bool) -> None:
    from afterfall.cli.output import show, show_json
    from afterfall.report.screening import screening_tables as tables
    from afterfall.report.screening.screening_json import screening_json

    if as_json:
        show_json(screening_json(found, command()))
    else:
        notes = tables.screening_notes(found)
        show(tables.screening_headline(found), tables.screening_grids(found), notes, all_notes=all_notes)
