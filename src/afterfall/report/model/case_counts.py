"""Numbers of records in a case as of its date, and of parts of its model."""

from __future__ import annotations

from afterfall.case import Case
from afterfall.model import Model
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns


def case_counts(case: Case, model: Model) -> dict[str, int]:
    """Numbers of records that are public at the as-of date, and of parts of the model."""
    return {
        "origins": len(model.origins),
        "places": len(case.places),
        "figures": len(case.figures),
        "organisations": len(case.organisations),
        "holdings": len(case.holdings),
        "holding events": len(case.holding_events),
        "campaigns": len(case.campaigns),
        "custody events": len(case.custody_events),
        "indicators": len(case.indicators),
        "covariates": len(case.covariates),
        "policies": len(case.policies),
        "priors with a source": len(case.priors),
        "sources": len(case.sources),
        "states": len(model.states),
        "transitions": len(model.transitions),
        "parameters": len(model.parameters),
    }


def case_grid(case: Case, model: Model) -> TextTable:
    """The counts as a table."""
    columns = (*word_columns("public at that date"), *number_columns(""))
    return TextTable(columns, (tuple((name, f"{n:,}") for name, n in case_counts(case, model).items()),))
