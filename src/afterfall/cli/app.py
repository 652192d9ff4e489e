"""The commands, their arguments and their help. The work is in files imported when a command runs, so help is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from afterfall import __version__
from afterfall.cli import explaining, fitting, following, influencing, policies, scoring, spreading

app = typer.Typer(
    name="afterfall",
    help="Forecast where the people of a falling proto-state go, as a probability distribution.",
    epilog="Exit codes: 0 done, 1 failure, 2 bad input or usage, 130 interrupted. "
    "Results go to stdout, progress and warnings to stderr. NO_COLOR is honoured.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="A bundled case (isis-2017, mali-2013, tiny) or a case folder.")
]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="See the case from this day (default: the case's own date)."),
]
PriorOnly = Annotated[bool, typer.Option("--prior-only", help="Draw all parameters from priors, fitted or not.")]
DrawsFile = Annotated[
    Path | None,
    typer.Option("--draws", metavar="FILE", help="Draw from this posterior (default: the one that comes with a case)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"afterfall {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Forecast where the people of a falling proto-state go, as a probability distribution."""


@app.command(epilog="Examples:\n\nafterfall check isis-2017\n\nafterfall check ./my-case --as-of 2016-08")
def check(case: CaseArgument, as_of: AsOf = None) -> None:
    """Read a case and report everything wrong with it at once; say "ok", counts and the hash when nothing is."""
    from afterfall.cli.checking import check_case

    check_case(case, as_of)


@app.command(epilog="Examples:\n\nafterfall model isis-2017 | less\n\nafterfall model isis-2017 --diagram states.svg")
def model(
    case: CaseArgument,
    as_of: AsOf = None,
    as_json: AsJson = False,
    diagram: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw the state diagram into this file (.svg or .png).")
    ] = None,
) -> None:
    """Show the model of a case: states, transitions by mechanism, quantities, and every prior with its source."""
    from afterfall.cli.describing import describe

    describe(case, as_of, as_json=as_json, diagram=diagram)


@app.command(
    epilog="Examples:\n\nafterfall forecast isis-2017\n\nafterfall forecast isis-2017 --country CAN --at 2019-12\n\n"
    "afterfall forecast isis-2017 --json | jq .pathways.dispatch\n\nafterfall forecast --from runs/tiny-3fa9c1d2e4b5"
)
def forecast(
    case: Annotated[
        str | None, typer.Argument(metavar="CASE", help="A bundled case (isis-2017, mali-2013, tiny) or a case folder.")
    ] = None,
    as_of: AsOf = None,
    horizon: Annotated[int | None, typer.Option(metavar="MONTHS", help="Months to look ahead (default: 60).")] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="MONTH|DATE", help="A month (24) or a date (2019-12) to show (default: the horizon)."),
    ] = None,
    trajectories: Annotated[
        int | None, typer.Option(metavar="N", help="Futures to simulate; more give steadier tails (default: 1000).")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all luck (default: 20170213).")] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE|NAME", help="People of one origin (CAN, Canada) (default: the world).")
    ] = None,
    run_dir: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs are kept (default: runs).")] = None,
    replay: Annotated[
        Path | None, typer.Option("--from", metavar="RUN", help="Replay the request of this run folder.")
    ] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads; changes no number.")] = None,
    prior_only: PriorOnly = False,
    draws: DrawsFile = None,
    picture: Annotated[bool, typer.Option(help="Draw the pathways as PNG and SVG beside the run.")] = True,
    as_json: AsJson = False,
) -> None:
    """Simulate many futures of a case and say how many people are where: five pathways, other fates, strongholds.

    A run is kept in a folder of its own. The same command again reuses it, or goes on where it was interrupted.
    """
    from afterfall.cli.asking import Question
    from afterfall.cli.forecasting import answer

    question = Question(
        case, as_of, horizon, at, trajectories, seed, country, run_dir, replay, threads, prior_only, draws
    )
    answer(question, picture=picture, as_json=as_json)


scoring.register(app)
spreading.register(app)
policies.register(app)
following.register(app)
explaining.register(app)
fitting.register(app)
influencing.register(app)
