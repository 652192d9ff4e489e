"""``score``, ``hindcast`` and ``track-record``: their arguments and help; the work is in `hindcasting`, `tracking`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
Picture = Annotated[bool, typer.Option(help="Draw said, happened and naive as PNG and SVG beside the run.")]


def register(app: typer.Typer) -> None:
    """Add the three commands to the program."""
    app.command("score", epilog="Examples:\n\nafterfall score runs/isis-2017-3fa9c1d2e4b5 --json | jq .coverage")(score)
    app.command(
        "hindcast",
        epilog="Examples:\n\nafterfall hindcast isis-2017 --as-of 2016-08-01\n\n"
        "afterfall hindcast isis-2017 --as-of 2017-02-13 --json | jq .skill",
    )(hindcast)
    app.command(
        "track-record",
        epilog="Examples:\n\nafterfall track-record isis-2017 --out docs\n\n"
        "afterfall track-record isis-2017 --as-of 2016-08-01 --as-of 2017-02-13 --trajectories 200",
    )(track_record)


def score(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")],
    case: Annotated[
        str | None, typer.Option(metavar="CASE", help="The case it was made from (default: the bundled one).")
    ] = None,
    picture: Picture = True,
    as_json: AsJson = False,
) -> None:
    """Score a run against every figure published after its as-of date, beside naive forecasts; misses first."""
    from afterfall.cli.hindcasting import score_folder

    score_folder(run, case, picture=picture, as_json=as_json)


def hindcast(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="A bundled case (isis-2017, mali-2013, tiny) or a case folder.")
    ],
    as_of: Annotated[str, typer.Option(metavar="DATE", help="Forecast from this day (such as 2016-08-01).")],
    horizon: Annotated[int | None, typer.Option(metavar="MONTHS", help="Months to look ahead (default: 60).")] = None,
    trajectories: Annotated[
        int | None, typer.Option(metavar="N", help="Futures to simulate; more give steadier tails (default: 1000).")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all luck (default: 20170213).")] = None,
    run_dir: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs are kept (default: runs).")] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads; changes no number.")] = None,
    prior_only: Annotated[
        bool, typer.Option("--prior-only", help="Draw all parameters from priors, fitted or not.")
    ] = False,
    draws: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw from this posterior (default: the one that comes with a case)."),
    ] = None,
    picture: Picture = True,
    as_json: AsJson = False,
) -> None:
    """Forecast a case from what was public on a past day, then score what was published later; misses first."""
    from afterfall.cli.asking import Question
    from afterfall.cli.hindcasting import forecast_and_score

    question = Question(case, as_of, horizon, None, trajectories, seed, None, run_dir, None, threads, prior_only, draws)
    forecast_and_score(question, picture=picture, as_json=as_json)


def track_record(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A bundled case (isis-2017, tiny) or a case folder.")],
    as_of: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="Forecast from this day; may be given many times (default: seven days)."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the record is written.")] = Path(),
    horizon: Annotated[int | None, typer.Option(metavar="MONTHS", help="Months to look ahead (default: 60).")] = None,
    trajectories: Annotated[
        int | None, typer.Option(metavar="N", help="Futures to simulate from each day (default: 1000).")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all luck (default: 20170213).")] = None,
    run_dir: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs are kept (default: runs).")] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads; changes no number.")] = None,
    as_json: AsJson = False,
) -> None:
    """Forecast a case from several past days, score each, and write the track record: page, JSON and picture."""
    from afterfall.cli.asking import Question
    from afterfall.cli.tracking import keep_record

    question = Question(case, None, horizon, None, trajectories, seed, None, run_dir, None, threads)
    keep_record(question, as_of or [], out, as_json=as_json)
