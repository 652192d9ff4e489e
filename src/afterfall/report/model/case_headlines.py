"""Headlines of a case and of its model."""

from __future__ import annotations

from afterfall.case import Case, case_hash
from afterfall.report.kit.number_formats import day


def case_headline(case: Case) -> str:
    """That the case is valid, with its title, as-of date and hash."""
    return f"ok: {case.title} ({case.id}), as of {day(case.as_of)}, case hash {case_hash(case)}"


def model_headline(case: Case) -> str:
    """Whose model it is."""
    return f"The model of {case.title} ({case.id}), as of {day(case.as_of)}"
