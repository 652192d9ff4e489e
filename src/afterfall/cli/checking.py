"""``afterfall check``: read a case, build its model, and say what is wrong or what is there."""

from __future__ import annotations

from afterfall.case import case_hash, open_case
from afterfall.cli.days import check_day
from afterfall.cli.failures import reading_input
from afterfall.cli.streams import show
from afterfall.model import build
from afterfall.report.kit.number_formats import day
from afterfall.report.model.case_counts import case_grid


def check_case(name: str, as_of: str | None) -> None:
    """Print the summary of a case, or fail with every problem found in its files or in its priors."""
    check_day("--as-of", as_of)
    with reading_input():
        case = open_case(name, as_of=as_of)
        model = build(case)
    ok = f"ok: {case.title} ({case.id}), as of {day(case.as_of)}, case hash {case_hash(case)}"
    show([ok], [case_grid(case, model)])
