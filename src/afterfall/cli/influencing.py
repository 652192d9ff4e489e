"""``afterfall influence``: arguments and help; then the forecast without each figure, and the table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from afterfall.infer.case_deletion import CaseDeletion, Refit
    from afterfall.model import Model

MOST = 20


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "influence",
        epilog="Examples:\n\nafterfall influence isis-2017 --country CAN\n\n"
        "afterfall influence isis-2017 --country Belgium --quantity killed_so_far --at 24 --refit",
    )(influence)


def influence(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A bundled case (isis-2017, tiny) or a case folder.")],
    country: Annotated[
        str | None, typer.Option(metavar="CODE|NAME", help="People of one origin (default: the world, which is slow).")
    ] = None,
    quantity: Annotated[str, typer.Option(metavar="NAME", help="A quantity of the model.")] = "returned",
    at: Annotated[str, typer.Option(metavar="MONTH|DATE", help="When.")] = "24",
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="See the case from this day (default: the case's own date).")
    ] = None,
    trajectories: Annotated[int, typer.Option(metavar="N", min=50, help="Futures to simulate each time.")] = 250,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Seed of all luck.")] = 20170213,
    draws: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The posterior (default: the one that comes with a case)."),
    ] = None,
    refit: Annotated[bool, typer.Option(help="Fit again without a figure where reweighting fails (minutes).")] = False,
    fit_dir: Annotated[Path, typer.Option(metavar="FOLDER", help="Where fits are kept.")] = Path("fits"),
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")] = False,
) -> None:
    """Say which published figures move a forecast most: leave each out, and forecast again on the same luck."""
    from afterfall.cli.days import check_day
    from afterfall.cli.failures import reading_input
    from afterfall.cli.fitting import needs_extra
    from afterfall.cli.forecasting import command
    from afterfall.cli.streams import show, show_json
    from afterfall.report.explain.case_deletion_json import influence_json
    from afterfall.report.explain.case_deletion_tables import influence_grids, influence_headline

    check_day("--as-of", as_of)
    needs_extra()
    with reading_input():
        model, month, code = _model(case, as_of, at, country)
        found = _left_out(model, draws, (quantity, code, month), trajectories, seed, _refit(fit_dir) if refit else None)
    if as_json:
        show_json(influence_json(found, model, command()))
    else:
        show(influence_headline(found, model), influence_grids(found, model, most=MOST))


def _model(case: str, as_of: str | None, at: str, country: str | None) -> tuple[Model, int, str | None]:
    """The model with the month recorded, the month, and the country's code."""
    from afterfall.case import open_case
    from afterfall.cli.asking import origin_of
    from afterfall.model import build
    from afterfall.run.forecasting import DEFAULT_HORIZON
    from afterfall.run.months import month_at

    opened = open_case(case, as_of=as_of)
    month = month_at(opened.as_of, at, DEFAULT_HORIZON)
    model = build(opened, horizon=max(month, 1), record_months=[month])
    return model, month, origin_of(model, country)


def _left_out(
    model: Model,
    draws: Path | None,
    asked: tuple[str, str | None, int],
    trajectories: int,
    seed: int,
    refit: Refit | None,
) -> CaseDeletion:
    from afterfall.cli.failures import BAD_INPUT, Failure
    from afterfall.cli.progress import counting
    from afterfall.cli.streams import stderr
    from afterfall.infer.case_deletion import Number
    from afterfall.infer.case_deletion import influence as leave_out
    from afterfall.posterior import posterior_for, read_posterior
    from afterfall.run import UnknownName

    known = [q.name for q in model.quantities]
    if asked[0] not in known:
        raise UnknownName("quantity", asked[0], known)
    posterior = posterior_for(model) if draws is None else read_posterior(draws)
    if posterior is None:
        raise Failure(
            f"{model.case.id} as of {model.case.as_of} comes without a posterior; "
            "fit it first and name it with --draws:\n"
            f"  afterfall fit {model.case.id} --as-of {model.case.as_of}",
            BAD_INPUT,
        )
    with counting(stderr(), "figures left out") as told:
        return leave_out(
            model, posterior, Number(*asked), trajectories=trajectories, seed=seed, progress=told, refit=refit
        )


def _refit(fit_dir: Path) -> Refit:
    """Fits a model, going on where an interrupted fit stopped."""
    from afterfall.cli.failures import FAILURE, Failure
    from afterfall.infer import Settings
    from afterfall.infer import fit as run_fit
    from afterfall.posterior import Posterior
    from afterfall.run.forecasting import processors

    def run(model: Model) -> Posterior:
        found = run_fit(model, settings=Settings(workers=processors()), fit_dir=fit_dir)
        if found.diagnosis.faults:
            raise Failure("the chains have not settled:\n  " + "\n  ".join(found.diagnosis.faults), FAILURE)
        return found.posterior

    return run
