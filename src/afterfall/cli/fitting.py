"""``afterfall fit``: arguments and help; then the fit, its tables, its picture, and the file of draws it leaves."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from afterfall.infer import Fit, Settings
    from afterfall.model import Model

DEFAULT_FITS = Path("fits")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "fit",
        epilog="Examples:\n\nafterfall fit isis-2017\n\nafterfall fit isis-2017 --as-of 2016-08-01\n\n"
        "afterfall forecast isis-2017 --draws fits/isis-2017-2017-02-13-0123456789ab",
    )(fit)


def fit(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A bundled case (isis-2017, tiny) or a case folder.")],
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="See the case from this day (default: the case's own date).")
    ] = None,
    chains: Annotated[int, typer.Option(metavar="N", min=2, help="Chains, to be compared with each other.")] = 2,
    warmup: Annotated[int, typer.Option(metavar="N", min=50, help="Iterations that tune each chain.")] = 300,
    draws: Annotated[int, typer.Option(metavar="N", min=20, help="Draws to keep, over all chains.")] = 500,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Seed of the chains' luck.")] = 20170213,
    fit_dir: Annotated[Path, typer.Option(metavar="FOLDER", help="Where fits are kept.")] = DEFAULT_FITS,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Chains at once (default: one a processor).")
    ] = None,
    picture: Annotated[bool, typer.Option(help="Draw prior and posterior side by side as PNG and SVG.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")] = False,
) -> None:
    """Learn the parameters of the past from a case's figures (NUTS), and say what the data taught of each.

    A fit is kept in a folder of its own; the same command again goes on where it was interrupted.
    """
    from afterfall.cli.days import check_day
    from afterfall.cli.failures import FAILURE, Failure, reading_input

    check_day("--as-of", as_of)
    needs_extra()
    from afterfall.case import open_case
    from afterfall.cli.asking import warn_stale
    from afterfall.infer import Settings
    from afterfall.model import build
    from afterfall.run.forecasting import processors

    with reading_input():
        opened = open_case(case, as_of=as_of)
        warn_stale(opened)
        model = build(opened)
        found = _fitted(model, Settings(chains, warmup, draws, seed, workers or processors()), fit_dir)
    _tell(found, as_json=as_json)
    if picture:
        _draw(found)
    if found.diagnosis.faults:
        raise Failure("the chains have not settled:\n  " + "\n  ".join(found.diagnosis.faults), FAILURE)


def needs_extra() -> None:
    """Stop where the extra `fit` is not installed."""
    from afterfall.cli.failures import BAD_INPUT, Failure

    missing = [name for name in ("arviz_stats", "jax", "numpyro") if find_spec(name) is None]
    if missing:
        raise Failure(f"fitting needs {', '.join(missing)}: pip install 'afterfall[fit]'", BAD_INPUT)


def _fitted(model: Model, settings: Settings, fit_dir: Path) -> Fit:
    """Fit, telling on stderr how far it is; keep the draws where the chains have settled."""
    from afterfall.cli.failures import INTERRUPTED, Failure
    from afterfall.cli.forecasting import command
    from afterfall.cli.progress import counting
    from afterfall.cli.streams import stderr
    from afterfall.infer import fit as run_fit
    from afterfall.posterior import write_posterior
    from afterfall.posterior.posterior_file import NAME
    from afterfall.run.atomic_files import write_durably

    err = stderr()
    try:
        with counting(err, "iterations") as told:
            found = run_fit(model, settings=settings, fit_dir=fit_dir, progress=told, command=command())
    except KeyboardInterrupt:
        raise Failure(
            f"interrupted; finished batches are kept in {fit_dir}. To go on where it stopped:\n  {command()}",
            INTERRUPTED,
        ) from None
    if found.folder is not None:
        name = "unsettled.nc" if found.diagnosis.faults else NAME
        write_durably(found.folder / name, write_posterior(found.posterior))
        err.print(f"draws: {found.folder / name}")
    return found


def _tell(found: Fit, *, as_json: bool) -> None:
    from afterfall.cli.streams import show, show_json
    from afterfall.infer import predictive_checks, prior_to_posterior
    from afterfall.report.fit.fit_json import fit_json
    from afterfall.report.fit.fit_tables import fit_grids, fit_headline

    rows, checks = prior_to_posterior(found), predictive_checks(found)
    if as_json:
        show_json(fit_json(found, rows, checks))
    else:
        show(fit_headline(found, rows), fit_grids(found, rows, checks))


def _draw(found: Fit) -> None:
    from afterfall.cli.streams import stderr
    from afterfall.infer import prior_to_posterior
    from afterfall.report.fit.fit_picture import fit_words, prior_and_posterior
    from afterfall.report.kit.saving import save_chart

    if found.folder is not None:
        chart = prior_and_posterior(found, prior_to_posterior(found))
        svg, png = save_chart(chart, found.folder / "prior-and-posterior", fit_words(found))
        stderr().print(f"picture: {png} and {svg.name}")
