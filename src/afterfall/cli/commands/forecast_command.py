"""``afterfall forecast``: simulate a case, and print where its people are."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day, check_month
from afterfall.cli.failures import command, failing

if TYPE_CHECKING:
    from afterfall import Run

EXAMPLES = (
    "afterfall forecast isis-2017",
    "afterfall forecast isis-2017 --country CAN --at 2019-12",
    "afterfall forecast isis-2017 --given 'all fall by 2019-03'",
    "afterfall forecast isis-2017 --json | jq .pathways.dispatch",
    "afterfall forecast --from runs/tiny-3fa9c1d2e4b5",
)


def forecast(
    case: options.OptionalCase = None,
    as_of: options.AsOf = None,
    horizon: options.Horizon = None,
    at: options.At = None,
    trajectories: options.Trajectories = None,
    seed: options.Seed = None,
    country: options.Country = None,
    run_dir: options.RunDir = None,
    replay: Annotated[
        Path | None, typer.Option("--from", metavar="RUN", help="Replay the request of this run folder.")
    ] = None,
    threads: options.Threads = None,
    scheduler: options.Scheduler = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    given: options.Given = None,
    events: Annotated[
        bool, typer.Option("--events", help="List every dated event with a chance of 5% or more, and nothing else.")
    ] = False,
    all_notes: options.AllNotes = False,
    picture: options.Picture = True,
    as_json: options.AsJson = False,
) -> None:
    """Forecast how many people are where, by many simulations of a case: five pathways, other fates, strongholds.

    A run is kept in a folder of its own. The same command again reuses it, or goes on where it was interrupted.
    """
    from afterfall.cli.progress import working

    check_day("--as-of", as_of)
    check_day("--at", at)
    with working() as progress:
        if replay is None:
            check_month(at, case, as_of, horizon)
        settings: dict[str, Any] = {
            "as_of": as_of,
            "horizon": horizon,
            "at": at if at is not None and country is not None and replay is None else (),
            "country": country,
            "trajectories": trajectories,
            "seed": seed,
            "draws": options.draws_from(draws, prior_only),
            "run_dir": run_dir or (replay.parent if replay is not None else options.DEFAULT_RUNS),
            "threads": threads,
            "scheduler": scheduler,
            "progress": progress,
            "command": command(),
        }
        run = afterfall.forecast(case, given=given or [], replay=replay, **settings)
        plain = bool(given) and not (as_json or events)
        without = afterfall.forecast(case, **settings | {"command": _without_given()}) if plain else None
    _show(run, without, at, country, events=events, all_notes=all_notes, picture=picture, as_json=as_json)


def _show(
    run: Run,
    without: Run | None,
    at: str | None,
    country: str | None,
    *,
    events: bool,
    all_notes: bool,
    picture: bool,
    as_json: bool,
) -> None:
    from afterfall.cli.output import drawing, note_few, note_picture, note_run, show, show_json
    from afterfall.report.forecast.outlook_of_run import outlook_of_forecast

    with failing():
        outlook = outlook_of_forecast(run, at=at, country=country, command=command())
        other = None if without is None else outlook_of_forecast(without, at=at, country=country, command=command())
    if as_json:
        from afterfall.report.forecast.outlook_json import outlook_json

        show_json(outlook_json(outlook))
    elif events:
        from afterfall.report.forecast.outlook_tables import event_list

        show(*event_list(outlook))
    else:
        from afterfall.report.explain.spread_shares import shares_note
        from afterfall.report.explain.why import country_notes
        from afterfall.report.forecast.in_short import in_short
        from afterfall.report.forecast.outlook_tables import headline, notes, outlook_grids, short_notes

        before = (*headline(outlook), "", *in_short(outlook))
        after = notes(outlook) if all_notes else short_notes(outlook)
        with failing():
            shares = shares_note(run, country, at)
        show(before, outlook_grids(outlook, other), [*country_notes(run, country), *shares, *after])
    note_run(run)
    note_run(without, "run without the condition")
    note_few(run)
    if picture and not events and run.path is not None and run.model is not None:
        with drawing(run.path):
            from afterfall.report.forecast.forecast_pictures import save_forecast_pictures

            for png, svg in save_forecast_pictures(outlook, run.model.case.theatre.countries, run.path):
                note_picture(png, svg)


def _without_given() -> str:
    """The command that makes the same forecast without its conditions."""
    words, rest = [], iter(sys.argv[1:])
    for word in rest:
        if word == "--given":
            next(rest, None)
        elif not word.startswith("--given="):
            words.append(word)
    return shlex.join(["afterfall", *words])
