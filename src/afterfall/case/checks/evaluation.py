"""The settings of the evaluation fit the case: days after its history starts, and places that it has."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, name_problem
from afterfall.case.schema import HEADER_FILE


def check(draft: Draft) -> Iterator[Problem]:
    """Yield days before the history starts, calibration after its last day, unknown places, and half a comparison."""
    if draft.header is None:
        return
    settings, start = draft.header.evaluation, draft.header.mobilisation
    for key, days in (("record", settings.record), ("calibration", settings.calibration)):
        early = [day.isoformat() for day in days if day <= start]
        if early:
            yield _wrong(key, ", ".join(early), f"days after the start of the case, {start}")
    late = [day.isoformat() for day in settings.calibration if settings.calibrated_by and day >= settings.calibrated_by]
    if late:
        yield _wrong("calibration", ", ".join(late), f"days before calibrated_by, {settings.calibrated_by}")
    if bool(settings.spread_beside) != (settings.spread_months is not None):
        yield _wrong("spread_months", repr(settings.spread_months), "spread_beside and spread_months, or neither")
    places = draft.names.get("places", frozenset())
    for place in settings.pictured:
        if "places" in draft.names and place not in places:
            expected = "places in places.csv"
            yield name_problem(place, places, expected, file=HEADER_FILE, row=None, column="evaluation.pictured")


def _wrong(key: str, found: str, expected: str) -> Problem:
    return Problem(HEADER_FILE, None, f"evaluation.{key}", found, expected)
