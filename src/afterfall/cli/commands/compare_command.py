"""``afterfall compare``: two policies on one case, with the same random draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command

if TYPE_CHECKING:
    from afterfall import BestMix, Comparison, OptionSet

EXAMPLES = (
    "afterfall compare isis-2017 --country CAN --lever border=0.6 --lever programmes=0.7",
    'afterfall compare isis-2017 --country CAN --option "border: border=0.6" --option programmes-first',
    "afterfall compare isis-2017 --country CAN --budget imprisoned=120 --mix border --mix prosecution=0.5,0.8",
    "afterfall compare isis-2017 --country CAN --package repatriate-and-prosecute --against leave-in-camps",
    "afterfall compare isis-2017 --lever detention-security=0.8 --json | jq .differences.escaped",
)
Budgets = Annotated[
    list[str] | None,
    typer.Option(
        "--budget",
        metavar="NAME=AMOUNT",
        help="Search the best mix for at most this more than now: imprisoned=120 (person-months), CAD=5m; repeatable.",
    ),
]
Mixed = Annotated[
    list[str] | None,
    typer.Option("--mix", metavar="LEVER[=LEVEL,...]", help="A lever to search for the best mix; repeatable."),
]
Outcome = Annotated[
    str | None, typer.Option(metavar="QUANTITY", help="What the best mix is judged by (default: undetected).")
]


def compare(
    case: options.CaseName,
    lever: options.Levers = None,
    package: options.Package = None,
    option: options.Options = None,
    budget: Budgets = None,
    mix: Mixed = None,
    outcome: Outcome = None,
    against: options.Against = None,
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
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Compare policies, simulation by simulation: what differs, who is harmed, how risk shifts to other countries.

    All sides have common random numbers. Side B is the package and levers given, side A what it is compared with. With
    --option any number of options are compared with side A and with each other. With --budget or --mix the best mix of
    levers is searched. Runs are kept and reused.
    """
    from afterfall.api.mixes import OUTCOME, USUAL
    from afterfall.cli.progress import working

    check_day("--as-of", as_of)
    check_day("--at", at)
    asked: dict[str, Any] = {
        "lever_files": files or [],
        "country": country,
        "as_of": as_of,
        "at": at,
        "horizon": horizon,
        "trajectories": trajectories,
        "seed": seed,
        "draws": options.draws_from(draws, prior_only),
        "given": given or [],
        "run_dir": run_dir or options.DEFAULT_RUNS,
        "threads": threads,
        "scheduler": scheduler,
        "command": command(),
    }
    with working() as asked["progress"]:
        if budget or mix or outcome:
            _refuse_levers(bool(option or lever or package is not None))
            asked |= {"mix": mix or USUAL, "outcome": outcome or OUTCOME}
            found: Any = afterfall.best_mix(case, budget or [], against=against or "now", **asked)
            show: Any = _show_mix
        elif option:
            _refuse_beside(bool(lever or package is not None))
            found = afterfall.compare_options(case, option, against=against or "now", **asked)
            show = _show_options
        else:
            found = afterfall.compare(case, levers=lever or [], package=package, against=against, **asked)
            show = _show
    show(found, all_notes=all_notes, picture=picture, as_json=as_json)


def _refuse_levers(given: bool) -> None:
    from afterfall.run import SettingError

    if given:
        raise SettingError("the best mix takes {0} and {1}, and no levers, packages or options", "budget", "mix")


def _refuse_beside(given: bool) -> None:
    from afterfall.run import SettingError

    if given:
        raise SettingError('levers and packages are a part of {0}: "NAME: PACKAGE LEVER=INTENSITY"', "options")


def _show(found: Comparison, *, all_notes: bool, picture: bool, as_json: bool) -> None:
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

        show(comparison_headline(found), comparison_grids(found), comparison_notes(found), all_notes=all_notes)
    note_run(found.a.run, "run A")
    note_run(found.b.run, "run B")
    note_few(found.a.run, found.b.run)
    if picture and found.b.run.path is not None:
        with drawing(found.b.run.path):
            from afterfall.report.comparison.comparison_picture import comparison_words, paired_differences

            stem = f"{found.country or 'world'}-against-{found.a.policy.name}-month-{found.month}"
            save_picture(paired_differences(found, command()), found.b.run.path / stem, comparison_words(found))


def _show_mix(found: BestMix, *, all_notes: bool, picture: bool, as_json: bool) -> None:
    from afterfall.cli.output import show, show_json

    if as_json:
        from afterfall.report.comparison.mix_json import mix_json

        show_json(mix_json(found, command()))
    else:
        from afterfall.report.comparison.mix_tables import mix_grids, mix_headline, mix_notes

        show(mix_headline(found), mix_grids(found), mix_notes(found), all_notes=all_notes)
    _note_options(found.options, picture=picture)


def _show_options(found: OptionSet, *, all_notes: bool, picture: bool, as_json: bool) -> None:
    from afterfall.cli.output import show, show_json

    if as_json:
        from afterfall.report.comparison.option_json import option_json

        show_json(option_json(found, command()))
    else:
        from afterfall.report.comparison.option_tables import option_grids, option_headline, option_notes

        show(option_headline(found), option_grids(found), option_notes(found), all_notes=all_notes)
    _note_options(found, picture=picture)


def _note_options(found: OptionSet, *, picture: bool) -> None:
    """Say where the runs are, and draw the options side by side."""
    from afterfall.cli.output import drawing, note_few, note_run, save_picture

    runs = [found.any.a.run, *(one.b.run for one in found.comparisons)]
    for name, run in zip(found.names, runs, strict=True):
        note_run(run, name)
    note_few(*runs[:2])
    if picture and runs[0].path is not None:
        with drawing(runs[0].path):
            from afterfall.report.comparison.option_picture import option_words, options_chart

            stem = f"{found.any.country or 'world'}-{len(found.names)}-options-month-{found.any.month}"
            save_picture(options_chart(found, command()), runs[0].path / stem, option_words(found))
