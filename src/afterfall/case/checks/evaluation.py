"""Views, settings of the evaluation and groups of countries fit the case: their names, their days and their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from afterfall.case.draft import Draft
from afterfall.case.header_records import Evaluation, Header
from afterfall.case.problems import Problem, name_problem
from afterfall.case.schema import HEADER_FILE


def check(draft: Draft) -> Iterator[Problem]:
    """Yield names of views that occur twice, days out of order, unknown places, and half a comparison."""
    header = draft.header
    if header is None:
        return
    yield from _kept(header)
    yield from _views(header)
    settings = [("evaluation", header.evaluation)]
    settings += [
        (f"view[{i}].evaluation", view.evaluation) for i, view in enumerate(header.views, start=1) if view.evaluation
    ]
    for label, one in settings:
        yield from _days(header, label, one)
        yield from _unknown(draft, f"{label}.pictured", one.pictured)
    for i, group in enumerate(header.groups, start=1):
        yield from _unknown(draft, f"group[{i}].place", (group.place,))
        yield from _unknown(draft, f"group[{i}].remainders", group.remainders)


def _kept(header: Header) -> Iterator[Problem]:
    if header.kept_up_to is not None and header.kept_up_to < header.as_of:
        expected = f"a date not before as_of, {header.as_of}"
        yield Problem(HEADER_FILE, None, "case.kept_up_to", str(header.kept_up_to), expected)


def _views(header: Header) -> Iterator[Problem]:
    counts = Counter([header.declared_id, *(view.id for view in header.views)])
    latest = header.kept_up_to
    for i, view in enumerate(header.views, start=1):
        if counts[view.id] > 1:
            yield Problem(HEADER_FILE, None, f"view[{i}].id", repr(view.id), "a name that no other view or case has")
        if view.as_of <= header.mobilisation or (latest is not None and view.as_of > latest):
            until = "" if latest is None else f", and not after kept_up_to, {latest}"
            expected = f"a day after the start of the case, {header.mobilisation}{until}"
            yield Problem(HEADER_FILE, None, f"view[{i}].as_of", str(view.as_of), expected)


def _days(header: Header, label: str, settings: Evaluation) -> Iterator[Problem]:
    start = header.mobilisation
    for key, days in (("record", settings.record), ("calibration", settings.calibration)):
        early = [day.isoformat() for day in days if day <= start]
        if early:
            yield _wrong(label, key, ", ".join(early), f"days after the start of the case, {start}")
    late = [day.isoformat() for day in settings.calibration if settings.calibrated_by and day >= settings.calibrated_by]
    if late:
        yield _wrong(label, "calibration", ", ".join(late), f"days before calibrated_by, {settings.calibrated_by}")
    if bool(settings.spread_beside) != (settings.spread_months is not None):
        found, expected = repr(settings.spread_months), "spread_beside and spread_months, or neither"
        yield _wrong(label, "spread_months", found, expected)


def _unknown(draft: Draft, key: str, found: Iterable[str]) -> Iterator[Problem]:
    """Names that are no places of the case."""
    places = draft.names.get("places")
    for place in found:
        if places is not None and place not in places:
            yield name_problem(place, places, "a place in places.csv", file=HEADER_FILE, row=None, column=key)


def _wrong(label: str, key: str, found: str, expected: str) -> Problem:
    return Problem(HEADER_FILE, None, f"{label}.{key}", found, expected)
