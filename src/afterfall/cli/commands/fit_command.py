"""``afterfall fit``: learn the parameters of a case's past from its figures."""

from __future__ import annotations

from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import FAILURE, Failure, command, failing

EXAMPLES = (
    "afterfall fit isis-2017",
    "afterfall fit isis-2017 --as-of 2016-08-01",
    "afterfall forecast isis-2017 --draws fits/isis-2017-2017-02-13-0123456789ab",
)


def fit(
    case: options.CaseName,
    as_of: options.AsOf = None,
    chains: Annotated[int, typer.Option(metavar="N", min=2, max=1000, help="Chains to compare with each other.")] = 4,
    warmup: Annotated[int, typer.Option(metavar="N", min=50, max=10**6, help="Iterations that tune each chain.")] = 250,
    draws: Annotated[int, typer.Option(metavar="N", min=20, max=10**6, help="Draws to keep, over all chains.")] = 1200,
    seed: options.Seed = None,
    fit_dir: options.FitDir = options.DEFAULT_FITS,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Chains at once (default: one per processor).")
    ] = None,
    picture: Annotated[bool, typer.Option(help="Draw prior and posterior as PNG and SVG into the folder.")] = True,
    as_json: options.AsJson = False,
) -> None:
    """Fit the parameters of the past to a case's figures (NUTS), and report how much the data inform each.

    A fit is kept in a folder of its own; the same command again goes on where it was interrupted.
    """
    from afterfall.cli.output import drawing, save_picture, show, show_json, stderr
    from afterfall.cli.progress import counting

    check_day("--as-of", as_of)
    with failing(), counting(stderr(), "iterations") as progress:
        found = afterfall.fit(
            case,
            as_of=as_of,
            chains=chains,
            warmup=warmup,
            draws=draws,
            seed=seed,
            fit_dir=fit_dir,
            workers=workers,
            progress=progress,
            command=command(),
        )
    from afterfall.report.fit.fit_answer import fit_answer, fit_content, fit_picture

    stderr().print(f"draws: {found.file}")
    if as_json:
        show_json(fit_content(found))
    else:
        show(*fit_answer(found))
    if picture and found.folder is not None:
        with drawing(found.folder):
            chart, words = fit_picture(found)
            save_picture(chart, found.folder / "prior-and-posterior", words)
    if found.diagnosis.faults:
        raise Failure("the chains have not converged:\n  " + "\n  ".join(found.diagnosis.faults), FAILURE)
