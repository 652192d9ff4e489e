"""``afterfall watch``: what to watch for, and what each thing seen would change."""

from __future__ import annotations

from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

EXAMPLES = (
    "afterfall watch isis-2017 --country CAN",
    "afterfall watch isis-2017 --by 2017-12",
    "afterfall watch runs/isis-2017-3fa9c1d2e4b5 --country Belgium --json | jq '.indicators[0]'",
)


def watch(
    source: options.CaseOrRun,
    country: options.Country = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="MONTH|DATE", help="Seen by then: a month (24) or a date (2019-12) (default: month 12)."),
    ] = None,
    case: options.CaseOfRun = None,
    as_of: options.AsOf = None,
    horizon: options.Horizon = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    given: options.Given = None,
    picture: options.Picture = True,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Rank what may be seen, such as a fall, a merger or the next published count, by what it would say.

    Each indicator comes with its chance, and with each headline number if it is seen and if it is not. `--given` takes
    any of them.
    """
    from afterfall.cli.output import drawing, note_few, note_picture, note_run, show, show_json
    from afterfall.cli.progress import working
    from afterfall.report.watch import watch_tables as tables
    from afterfall.report.watch.watch_json import watch_json

    check_day("--as-of", as_of)
    check_day("--by", by)
    with working() as progress:
        found = afterfall.watch(
            source,
            country=country,
            by=by,
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=options.draws_from(draws, prior_only),
            given=given or [],
            case=case,
            run_dir=options.run_folder(run_dir, source),
            threads=threads,
            progress=progress,
            command=command(),
        )
    if as_json:
        show_json(watch_json(found, command()))
    else:
        show(tables.watch_headline(found), tables.watch_grids(found), tables.watch_notes(), all_notes=all_notes)
    note_run(found.run)
    note_few(found.run)
    if picture and found.run.path is not None:
        with drawing(found.run.path):
            from afterfall.report.kit.saving import save_picture
            from afterfall.report.watch.watch_picture import indicator_board

            stem = found.run.path / f"{found.country or 'world'}-watch-month-{found.month}"
            svg, png = save_picture(indicator_board(found, command()), stem)
            note_picture(png, svg)
