"""A case has the core organisation named in case.toml, and every organisation is in a place that fits its kind."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at, name_problem
from afterfall.case.schema import BY_ATTRIBUTE, HEADER_FILE

THEATRE = "theatre"


def check(draft: Draft) -> Iterator[Problem]:
    """Yield a missing or misnamed core, and organisations in a place that does not fit their kind."""
    organisations = draft.tables.organisations
    if "organisations" in draft.whole:
        yield from _core(draft, [o.organisation for o in organisations if o.kind == "core"])
    for organisation in organisations:
        abroad = organisation.kind == "offshoot"
        if abroad == (organisation.place == THEATRE):
            expected = "a place abroad for an offshoot" if abroad else f"{THEATRE!r} for a {organisation.kind}"
            yield at(organisation.where, "place", repr(organisation.place), expected)


def _core(draft: Draft, cores: list[str]) -> Iterator[Problem]:
    if not cores:
        file = BY_ATTRIBUTE["organisations"].file
        yield Problem(file, None, "kind", "no core organisation", "at least one organisation of kind core")
    elif draft.header is not None and draft.header.core not in cores:
        expected = "an organisation of kind core"
        yield name_problem(draft.header.core, cores, expected, file=HEADER_FILE, row=None, column="case.core")
