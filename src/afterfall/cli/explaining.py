"""``afterfall brief`` and ``afterfall why``: their arguments and help; the work is in `briefing`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CaseOrRun = Annotated[
    str, typer.Argument(metavar="CASE|RUN", help="A bundled case, a case folder, or the folder of a finished run.")
]
Country = Annotated[str, typer.Option(metavar="CODE|NAME", help="The focus country (CAN, Canada).")]
CaseOf = Annotated[
    str | None, typer.Option("--case", metavar="CASE", help="The case a RUN was made from (default: the bundled one).")
]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="For a CASE: see it from this day.")]
Trajectories = Annotated[int | None, typer.Option(metavar="N", help="For a CASE: futures to simulate (default: 1000).")]
Seed = Annotated[int | None, typer.Option(metavar="N", help="For a CASE: seed of all luck (default: 20170213).")]
RunDir = Annotated[Path | None, typer.Option(metavar="FOLDER", help="For a CASE: where runs are kept (default: runs).")]


def register(app: typer.Typer) -> None:
    """Add both commands to the program."""
    app.command(
        "brief",
        epilog="Examples:\n\nafterfall brief isis-2017 --country CAN --out canada.pdf\n\n"
        "afterfall brief runs/isis-2017-3fa9c1d2e4b5 --country Belgium --out bel.html --out bel.md --words phia",
    )(brief)
    app.command(
        "why",
        epilog="Examples:\n\nafterfall why isis-2017 --country CAN --quantity returned\n\nafterfall why RUN --at 24",
    )(why)


def brief(
    source: CaseOrRun,
    country: Country,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Write .html, .pdf or .md; may be given again (default: Markdown on stdout)."
        ),
    ] = None,
    words: Annotated[str, typer.Option(metavar="SCALE", help="Words of likelihood: icd203, phia or ipcc.")] = "icd203",
    track: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Scores of earlier forecasts (from score or hindcast --json).")
    ] = None,
    case: CaseOf = None,
    as_of: AsOf = None,
    trajectories: Trajectories = None,
    seed: Seed = None,
    run_dir: RunDir = None,
) -> None:
    """Write what an analyst hands over on one country: judgements, ranges, sources, limits, on two printed pages."""
    from afterfall.cli.briefing import hand_over
    from afterfall.cli.finding import RunWanted

    wanted = RunWanted(source, case, as_of, trajectories, seed, run_dir, country)
    hand_over(wanted, country, tuple(out or ()), words=words, track=track)


def why(
    source: CaseOrRun,
    country: Annotated[
        str | None, typer.Option(metavar="CODE|NAME", help="People of one origin (default: the world).")
    ] = None,
    quantity: Annotated[str, typer.Option(metavar="NAME", help="A quantity of the model.")] = "returned",
    at: Annotated[str | None, typer.Option(metavar="MONTH|DATE", help="When (default: the horizon).")] = None,
    case: CaseOf = None,
    as_of: AsOf = None,
    trajectories: Trajectories = None,
    seed: Seed = None,
    run_dir: RunDir = None,
) -> None:
    """Say why a number is what it is: the figures, the parameters that drive it, the mechanisms."""
    from afterfall.cli.briefing import explain
    from afterfall.cli.finding import RunWanted

    explain(RunWanted(source, case, as_of, trajectories, seed, run_dir, country), country, quantity, at)
