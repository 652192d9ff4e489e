"""A prior is a range from low to high on the support of its distribution, and a fixed one is a single number."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.records import Prior


def check(draft: Draft) -> Iterator[Problem]:
    """Yield priors whose percentiles do not fit."""
    for prior in draft.tables.priors:
        expected = _misfit(prior)
        if expected is not None:
            yield at(prior.where, "low", f"{prior.low:g} to {prior.high:g}", expected)


def _misfit(prior: Prior) -> str | None:
    """What the percentiles should be, or None where they are valid."""
    low, high = prior.low, prior.high
    match prior.distribution:
        case "fixed" if low != high:
            return "low = high for a fixed prior"
        case "normal" | "lognormal" | "logitnormal" if low >= high:
            return "low below high"
        case "lognormal" if low <= 0:
            return "numbers above 0 for a lognormal prior"
        case "logitnormal" if low <= 0 or high >= 1:
            return "shares between 0 and 1 for a logitnormal prior"
    return None
