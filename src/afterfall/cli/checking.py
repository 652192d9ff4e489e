"""``afterfall check``: read a case, build its model, and say what is wrong or what is there."""

from __future__ import annotations

from afterfall.case import case_hash, open_case
from afterfall.cli.failures import reading_input
from afterfall.cli.streams import is_plain, show, stdout
from afterfall.model import build
from afterfall.report.tables import check_table


def check_case(name: str, as_of: str | None) -> None:
    """Print the summary of a case, or fail with every problem found in its files or in its priors."""
    with reading_input():
        case = open_case(name, as_of=as_of)
        model = build(case)
    console = stdout()
    show(console, check_table(case, case_hash(case), model, plain=is_plain(console)))
