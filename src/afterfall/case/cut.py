"""The as-of cut: the only place that drops what was not yet public.

A cut case depends only on what was public. Rows published later are dropped, and so are rows whose place, organisation
or holding is dropped. Regions and sources are kept only if a remaining row uses them. Hence no later row, whatever its
content, can change a cut case or its hash. Rows of a cut case are sorted by name, so that the order of rows in a file
has no effect either.

The hindsight ledger is kept whole. It lists what the structure of the model owes to later knowledge, so that scores can
be separated by it; it is not part of what was known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from afterfall.case.captor_words import listed
from afterfall.case.case import Case, CaseTables
from afterfall.case.dates import PartialDate, as_day
from afterfall.case.records import FOREIGN, NOT_HELD, Campaign, CustodyChange, Organisation, PolicyRecord
from afterfall.case.schema import BY_ATTRIBUTE, TABLES, Attribute


class Published(Protocol):
    """A record with the date on which it became public."""

    @property
    def published(self) -> PartialDate:
        """Date on which it became public."""


P = TypeVar("P", bound=Published)


def cut(case: Case, as_of: dt.date | str) -> Case:
    """The case as it was public on a day.

    Parameters
    ----------
    case
        A case as read, or one already cut at the same or a later day.
    as_of
        The day; text of month or year precision counts as its last day.

    Returns
    -------
    Case
        With `as_of` and `cut_at` set to the day, and rows sorted by name. Ends of policies, organisations and campaigns
        after the day are unknown (None); policies that start after it are dropped.

    Raises
    ------
    ValueError
        If the case was already cut at an earlier day, if its history has not begun by the day, or if the core
        organisation was not yet public.
    """
    day = as_day(as_of)
    if case.cut_at is not None and day > case.cut_at:
        raise ValueError(f"case {case.id} is cut at {case.cut_at} and knows nothing of {day}; open it again as of then")
    if day <= case.mobilisation:
        raise ValueError(f"case {case.id} starts on {case.mobilisation}; found as_of {day}, expected a later day")
    tables = _only_used(_known(case, day))
    if not any(o.organisation == case.core for o in tables.organisations):
        raise ValueError(
            f"case {case.id} has no public record of its core {case.core!r} by {day}; expected a later as_of"
        )
    return replace(case, as_of=day, cut_at=day, **_in_order(tables))


def _known(case: Case, day: dt.date) -> CaseTables:
    """Rows that were public, without those whose place, organisation or holding was not public."""
    places = _public(case.places, day)
    codes = {p.place for p in places}
    organisations = _organisations(case.organisations, day)
    groups = {o.organisation for o in organisations}
    holdings = [h for h in _public(case.holdings, day) if h.organisation in groups]
    held = {h.holding for h in holdings}
    events = [e for e in _public(case.holding_events, day) if e.date.last_day <= day and e.holding in held]
    figures = [f for f in _public(case.figures, day) if f.place in codes and f.organisation in groups | {""}]
    return CaseTables(
        sources=case.sources,
        regions=case.regions,
        places=tuple(places),
        covariates=tuple(c for c in _public(case.covariates, day) if {c.place, *_partner(c.covariate)} <= codes),
        organisations=tuple(organisations),
        holdings=tuple(holdings),
        neighbours=tuple(n for n in case.neighbours if n.holding in held and n.neighbour in held),
        holding_events=tuple(events),
        campaigns=tuple(_campaigns([c for c in case.campaigns if c.holding in held], day)),
        figures=tuple(figures),
        policies=tuple(_policies(case.policies, day)),
        priors=tuple(_public(case.priors, day)),
        custody_events=tuple(_custody_events(case.custody_events, day, codes)),
        indicators=tuple(_public(case.indicators, day)),
    )


def _public(records: Iterable[P], day: dt.date) -> list[P]:
    return [r for r in records if r.published.last_day <= day]


def _partner(covariate: str) -> set[str]:
    """The other place of a covariate ``name:PLACE``."""
    return set(covariate.split(":")[1:])


def _organisations(records: Iterable[Organisation], day: dt.date) -> list[Organisation]:
    there = [o for o in _public(records, day) if not _after(o.founded, day)]
    names = {o.organisation for o in there}
    return [_as_known(o, day, names) for o in there]


def _as_known(organisation: Organisation, day: dt.date, names: set[str]) -> Organisation:
    """An organisation without what it had not become or ended by a day, or a parent that was not public."""
    known = replace(
        organisation,
        ended=_if_past(organisation.ended, day),
        parent=organisation.parent if organisation.parent in names else "",
    )
    return replace(known, became="", became_on=None) if _after(organisation.became_on, day) else known


def _policies(records: Iterable[PolicyRecord], day: dt.date) -> list[PolicyRecord]:
    started = [p for p in _public(records, day) if not _after(p.start, day)]
    return [replace(p, end=_if_past(p.end, day)) for p in started]


def _custody_events(records: Iterable[CustodyChange], day: dt.date, codes: set[str]) -> list[CustodyChange]:
    """Events that had happened and were public, between custodians and of people of places that were public."""
    known = codes | {"", FOREIGN, *NOT_HELD}
    named = [(e, {e.from_custodian, e.to_custodian, *listed(e.people)}) for e in _public(records, day)]
    return [e for e, names in named if e.date.last_day <= day and names <= known]


def _campaigns(records: Iterable[Campaign], day: dt.date) -> list[Campaign]:
    """Operations announced by a day, also those that are to start later; how they ended is unknown until they have."""
    return [replace(c, end=_if_past(c.end, day)) for c in _public(records, day)]


def _after(date: PartialDate | None, day: dt.date) -> bool:
    return date is not None and date.last_day > day


def _if_past(date: PartialDate | None, day: dt.date) -> PartialDate | None:
    return None if _after(date, day) else date


def _only_used(tables: CaseTables) -> CaseTables:
    """The tables without regions and sources that no row uses."""
    regions = {p.region for p in tables.places}
    cited = {r.source for t in TABLES if t.dated for r in getattr(tables, t.attribute)}
    return replace(
        tables,
        regions=tuple(r for r in tables.regions if r.region in regions),
        sources=tuple(s for s in tables.sources if s.source in cited),
    )


def _in_order(tables: CaseTables) -> dict[str, Any]:
    return {t.attribute: _sorted(getattr(tables, t.attribute), t.attribute) for t in TABLES}


def _sorted(records: Iterable[Any], attribute: Attribute) -> tuple[Any, ...]:
    key = BY_ATTRIBUTE[attribute].key
    return tuple(sorted(records, key=lambda r: [str(getattr(r, column)) for column in key]))
