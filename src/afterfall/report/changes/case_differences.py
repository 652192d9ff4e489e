"""Rows in which two cases differ, in groups that can be exchanged one at a time.

A case is seen as its tables after the as-of cut. Rows that one has and the other lacks are *new* or *gone*; rows of the
same name with other content have *changed*. Groups are what a reader asks about: events (places lost and taken,
operations, custody, organisations), figures of the country in question, all other figures, and the rest (policies,
priors, covariates, places). Where only few figures differ, each is a group of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from afterfall.case import Case, cut
from afterfall.case.records import Figure, Record
from afterfall.case.schema import BY_ATTRIBUTE, Attribute

What = Literal["new", "gone", "changed"]
#: A group of rows: ``events``, ``own_figures``, ``figures`` or ``rest``; of few figures, ``figures/NAME`` for each.
GroupKey = str
#: Tables of each group, in the order in which groups are exchanged; figures are split by their place.
TABLES_OF: Mapping[GroupKey, tuple[Attribute, ...]] = {
    "events": ("organisations", "holdings", "neighbours", "holding_events", "campaigns", "custody_events"),
    "own_figures": ("figures",),
    "figures": ("figures",),
    "rest": ("regions", "places", "covariates", "policies", "priors"),
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row in which two cases differ: its table and name, what became of it, and the row itself.

    Of a row that changed, `row` is the newer one and `before` the older; otherwise `before` is None.
    """

    table: Attribute
    name: str
    what: What
    row: Record
    before: Record | None = None

    @property
    def published(self) -> str:
        """When it became public, as text; empty where its table has no dates."""
        return str(getattr(self.row, "published", ""))


#: Figures of a group that are each a group of their own, at most.
SINGLE = 3


def row_changes(old: Case, new: Case, country: str | None) -> dict[GroupKey, tuple[RowChange, ...]]:
    """Rows in which two cut cases differ, by group; groups without any are left out.

    Parameters
    ----------
    old, new
        Cases as cut at their dates.
    country
        Place code whose figures are a group of their own; None for none.
    """
    found: dict[GroupKey, tuple[RowChange, ...]] = {}
    for group, tables in TABLES_OF.items():
        changed = tuple(one for table in tables for one in _of_table(table, old, new) if _in(one, group, country))
        if "figures" in tables and len(changed) <= SINGLE:
            found |= {f"{group}/{one.name}": (one,) for one in changed}
        elif changed:
            found[group] = changed
    return found


def exchanged(
    old: Case, new: Case, rows: Mapping[GroupKey, tuple[RowChange, ...]], taken: frozenset[GroupKey], as_of: dt.date
) -> Case:
    """The older case with some groups of rows from the newer one, seen from a day.

    Rows that name a place or an organisation which is then missing are left out, as the as-of cut does. The header is
    that of the newer case.

    Parameters
    ----------
    old, new
        Cases as cut at their dates.
    rows
        Rows in which they differ (`row_changes`).
    taken
        Groups of rows that come from the newer case.
    as_of
        The day.

    Raises
    ------
    ValueError
        If what is left cannot be seen from that day.
    """
    tables: dict[str, tuple[Record, ...]] = {}
    for group, names in TABLES_OF.items():
        tables |= {name: getattr(new if group in taken else old, name) for name in names if name != "figures"}
    group_of = {one.name: group for group, changed in rows.items() for one in changed if one.table == "figures"}
    was, now = ({figure.figure: figure for figure in case.figures} for case in (old, new))
    sides = {name: was if name in group_of and group_of[name] not in taken else now for name in was | now}
    figures = tuple(sides[name][name] for name in sides if name in sides[name])
    sources = {row.source: row for row in (*old.sources, *new.sources)}
    mixed: dict[str, Any] = {**tables, "figures": figures, "sources": tuple(sources.values())}
    return cut(replace(new, cut_at=None, as_of=as_of, **mixed), as_of)


def _in(one: RowChange, group: GroupKey, country: str | None) -> bool:
    if not isinstance(one.row, Figure):
        return True
    return group == ("own_figures" if country is not None and one.row.place == country else "figures")


def _of_table(table: Attribute, old: Case, new: Case) -> list[RowChange]:
    before, after = _by_name(table, old), _by_name(table, new)
    found = []
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        row = now if now is not None else was
        assert row is not None
        what: What = "new" if was is None else "gone" if now is None else "changed"
        found.append(RowChange(table, name, what, row, was if what == "changed" else None))
    return found


def _by_name(table: Attribute, case: Case) -> dict[str, Record]:
    key = BY_ATTRIBUTE[table].key
    rows: tuple[Record, ...] = getattr(case, table)
    return {" ".join(str(getattr(row, column)) for column in key): row for row in rows}
