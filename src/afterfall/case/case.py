"""A whole case in memory: its header, every record, and look-ups.

A `Case` holds facts only. It has no rates, draws nothing and never changes; `cut` makes another one. Look-ups return
the latest vintage where a case has several. For a name that is not there, the error gives the nearest one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar, overload

from afterfall.case.dates import PartialDate, as_day
from afterfall.case.header_records import CountryGroup, Header, Hindsight
from afterfall.case.problems import did_you_mean
from afterfall.case.records import (
    Campaign,
    Covariate,
    CustodyChange,
    Figure,
    Holding,
    HoldingEvent,
    Indicator,
    Neighbour,
    Organisation,
    Place,
    PolicyRecord,
    Prior,
    Region,
    Source,
)
from afterfall.shown import Shown

if TYPE_CHECKING:
    from afterfall.case.problems import Problem

Control = Literal["held", "lost"]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class CaseTables:
    """The records of every file, in the order of the files."""

    sources: tuple[Source, ...] = ()
    regions: tuple[Region, ...] = ()
    places: tuple[Place, ...] = ()
    covariates: tuple[Covariate, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    holdings: tuple[Holding, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    holding_events: tuple[HoldingEvent, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    figures: tuple[Figure, ...] = ()
    policies: tuple[PolicyRecord, ...] = ()
    priors: tuple[Prior, ...] = ()
    custody_events: tuple[CustodyChange, ...] = ()
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Case(Header, CaseTables, Shown):
    """One collapse of a militant proto-state, as documented by its sources.

    `as_of` is the date from which the case is seen, `mobilisation` the day on which its history starts, and `core` the
    organisation whose territory is lost. `cut_at` is None for a case as read. For a cut case it is the date of the cut;
    a cut case contains nothing that was published later. `strays` are files of its folder that were ignored;
    `opened_from` is the name or the path that it was opened with, None for a case made in memory.
    """

    cut_at: dt.date | None = None
    strays: tuple[str, ...] = field(default=(), compare=False, repr=False)
    opened_from: str | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        cut = "uncut" if self.cut_at is None else f"cut at {self.cut_at}"
        return f"Case({self.id!r}, as_of={self.as_of}, {cut}, {len(self.figures)} figures)"

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """Rows that can be read but are most likely wrong or will not be used, in the order of the rules.

        Of a cut case, only what was public by its as-of date; see `afterfall.case.plausibility`.
        """
        from afterfall.case.plausibility import warnings_of

        return warnings_of(self)

    @property
    def reference(self) -> str:
        """What a command names this case by: the name or the path that it was opened with, else its id."""
        return self.opened_from or self.id

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of its tables, its own first: that of case.toml and those of its views."""
        return tuple(dict.fromkeys((self.id, self.declared_id or self.id, *(view.id for view in self.views))))

    @property
    def beyond_data(self) -> str:
        """A sentence on an as-of date beyond the day that the case is kept up to; empty where it is not."""
        if self.kept_up_to is None or self.as_of <= self.kept_up_to:
            return ""
        return (
            f"Beyond the data: case {self.id} is kept up to {self.kept_up_to} and seen from {self.as_of}; nothing "
            "published in between is in it."
        )

    @property
    def known_later(self) -> tuple[Hindsight, ...]:
        """Entries of the ledger of hindsight that were not yet known on the as-of date."""
        return tuple(one for one in self.hindsight if one.known_from.last_day > self.as_of)

    @cached_property
    def latest_published(self) -> dt.date:
        """The day by which all of its figures, events, policies and priors were public."""
        dated: list[PartialDate] = [row.published for row in self.figures]
        dated += [row.published for row in self.priors]
        dated += [row.published for row in self.holding_events]
        dated += [row.published for row in self.campaigns]
        dated += [row.published for row in self.policies]
        dated += [row.published for row in self.custody_events]
        return max((one.last_day for one in dated), default=self.mobilisation)

    def origins(self) -> tuple[str, ...]:
        """Codes of the origins, in alphabetical order; remainders are not among them."""
        return self._places_of("origin")

    def hosts(self) -> tuple[str, ...]:
        """Codes of the places abroad where an offshoot is or could be, in alphabetical order, without `elsewhere`."""
        return self._places_of("host")

    def _places_of(self, kind: str) -> tuple[str, ...]:
        return tuple(sorted(p.place for p in self.places if p.kind == kind))

    def group(self, place: str) -> CountryGroup | None:
        """The group that a code of places.csv names, or None for a single country."""
        return next((one for one in self.groups if one.place == place), None)

    def covered(self, place: str) -> frozenset[str]:
        """Codes of the countries and remainders that a place covers; a single country covers itself."""
        group = self.group(place)
        return frozenset({place}) if group is None else frozenset((*group.members, *group.remainders))

    def figures_of(self, quantity: str, *, place: str | None = None) -> tuple[Figure, ...]:
        """Figures of a quantity in the order of their dates, for one place if it is given."""
        found = self._figures_by_quantity.get(quantity, ())
        return tuple(f for f in found if place is None or f.place == place)

    @cached_property
    def _figures_by_quantity(self) -> Mapping[str, list[Figure]]:
        groups: dict[str, list[Figure]] = {}
        for figure in sorted(self.figures, key=lambda f: (f.refers_to.last_day, f.figure)):
            groups.setdefault(figure.quantity, []).append(figure)
        return groups

    @overload
    def covariate(self, place: str, covariate: str, default: float) -> float: ...
    @overload
    def covariate(self, place: str, covariate: str, default: None = None) -> float | None: ...
    def covariate(self, place: str, covariate: str, default: float | None = None) -> float | None:
        """The latest vintage of a covariate of a place, in the covariate's unit, or `default` where there is none."""
        found = self._latest_covariates.get((place, covariate))
        return default if found is None else found.value

    @cached_property
    def _latest_covariates(self) -> Mapping[tuple[str, str], Covariate]:
        in_order = sorted(self.covariates, key=lambda c: (c.refers_to.last_day, c.published.last_day))
        return {(c.place, c.covariate): c for c in in_order}

    def prior(self, parameter: str) -> Prior | None:
        """The latest published prior of a parameter, or None where the case has none."""
        found = [p for p in self.priors if p.parameter == parameter]
        return max(found, key=lambda p: p.published.last_day, default=None)

    def organisation(self, organisation: str) -> Organisation:
        """An organisation by its id.

        Raises
        ------
        KeyError
            If the case has no such organisation; the message names the nearest one.
        """
        return _named("organisation", organisation, {o.organisation: o for o in self.organisations})

    def source(self, source: str) -> Source:
        """A source by its slug.

        Raises
        ------
        KeyError
            If the case has no such source; the message names the nearest one.
        """
        return _named("source", source, self._sources_by_slug)

    @cached_property
    def _sources_by_slug(self) -> Mapping[str, Source]:
        return {s.source: s for s in self.sources}

    def holdings_at(self, date: dt.date | str) -> dict[str, Control]:
        """Which holdings were held, and which were lost, at the end of a day.

        A holding without a dated capture counts as held from the start; one captured later is left out.
        """
        day = as_day(date)
        return {h.holding: control for h in self.holdings if (control := self._control(h.holding, day)) is not None}

    def _control(self, holding: str, day: dt.date) -> Control | None:
        events = sorted(self._events_by_holding.get(holding, ()), key=lambda e: (e.date.last_day, e.event))
        past = [e for e in events if e.date.last_day <= day]
        if past:
            return "held" if past[-1].event == "captured" else "lost"
        return None if events and events[0].event == "captured" else "held"

    @cached_property
    def _events_by_holding(self) -> Mapping[str, list[HoldingEvent]]:
        groups: dict[str, list[HoldingEvent]] = {}
        for event in self.holding_events:
            groups.setdefault(event.holding, []).append(event)
        return groups


def _named(noun: str, name: str, known: Mapping[str, T]) -> T:
    if name in known:
        return known[name]
    raise KeyError(f"the case has no {noun} {name!r}{did_you_mean(name, known)}")
