"""``afterfall compare``: two policies on one case, with the same random draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

if TYPE_CHECKING:
    from afterfall import Comparison

EXAMPLES = (
    "afterfall compare isis-2017 --country CAN --lever border=0.6 --lever programmes=0.7",
    "afterfall compare isis-2017 --country CAN --package repatriate-and-prosecute --against leave-in-camps",
    "afterfall compare isis-2017 --lever detention-security=0.8 --json | jq .differences.escaped",
)


def compare(
    case: options.CaseName,
    lever: options.Levers = None,
    package: options.Package = None,
    against: Annotated[
        str | None, typer.Option(metavar="PACKAGE", help="What to compare with (default: as on the as-of date).")
    ] = None,
    country: options.Country = None,
    as_of: options.AsOf = None,
    at: options.At = None,
    horizon: options.Horizon = None,
    trajectories: options.FewTrajectories = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    scheduler: options.Scheduler = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    given: options.NotGiven = None,
    files: options.LeverFiles = None,
    picture: options.Picture = True,
    as_json: options.AsJson = False,
) -> None:
    """Compare two policies, simulation by simulation: what differs, who is harmed, how risk shifts to other countries.

    Both sides have common random numbers. Side B is the package and levers given, side A what it is compared with. Runs
    are kept and reused.
    """
    from afterfall.cli.progress import working

    check_day("--as-of", as_of)
    check_day("--at", at)
    with working() as progress:
        found = afterfall.compare(
            case,
            levers=lever or [],
            package=package,
            against=against,
            lever_files=files or [],
            country=country,
            as_of=as_of,
            at=at,
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
        )
    _show(found, picture=picture, as_json=as_json)


def _show(found: Comparison, *, picture: bool, as_json: bool) -> None:
    from afterfall.cli.output import drawing, note_few, note_run, save_picture, show, show_json

    if as_json:
        from afterfall.report.comparison.comparison_json import comparison_json

        show_json(comparison_json(found, command()))
    else:
        from afterfall.report.comparison.comparison_tables import (
            comparison_grids,
            comparison_headline,
            comparison_notes,
        )

        show(comparison_headline(found), comparison_grids(found), comparison_notes(found))
    note_run(found.a.run, "run A")
    note_run(found.b.run, "run B")
    note_few(found.a.run, found.b.run)
    if picture and found.b.run.path is not None:
        with drawing(found.b.run.path):
            from afterfall.report.comparison.comparison_picture import comparison_words, paired_differences

            stem = f"{found.country or 'world'}-against-{found.a.policy.name}-month-{found.month}"
            save_picture(paired_differences(found, command()), found.b.run.path / stem, comparison_words(found))
