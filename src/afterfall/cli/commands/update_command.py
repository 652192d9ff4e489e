"""``afterfall update``: the forecast without and with some new figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import FAILURE, Failure, command

EXAMPLES = (
    "afterfall update isis --figures figures.csv",
    "afterfall update RUN --figures figures.csv --at 24",
    "afterfall update ./my-isis --figures figures.csv --refit",
)


def update(
    source: options.CaseOrRun,
    figures: Annotated[
        Path, typer.Option("--figures", metavar="FILE", help="A CSV file of figures; the case stays as it is.")
    ],
    at: options.At = None,
    case: options.CaseOfRun = None,
    as_of: options.AsOf = None,
    horizon: options.Horizon = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    refit: Annotated[
        bool, typer.Option("--refit", help="Fit again where reweighting is not reliable (minutes).")
    ] = False,
    fit_dir: options.FitDir = options.DEFAULT_FITS,
    as_json: options.AsJson = False,
) -> None:
    """Forecast without and with new figures: the fit's draws reweighted where that is reliable, starts drawn again.

    Says how reliable the weights are (effective number, Pareto k), or that a refit is needed (exit code 1). The run
    after the update is the forecast of the case with the figures added.
    """
    from afterfall.cli.output import note_few, note_run, show, show_json
    from afterfall.cli.progress import working
    from afterfall.report.keeping.before_after import update_answer
    from afterfall.report.keeping.keeping_json import update_json

    check_day("--as-of", as_of)
    check_day("--at", at)
    with working() as progress:
        found = afterfall.update(
            source,
            figures=figures,
            at=at,
            case=case,
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            run_dir=run_dir or _beside(source),
            threads=threads,
            draws=options.draws_from(draws, prior_only),
            refit=refit,
            fit_dir=fit_dir,
            progress=progress,
            command=command(),
        )
        month = found.before.month(at)
    if as_json:
        show_json(update_json(found, command(), at=month))
    else:
        show(*update_answer(found, month))
    note_run(found.before, "run before")
    note_run(found.after, "run after")
    note_few(found.before)
    if found.after is None:
        raise Failure("a refit is needed, and was not asked for: give --refit", FAILURE)


def _beside(source: str) -> Path:
    """Where runs are kept: in the folder that has the run, or the usual one."""
    from afterfall.run.resolve import is_run

    if not is_run(source):
        return options.DEFAULT_RUNS
    path = Path(source)
    folder = path.parent if path.name == "run.nc" else path
    return folder.parent if folder.name else folder.resolve().parent
