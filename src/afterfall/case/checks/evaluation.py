"""Settings of the evaluation and groups of countries fit the case: days after its start, and places that it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    yield from _unknown(draft, "evaluation.pictured", settings.pictured)
    for i, group in enumerate(draft.header.groups, start=1):
        yield from _unknown(draft, f"group[{i}].place", (group.place,))
        yield from _unknown(draft, f"group[{i}].remainders", group.remainders)


def _unknown(draft: Draft, key: str, found: Iterable[str]) -> Iterator[Problem]:
    """Names that are no places of the case."""
    places = draft.names.get("places")
    for place in found:
        if places is not None and place not in places:
            yield name_problem(place, places, "a place in places.csv", file=HEADER_FILE, row=None, column=key)


def _wrong(key: str, found: str, expected: str) -> Problem:
    return Problem(HEADER_FILE, None, f"evaluation.{key}", found, expected)
