"""``afterfall screening``: run a case (or reuse the run), print whom assessments flag and miss, draw it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from afterfall.case import open_case
from afterfall.cli.asking import DEFAULT_RUNS, Asked
from afterfall.cli.comparing import country_code
from afterfall.cli.days import check_day
from afterfall.cli.failures import reading_input
from afterfall.cli.forecasting import command, run_asked
from afterfall.cli.streams import show, show_json, stderr
from afterfall.model import build
from afterfall.model.levers import open_levers
from afterfall.policy.screening import BASE_RATES, Screening, screening
from afterfall.posterior import posterior_for
from afterfall.report.screening.screening_json import screening_json
from afterfall.report.screening.screening_tables import screening_grids, screening_headline, screening_notes
from afterfall.run import DEFAULT_SEED, request_of
from afterfall.run.forecasting import DEFAULT_HORIZON

TRAJECTORIES = 200


def tell_screening(
    name: str,
    country: str,
    *,
    as_of: str | None,
    settings: tuple[str, ...],
    package: str | None,
    every: int,
    base_rates: tuple[float, ...],
    horizon: int | None,
    trajectories: int | None,
    seed: int | None,
    run_dir: Path | None,
    threads: int | None,
    files: Sequence[Path],
    picture: bool,
    as_json: bool,
) -> None:
    """Run what is asked, print on stdout, and draw beside the run."""
    check_day("--as-of", as_of)
    months = DEFAULT_HORIZON if horizon is None else horizon
    with reading_input():
        case = open_case(name, as_of=as_of)
        code = country_code(case, country)
        policy = open_levers(files).policy(case, package, settings, code)
        model = build(case, horizon=months, record_months=range(every, months, every), policy=policy)
        posterior = posterior_for(model)
        request = request_of(
            model,
            trajectories=TRAJECTORIES if trajectories is None else trajectories,
            seed=DEFAULT_SEED if seed is None else seed,
            posterior=posterior,
        )
    err = stderr()
    run = run_asked(Asked(model, request, run_dir or DEFAULT_RUNS, months, code, posterior), threads, err)
    with reading_input():
        found = screening(model, run, str(code), every=every, base_rates=base_rates or BASE_RATES)
    if as_json:
        show_json(screening_json(found, command()))
    else:
        show(screening_headline(found), screening_grids(found), screening_notes(found))
    err.print(f"run: {run.path}" + (" (finished before, reused)" if run.reused else ""))
    if picture and run.path is not None:
        _draw(found, run.path)


def _draw(found: Screening, folder: Path) -> None:
    from afterfall.report.kit.saving import save_chart
    from afterfall.report.screening.screening_picture import screening_picture, screening_words

    chart = screening_picture(found, command())
    svg, png = save_chart(chart, folder / f"{found.country}-screening", screening_words(found))
    stderr().print(f"picture: {png} and {svg.name}")
