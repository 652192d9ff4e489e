"""``afterfall influence``: which published figures move a forecast."""

from __future__ import annotations

from typing import Annotated

import typer

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command, failing

EXAMPLES = (
    "afterfall influence isis-2017 --country CAN",
    "afterfall influence isis-2017 --country Belgium --quantity killed_so_far --at 24 --refit",
)
#: Figures listed.
MOST = 20


def influence(
    case: options.CaseName,
    country: options.Country = None,
    quantity: options.Quantity = "returned",
    at: Annotated[str, typer.Option(metavar="MONTH|DATE", help="A month (24) or a date (2019-12).")] = "24",
    as_of: options.AsOf = None,
    trajectories: Annotated[int, typer.Option(metavar="N", min=50, max=1_000_000, help="Simulations each time.")] = 250,
    seed: options.Seed = None,
    prior_only: options.PriorOnly = False,
    draws: options.DrawsFile = None,
    refit: Annotated[bool, typer.Option(help="Fit again without a figure where reweighting fails (minutes).")] = False,
    fit_dir: options.FitDir = options.DEFAULT_FITS,
    as_json: options.AsJson = False,
) -> None:
    """Rank published figures by how far a forecast moves without each, with the same random numbers."""
    from afterfall.cli.output import show, show_json, stderr
    from afterfall.cli.progress import counting
    from afterfall.report.explain.case_deletion_json import influence_json
    from afterfall.report.explain.case_deletion_tables import influence_grids, influence_headline

    check_day("--as-of", as_of)
    check_day("--at", at)
    with failing(), counting(stderr(), "figures left out") as progress:
        found = afterfall.influence(
            case,
            quantity=quantity,
            country=country,
            at=at,
            as_of=as_of,
            trajectories=trajectories,
            seed=seed,
            draws=options.draws_from(draws, prior_only),
            refit=refit,
            fit_dir=fit_dir,
            progress=progress,
        )
    if as_json:
        show_json(influence_json(found, found.model, command()))
    else:
        show(influence_headline(found, found.model), influence_grids(found, found.model, most=MOST))
