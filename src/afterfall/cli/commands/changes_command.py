"""``afterfall changes``: what changed between two forecasts, and which figure, event or version did it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

if TYPE_CHECKING:
    from afterfall.report.changes.between_runs import Changes

EXAMPLES = (
    "afterfall changes isis-2017@2016-08-01 isis-2017@2017-02-13 --country CAN",
    "afterfall changes runs/isis-3fa9c1d2e4b5 runs/isis-0b7c2d9e1f34 --country Canada --case ./my-isis",
    "afterfall changes isis ./my-isis --country CAN --json | jq '.headlines[0].probability_steps'",
)
Side = Annotated[
    str, typer.Argument(metavar="RUN|CASE[@DATE]", help="The folder of a run; or a case, and the day to see it from.")
]
OldCase = Annotated[
    str | None,
    typer.Option("--old-case", metavar="CASE", help="For an old RUN: the case it was made from (default: bundled)."),
]
OldDraws = Annotated[
    Path | None,
    typer.Option("--old-draws", metavar="FILE", help="The posterior of the old forecast (default: the bundled one)."),
]
Steps = Annotated[
    int | None,
    typer.Option(
        "--trajectories",
        metavar="N",
        parser=options.SIMULATIONS,
        help=f"Simulations of what is forecast here, steps included (default: {options.FEW_TRAJECTORIES}).",
    ),
]


def changes(
    old: Side,
    new: Side,
    country: options.Country = None,
    old_case: OldCase = None,
    case: options.CaseOfRun = None,
    horizon: options.Horizon = None,
    trajectories: Steps = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    prior_only: options.PriorOnly = False,
    old_draws: OldDraws = None,
    draws: options.DrawsFile = None,
    picture: options.Picture = True,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Say what changed between two forecasts: every judgement, from what to what, and why.

    Each difference is divided among time, events, figures, the fit and the version of the program, by forecasts in
    which one of them is exchanged at a time.
    """
    from afterfall.cli.progress import working

    (older, old_as_of), (newer, as_of) = options.case_and_day(old), options.case_and_day(new)
    check_day("OLD", old_as_of)
    check_day("NEW", as_of)
    with working() as progress:
        found = afterfall.changes(
            older,
            newer,
            country=country,
            old_as_of=old_as_of,
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            old_case=old_case,
            case=case,
            old_draws=options.draws_from(old_draws, prior_only),
            draws=options.draws_from(draws, prior_only),
            run_dir=run_dir or options.DEFAULT_RUNS,
            threads=threads,
            progress=progress,
            command=command(),
        )
    _show(found, all_notes=all_notes, picture=picture, as_json=as_json)


def _show(found: Changes, *, all_notes: bool, picture: bool, as_json: bool) -> None:
    from afterfall.cli.output import drawing, note_few, note_picture, note_run, show, show_json
    from afterfall.report.changes import change_tables as tables
    from afterfall.report.changes.changes_json import changes_json

    if as_json:
        show_json(changes_json(found, command()))
    else:
        show(
            tables.changes_headline(found),
            tables.changes_grids(found),
            tables.changes_notes(found),
            all_notes=all_notes,
        )
    note_run(found.old, "old run")
    note_run(found.new, "new run")
    note_few(found.old, found.new)
    if picture and found.new.path is not None:
        with drawing(found.new.path):
            from afterfall.report.changes.changes_picture import changes_picture
            from afterfall.report.kit.saving import save_picture

            stem = found.new.path / f"{found.country or 'world'}-changes-since-{found.old.request.hash}"
            svg, png = save_picture(changes_picture(found, command()), stem)
            note_picture(png, svg)
