"""``afterfall hindcast``: forecast from a past day and score what was published later."""

from __future__ import annotations

from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

EXAMPLES = (
    "afterfall hindcast isis-2017 --as-of 2016-08-01",
    "afterfall hindcast isis-2017 --as-of 2016-08-01 --country Canada",
    "afterfall hindcast isis-2017 --as-of 2017-02-13 --json | jq .skill",
)


def hindcast(
    case: options.CaseName,
    as_of: Annotated[str, typer.Option(metavar="DATE", help="Forecast from this day (such as 2016-08-01).")],
    horizon: options.Horizon = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    scheduler: options.Scheduler = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    given: options.Given = None,
    picture: options.Picture = True,
    country: options.ShownCountry = None,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Forecast a case from what was public on a past day, then score what was published later; largest misses first."""
    from afterfall.cli.progress import working
    from afterfall.cli.scores_output import show_scores

    check_day("--as-of", as_of)
    with working() as progress:
        scores = afterfall.hindcast(
            case,
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=options.draws_from(draws, prior_only),
            given=given or [],
            run_dir=run_dir or options.DEFAULT_RUNS,
            threads=threads,
            scheduler=scheduler,
            progress=progress,
            command=command(),
            country=country,
        )
    show_scores(scores, all_notes=all_notes, picture=picture, as_json=as_json, country=country)
