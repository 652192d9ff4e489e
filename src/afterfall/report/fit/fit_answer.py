"""Tables and JSON of a fit, and the picture of priors and posteriors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afterfall.report.fit.fit_json import fit_json
from afterfall.report.fit.fit_picture import fit_words, prior_and_posterior
from afterfall.report.fit.fit_tables import fit_grids, fit_headline
from afterfall.report.kit.text_table import TextTable

if TYPE_CHECKING:
    from afterfall.infer import Fit


def fit_answer(found: Fit) -> tuple[tuple[str, str], tuple[TextTable, ...]]:
    """Lines and tables: what the data inform of each parameter, and how far the fit reproduces the figures."""
    from afterfall.infer import predictive_checks, prior_to_posterior

    rows = prior_to_posterior(found)
    return fit_headline(found, rows), fit_grids(found, rows, predictive_checks(found))


def fit_content(found: Fit) -> dict[str, Any]:
    """The same as one JSON object."""
    from afterfall.infer import predictive_checks, prior_to_posterior

    return fit_json(found, prior_to_posterior(found), predictive_checks(found))


def fit_picture(found: Fit) -> tuple[Any, str]:
    """Chart of priors and posteriors, and the words that say the same."""
    from afterfall.infer import prior_to_posterior

    return prior_and_posterior(found, prior_to_posterior(found)), fit_words(found)
