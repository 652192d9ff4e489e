"""``afterfall explore``: options under thousands of sets of assumptions, and where each wins and fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command
from afterfall.defaults import EXPLORE_SCENARIOS, EXPLORE_TRAJECTORIES

if TYPE_CHECKING:
    from afterfall import Exploration

EXAMPLES = (
    'afterfall explore isis-2017 --country CAN --option "border: border=0.6" --option programmes-first',
    'afterfall explore tiny --country Brom --option "border: border=0.9" --over effects --over leaving.mover',
    'afterfall explore tiny --option "safer: detention-security=0.9" --over rho=0..1 --over effects --design sobol '
    "--scenarios 64",
    "afterfall explore isis-2017 --option options.toml --over assumptions.toml --cases cases.parquet --json",
)
Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="ASSUMPTION",
        help="A parameter, NAME=LOW..HIGH, a pattern (lever.border.*), effects, rho, or a TOML file; repeatable "
        "(default: effects and rho).",
    ),
]
Design = Annotated[str, typer.Option(metavar="lhs|sobol", help="Latin hypercube, or Sobol for total indices.")]
Scenarios = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=options.SIMULATIONS,
        help=f"Sets of assumptions (default: {EXPLORE_SCENARIOS}); with sobol N(k + 2), N a power of two.",
    ),
]
Simulations = Annotated[
    int | None,
    typer.Option(
        "--trajectories",
        metavar="N",
        parser=options.SIMULATIONS,
        help=f"Simulations of each case, the same in all (default: {EXPLORE_TRAJECTORIES}).",
    ),
]
Outcome = Annotated[
    str | None, typer.Option(metavar="NAME", help="Rank options by this quantity (default: undetected).")
]
Target = Annotated[
    float | None,
    typer.Option(metavar="PEOPLE", help="Level that an option should meet (default: the mean of what is compared)."),
]
Cases = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write all cases to this .parquet or .csv file as well.")
]


def explore(
    case: options.CaseName,
    option: options.Options = None,
    over: Over = None,
    against: options.Against = None,
    design: Design = "lhs",
    scenarios: Scenarios = None,
    trajectories: Simulations = None,
    outcome: Outcome = None,
    target: Target = None,
    country: options.Country = None,
    as_of: options.AsOf = None,
    at: options.At = None,
    horizon: options.Horizon = None,
    seed: options.Seed = None,
    run_dir: options.RunDir = None,
    threads: options.Threads = None,
    scheduler: options.Scheduler = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    files: options.LeverFiles = None,
    cases: Cases = None,
    picture: options.Picture = True,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Explore options under thousands of sets of assumptions: where each wins and fails, what is robust or belief.

    Every case has the same random draws. An interrupted exploration resumes. Needs the extra afterfall[explore].
    """
    from afterfall.cli.progress import working
    from afterfall.report.explore.case_table import check_case_file, write_cases

    check_day("--as-of", as_of)
    check_day("--at", at)
    with working() as progress:
        if cases is not None:
            check_case_file(cases)
        found = afterfall.explore(
            case,
            option or [],
            over=over or ("effects", "rho"),
            against=against or "now",
            design=design,
            scenarios=scenarios,
            outcome=outcome or "undetected",
            trajectories=trajectories,
            lever_files=files or [],
            country=country,
            as_of=as_of,
            at=at,
            horizon=horizon,
            seed=seed,
            draws=options.draws_from(draws, prior_only),
            run_dir=run_dir or options.DEFAULT_RUNS,
            threads=threads,
            scheduler=scheduler,
            progress=progress,
            command=command(),
        )
        files_written = [found.path / "cases.parquet"] if found.path is not None else []
        for file in (*files_written, *([cases] if cases is not None else [])):
            write_cases(found, file)
    _show(found, target, cases, all_notes=all_notes, picture=picture, as_json=as_json)


def _show(
    found: Exploration, target: float | None, cases: Path | None, *, all_notes: bool, picture: bool, as_json: bool
) -> None:
    from afterfall.cli.output import drawing, save_picture, show, show_json, stderr

    findings, kept = found.findings(target=target), found.path
    assert kept is not None
    if as_json:
        from afterfall.report.explore.explore_json import explore_json

        show_json(explore_json(findings, command()))
    else:
        from afterfall.report.explore.explore_tables import explore_grids
        from afterfall.report.explore.explore_words import explore_headline, explore_notes

        show(explore_headline(findings), explore_grids(findings), explore_notes(findings), all_notes=all_notes)
    stderr().print(f"explored: {kept}" + (" (finished before, reused)" if found.reused else ""))
    stderr().print(f"cases: {kept / 'cases.parquet'}" + (f" and {cases}" if cases is not None else ""))
    if picture:
        with drawing(kept):
            from afterfall.report.explore.trade_off_picture import trade_off_chart, trade_off_words

            stem = f"{found.plan.country or 'world'}-trade-off-month-{found.plan.month}"
            save_picture(trade_off_chart(findings, command()), kept / stem, trade_off_words(findings))
