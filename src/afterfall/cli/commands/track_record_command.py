"""``afterfall track-record``: forecast a case from several past days, score each, and write the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

EXAMPLES = (
    "afterfall track-record isis-2017 --out docs",
    "afterfall track-record isis-2017 --as-of 2016-08-01 --as-of 2017-02-13 --trajectories 200",
    "afterfall track-record tiny --country Arda --trajectories 200",
)


def track_record(
    case: options.CaseName,
    as_of: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="Forecast from this day; repeatable (default: the days of the record)."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the record is written.")] = Path(),
    horizon: options.Horizon = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    scheduler: options.Scheduler = None,
    prior_only: options.PriorOnly = False,
    draws: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Draw parameters from this posterior on the day it was fitted to; repeatable "
            "(default: the bundled posteriors).",
        ),
    ] = None,
    country: options.ShownCountry = None,
    as_json: options.AsJson = False,
) -> None:
    """Forecast a case from several past days, score each, and write the track record: page, JSON and pictures."""
    from afterfall.cli.output import drawing, note_few, show_json, stderr
    from afterfall.cli.progress import working
    from afterfall.report.track_record.record_country import country_of_record

    for day in as_of or []:
        check_day("--as-of", day)
    with working() as progress:
        record = afterfall.track_record(
            case,
            as_of=as_of or [],
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=options.several_draws(draws or [], prior_only),
            run_dir=run_dir or options.DEFAULT_RUNS,
            threads=threads,
            scheduler=scheduler,
            progress=progress,
            command=command(),
            country=country,
        )
        shown = country_of_record(record, country)
    with drawing(out, "take the page and its JSON, which are written"):
        from afterfall.report.track_record.record_files import write_record

        paths = write_record(record, out, command(), shown)
    from afterfall.report.track_record.record_json import track_json

    stderr().print(f"written: {paths[0]}, {', '.join(path.name for path in paths[1:])}")
    note_few(*(one.run for one in record.scores))
    if as_json:
        show_json(track_json(record, command(), record.checks))
