"""``afterfall levers``, ``compare`` and ``screening``: arguments and help; the work is in `comparing`, `screening`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A bundled case (isis-2017, tiny) or a case folder.")]
AsOf = Annotated[
    str | None, typer.Option(metavar="DATE", help="See the case from this day (default: the case's own date).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
Country = Annotated[
    str | None, typer.Option(metavar="CODE|NAME", help="Whose levers and people (CAN, Canada) (default: all).")
]
Files = Annotated[
    list[Path] | None, typer.Option("--levers", metavar="FILE.toml", help="More levers and packages; repeatable.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("levers", epilog="Examples:\n\nafterfall levers isis-2017 --country CAN")(levers)
    app.command(
        "compare",
        epilog="Examples:\n\nafterfall compare isis-2017 --country CAN --lever border=0.6 --lever programmes=0.7\n\n"
        "afterfall compare isis-2017 --country CAN --package repatriate-and-prosecute --against leave-in-camps\n\n"
        "afterfall compare isis-2017 --lever detention-security=0.8 --json | jq .differences.escaped",
    )(compare)
    app.command(
        "screening",
        epilog="Examples:\n\nafterfall screening isis-2017 --country CAN\n\n"
        "afterfall screening isis-2017 --country CAN --lever assessment=0.8 --base-rate 0.02 --base-rate 0.2",
    )(screening)


def levers(case: CaseArgument, as_of: AsOf = None, country: Country = None, files: Files = None) -> None:
    """List levers and packages: what 0, now and 1 mean, where each stands now, and what their effects rest on."""
    from afterfall.cli.comparing import list_levers

    list_levers(case, as_of, country, files or [])


def compare(
    case: CaseArgument,
    lever: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=INTENSITY", help="Set a lever from 0 (none) to 1 (in full); repeatable."),
    ] = None,
    package: Annotated[str | None, typer.Option(metavar="PACKAGE", help="Start from a package of levers.")] = None,
    against: Annotated[
        str | None, typer.Option(metavar="PACKAGE", help="What to compare with (default: as on the as-of date).")
    ] = None,
    country: Country = None,
    as_of: AsOf = None,
    at: Annotated[
        str | None, typer.Option(metavar="MONTH|DATE", help="When outcomes are compared (default: the horizon).")
    ] = None,
    horizon: Annotated[int | None, typer.Option(metavar="MONTHS", help="Months to look ahead (default: 60).")] = None,
    trajectories: Annotated[int | None, typer.Option(metavar="N", help="Futures on each side (default: 200).")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all luck (default: 20170213).")] = None,
    run_dir: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs are kept (default: runs).")] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads; changes no number.")] = None,
    files: Files = None,
    picture: Annotated[bool, typer.Option(help="Draw the differences as PNG and SVG beside the run of B.")] = True,
    as_json: AsJson = False,
) -> None:
    """Compare two policies, future by future with the same luck: what differs, who is harmed, where the threat moves.

    Side B is the package and levers given, side A what it is compared with. Runs are kept and reused.
    """
    from afterfall.cli.comparing import Contest, tell

    contest = Contest(
        case, as_of, country, tuple(lever or ()), package, against, at, horizon, trajectories, seed, run_dir, threads,
        tuple(files or ()),
    )  # fmt: skip
    tell(contest, picture=picture, as_json=as_json)


def screening(
    case: CaseArgument,
    country: Annotated[str, typer.Option(metavar="CODE|NAME", help="Whose returnees are assessed (CAN, Canada).")],
    as_of: AsOf = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=INTENSITY", help="Set a lever from 0 (none) to 1 (in full); repeatable."),
    ] = None,
    package: Annotated[str | None, typer.Option(metavar="PACKAGE", help="Under a package of levers.")] = None,
    every: Annotated[int, typer.Option(metavar="MONTHS", min=1, help="Months a line of the table.")] = 12,
    base_rate: Annotated[
        list[float] | None,
        typer.Option(metavar="SHARE", min=0.0, max=1.0, help="Share at risk among the assessed; repeatable."),
    ] = None,
    horizon: Annotated[int | None, typer.Option(metavar="MONTHS", help="Months to look ahead (default: 60).")] = None,
    trajectories: Annotated[int | None, typer.Option(metavar="N", help="Futures to simulate (default: 200).")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all luck (default: 20170213).")] = None,
    run_dir: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs are kept (default: runs).")] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, help="Threads; changes no number.")] = None,
    files: Files = None,
    picture: Annotated[bool, typer.Option(help="Draw predictive values and verdicts as PNG and SVG.")] = True,
    as_json: AsJson = False,
) -> None:
    """Say whom assessments at home flag, miss and flag wrongly, what a flag is worth, and where capacity runs out."""
    from afterfall.cli.screening import tell_screening

    tell_screening(
        case,
        country,
        as_of=as_of,
        settings=tuple(lever or ()),
        package=package,
        every=every,
        base_rates=tuple(base_rate or ()),
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        run_dir=run_dir,
        threads=threads,
        files=tuple(files or ()),
        picture=picture,
        as_json=as_json,
    )
