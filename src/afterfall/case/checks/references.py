"""Every reference from a row exists, including the second place of a covariate of a pair."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, name_problem
from afterfall.case.records import Where
from afterfall.case.schema import BY_ATTRIBUTE, TABLES, Attribute, Column, Table


def check(draft: Draft) -> Iterator[Problem]:
    """Yield names that no row of the other file has, with the nearest existing name."""
    for table in TABLES:
        for column in table.columns:
            if column.refers is not None and column.refers in draft.names:
                yield from _dangling(draft, table, column, column.refers)
    yield from _pairs(draft)


def _dangling(draft: Draft, table: Table, column: Column, refers: Attribute) -> Iterator[Problem]:
    valid = draft.names[refers].union(column.besides)
    for record in getattr(draft.tables, table.attribute):
        name = getattr(record, column.name)
        if name and name not in valid:
            yield _unknown(name, valid, refers, record.where, column.name)


def _pairs(draft: Draft) -> Iterator[Problem]:
    """Check covariates named ``name:PLACE``, which describe a pair of places."""
    if "places" not in draft.names:
        return
    for record in draft.tables.covariates:
        _, paired, place = record.covariate.partition(":")
        if paired and place not in draft.names["places"]:
            yield _unknown(place, draft.names["places"], "places", record.where, "covariate")


def _unknown(name: str, valid: frozenset[str], refers: Attribute, where: Where | None, column: str) -> Problem:
    assert where is not None, "records of a draft know their rows"
    expected = f"a name in {BY_ATTRIBUTE[refers].file}"
    return name_problem(name, valid, expected, file=where.file, row=where.row, column=column)
