"""``afterfall attacks``, ``violence`` and ``field``: arguments and help; the work is in files imported when run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
CaseOrRun = Annotated[
    str, typer.Argument(metavar="CASE|RUN", help="A bundled case, a case folder, or the folder of a finished run.")
]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="See the case from this day (default: its own date).")]
Horizon = Annotated[int | None, typer.Option(metavar="MONTHS", help="Months to look ahead (default: 60).")]
Trajectories = Annotated[int | None, typer.Option(metavar="N", help="Futures to simulate (default: 1000).")]
Seed = Annotated[int | None, typer.Option(metavar="N", help="Seed of all luck (default: 20170213).")]
RunDir = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs are kept (default: runs).")]
Threads = Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads; changes no number.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "attacks",
        epilog="Examples:\n\nafterfall attacks isis-2017\n\nafterfall attacks isis-2017 --country CAN\n\n"
        "afterfall attacks isis-2017 --country Europe --later",
    )(attacks)
    app.command(
        "violence",
        epilog="Examples:\n\nafterfall violence isis-2017\n\nafterfall violence isis-2017 --country NGA\n\n"
        "afterfall violence runs/isis-2017-3fa9c1d2e4b5 --export out",
    )(violence)
    app.command(
        "field",
        epilog="Examples:\n\nafterfall field --views views\n\nafterfall field --views views --years 2022-2023 --json",
    )(field)


def attacks(
    case: CaseOrRun,
    as_of: AsOf = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE|NAME", help="One country, or Europe (default: those with most).")
    ] = None,
    horizon: Horizon = None,
    trajectories: Trajectories = None,
    seed: Seed = None,
    run_dir: RunDir = None,
    threads: Threads = None,
    later: Annotated[
        bool, typer.Option("--later", help="Also set beside counts published after the as-of date, and score them.")
    ] = False,
    picture: Annotated[bool, typer.Option(help="Draw attempts by year as PNG and SVG beside the run.")] = True,
    as_json: AsJson = False,
) -> None:
    """Say how many attacks are attempted and completed by country and year: by returnees, the sent and the inspired."""
    from afterfall.cli.asking import Question
    from afterfall.cli.attacking import ShownAttacks, tell_attacks

    question = Question(case, as_of, horizon, None, trajectories, seed, None, run_dir, None, threads)
    tell_attacks(question, ShownAttacks(country, later, picture, as_json))


def violence(
    case: CaseOrRun,
    as_of: AsOf = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE|NAME", help="One country, month by month (default: those with most).")
    ] = None,
    horizon: Horizon = None,
    trajectories: Trajectories = None,
    seed: Seed = None,
    run_dir: RunDir = None,
    threads: Threads = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write draws (VIEWS format) and quantiles (hub format) here.")
    ] = None,
    picture: Annotated[bool, typer.Option(help="Draw record and forecast as PNG and SVG beside the run.")] = True,
    as_json: AsJson = False,
) -> None:
    """Say how many die in armed conflict by country and month: the country's past, its neighbours, and the run."""
    from afterfall.cli.asking import Question
    from afterfall.cli.violent import Wanted, tell_violence

    question = Question(case, as_of, horizon, None, trajectories, seed, None, run_dir, None, threads)
    tell_violence(question, Wanted(country, export, picture, as_json))


def field(
    views: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Tables of the VIEWS challenge 2023/24 (see docs/violence.md).")
    ],
    case: Annotated[str, typer.Option(metavar="CASE", help="The case whose countries are compared.")] = "isis-2017",
    years: Annotated[str, typer.Option(metavar="YEARS", help="A year or a range of years.")] = "2018-2023",
    export: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write our draws of each year here, in VIEWS format.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw skill by year into this file (and a .png).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score violence by place, year by year, beside the field: conflictology, last value and zero; whichever wins."""
    from afterfall.cli.violent import tell_field

    tell_field(views, case, years, export=export, picture=picture, as_json=as_json)
