"""``afterfall check``: everything wrong with a case at once, or what is in it."""

from __future__ import annotations

import afterfall
from afterfall.cli.days import check_day
from afterfall.cli.failures import command, failing
from afterfall.cli.options import AsJson, AsOf, CaseName

EXAMPLES = ("afterfall check isis-2017", "afterfall check ./my-case --as-of 2016-08")


def check(case: CaseName, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Read a case and report all its problems at once; with none, print "ok", counts, the hash and any warnings."""
    from afterfall.cli.output import show, show_json

    check_day("--as-of", as_of)
    with failing():
        model = afterfall.build(afterfall.open_case(case, as_of=as_of))
    if as_json:
        from afterfall.report.model.case_json import case_json

        show_json(case_json(model.case, model, command()))
    else:
        from afterfall.report.kit.case_warnings import warning_lines
        from afterfall.report.model.case_counts import case_grid
        from afterfall.report.model.case_headlines import case_headline

        show([case_headline(model.case)], [case_grid(model.case, model)], warning_lines(model.case))
