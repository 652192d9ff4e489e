"""``afterfall levers``: the levers and packages of a case."""

from __future__ import annotations

import afterfall
from afterfall.cli import options
from afterfall.cli.days import check_day
from afterfall.cli.failures import command, failing

EXAMPLES = ("afterfall levers isis-2017 --country CAN",)


def levers(
    case: options.CaseName,
    as_of: options.AsOf = None,
    country: options.Country = None,
    files: options.LeverFiles = None,
    as_json: options.AsJson = False,
) -> None:
    """List levers and packages: what 0, now and 1 mean, where each stands now, and what their effects rest on."""
    from afterfall.api.policies import origin_of
    from afterfall.cli.output import show, show_json
    from afterfall.run.case_source import warn_implausible

    check_day("--as-of", as_of)
    with failing():
        opened = afterfall.open_case(case, as_of=as_of)
        code = None if country is None else origin_of(opened, country)
        catalogue = afterfall.open_levers(files or [])
    warn_implausible(opened)
    if as_json:
        from afterfall.report.comparison.lever_json import levers_json

        show_json(levers_json(catalogue, opened, code, command()))
    else:
        from afterfall.report.comparison.lever_tables import lever_grids, lever_headline

        show(lever_headline(opened, code), lever_grids(catalogue, opened, code))
