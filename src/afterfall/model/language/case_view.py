"""What every mechanism receives: the cut case, its origins and organisations, and where things are.

A `CaseView` gives a mechanism what it needs of a case in the model's terms (log distances, shares, months before the
as-of date). One rule covers missing values: an origin without a value takes its region's mean, and a region without
values takes the mean of all. Everything here sees only the case as cut at the as-of date.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from afterfall.case import Case, Figure, Holding
from afterfall.case.dates import months_between
from afterfall.case.place_names import find_place
from afterfall.model.language.vocabulary import Cohort


def _parts(spell: Spell, number: int) -> list[Spell]:
    """A spell split into `number` equal parts, each a holding of its own."""
    if number == 1:
        return [spell]
    each = replace(spell, population=spell.population / number)
    return [
        replace(
            each, name=f"{spell.name}/{i}", holding=f"{spell.holding}/{i}", label=f"{spell.label}, part {i} of {number}"
        )
        for i in range(1, number + 1)
    ]


def _in_step(spells: list[Spell], counted: dict[str, int | None]) -> tuple[Spell, ...]:
    """The spells, of which the parts of a remainder that is lost were lost in step with the listed holdings.

    Its people were counted in some year (`counted`). Of the listed people lost since the middle of that year, the share
    lost by a day is that of its parts; the last goes on the day of its own loss, and each to those who took the town.
    """
    rest = [s for s in spells if s.kind == "remainder" and s.lost is not None]
    listed = {s.holding: s for s in spells if s.kind != "remainder"}
    if not rest or any(s.lost is None for s in listed.values()):
        return tuple(spells)
    since = dt.date(counted[rest[0].holding.split("/")[0]] or dt.MINYEAR, 7, 1)
    fell = sorted((s for s in listed.values() if s.lost and s.lost > since), key=lambda s: (s.lost, s.name))
    everyone, gone, dated = sum(s.population for s in fell), 0.0, {}
    for spell in fell:
        gone += spell.population
        for part in rest[len(dated) : math.floor(len(rest) * gone / everyone + 1e-9)]:
            dated[part.name] = replace(part, lost=min(spell.lost, part.lost), lost_to=spell.lost_to)  # type: ignore[type-var]
    return tuple(dated.get(s.name, s) for s in spells)


def is_stock(figure: Figure) -> bool:
    """Whether a figure counts everyone of an origin who is in the theatre at a time."""
    return figure.counts_everyone and figure.basis == "stock"


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")


#: Parts of the remainder: each is an event of its own in every simulation.
MOST_PARTS = 60
#: Distances are in thousands of kilometres.
LOG_OF_THOUSANDS = 1000.0
#: Number of uncounted countries that a region's remainder stands for (the source mentions over 100; about 65 are
#: counted).
UNCOUNTED_COUNTRIES = 4.0
#: Travellers for each person in the theatre at a time, where only the latter are counted: all, or a third, are there.
PER_STOCK = 3.0**0.5


@dataclass(frozen=True, slots=True)
class Spell:
    """One spell of control of a holding: from its capture (if dated) to its loss (if lost and public), and to whom."""

    name: str
    holding: str
    label: str
    kind: str
    country: str
    population: float
    captured: dt.date | None
    lost: dt.date | None
    lost_to: str = ""


@dataclass(frozen=True)
class CaseView:
    """A cut case as mechanisms see it."""

    case: Case

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What takes long to read of the case, once it was read, by the module that read it."""
        return {}

    @cached_property
    def region_of(self) -> dict[str, str]:
        """Region of each origin, remainders included."""
        return {p.place: p.region for p in self.case.places if p.kind in ("origin", "remainder")}

    @cached_property
    def named(self) -> tuple[str, ...]:
        """Origins with a published running count of everyone who travelled, or of those in the theatre, by code."""
        figures = self.case.figures_of("travelled")
        counted = {f.place for f in figures if not f.role and f.basis == "cumulative"}
        counted |= {f.place for f in self.case.figures_of("in_theatre") if is_stock(f)}
        return tuple(sorted(p.place for p in self.case.places if p.kind == "origin" and p.place in counted))

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Named origins, then one remainder per region for the countries without a published count."""
        rest = sorted(p.place for p in self.case.places if p.kind == "remainder")
        return self.named + tuple(rest)

    def origin(self, text: str) -> str:
        """Code of an origin given by code or by any usual name.

        Raises
        ------
        UnknownPlace
            If there is no such origin, or if there may be several; the error names the nearest ones.
        """
        rest = [code for code in self.origins if code not in self.named]
        return find_place(text, {code: self.name(code) for code in self.origins}, remainders=rest)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Regions that have an origin, in alphabetical order."""
        return tuple(sorted({self.region_of[o] for o in self.origins}))

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """Places abroad where fighters can join or found an offshoot, the catch-all `elsewhere` last."""
        hosts = sorted(p.place for p in self.case.places if p.kind == "host")
        return (*hosts, *sorted(p.place for p in self.case.places if p.kind == "elsewhere"))

    @cached_property
    def custodians(self) -> tuple[str, ...]:
        """Custodians: who can hold people in or near the theatre, in the order of the case."""
        return tuple(p.place for p in self.case.places if p.kind == "custodian")

    @cached_property
    def rivals(self) -> tuple[str, ...]:
        """Other militant organisations of the theatre that are active at the as-of date."""
        return tuple(sorted(o.organisation for o in self.case.organisations if o.kind == "rival" and not o.ended))

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        """The core's spells of control, in the order of the case.

        A place captured again has a second spell, ``name#2``. The remainder is split into parts, ``name/1`` and so on,
        of the population of an average listed holding or less (in at most `MOST_PARTS`): it is not one town and does
        not fall in one month.
        """
        ours = [h for h in self.case.holdings if h.organisation == self.case.core]
        listed = [h.population or 1.0 for h in ours if h.kind != "remainder"]
        average = sum(listed) / len(listed) if listed else math.inf
        found: list[Spell] = []
        for holding in ours:
            for spell in self._spells_of(holding):
                parts = math.ceil(spell.population / average) if holding.kind == "remainder" else 1
                found += _parts(spell, min(parts, MOST_PARTS))
        return _in_step(found, {h.holding: h.population_year for h in ours})

    @cached_property
    def remainder_spells(self) -> frozenset[str]:
        """Names of the spells that are no listed holding but a part of the remainder: they are no strongholds."""
        return frozenset(spell.name for spell in self.spells if spell.kind == "remainder")

    def _spells_of(self, holding: Holding) -> list[Spell]:
        events = [e for e in self.case.holding_events if e.holding == holding.holding]
        captures: list[dt.date | None] = sorted(e.date.last_day for e in events if e.event == "captured") or [None]  # type: ignore[assignment]
        losses = sorted(e.date.last_day for e in events if e.event == "lost")
        takers = {e.date.last_day: e.by for e in events if e.event == "lost"}
        spells = []
        for number, captured in enumerate(captures, start=1):
            following = captures[number] if number < len(captures) else None
            ends = [x for x in losses if (captured is None or x >= captured) and (following is None or x <= following)]
            again = number > 1
            spells.append(
                Spell(
                    name=holding.holding + (f"#{number}" if again else ""),
                    holding=holding.holding,
                    label=holding.name + (f" ({_ordinal(number)} time)" if again else ""),
                    kind=holding.kind,
                    country=holding.country,
                    population=float(holding.population or 1.0),
                    captured=captured,
                    lost=ends[0] if ends else None,
                    lost_to=takers[ends[0]] if ends else "",
                )
            )
        return spells

    def name(self, place: str) -> str:
        """Display name of a place."""
        return next((p.name for p in self.case.places if p.place == place), place)

    def covariate(self, place: str, covariate: str, default: float) -> float:
        """A covariate of an origin or host, with the mean of its region, then of all, where it is missing."""
        own = self.case.covariate(place, covariate)
        if own is not None:
            return own
        region = self.region_of.get(place)
        return self._means(covariate).get(region or "", self._means(covariate).get("", default))

    @cached_property
    def _mean_cache(self) -> dict[str, dict[str, float]]:
        return {}

    def _means(self, covariate: str) -> dict[str, float]:
        """Mean of a covariate by region, and under the empty name that of all origins."""
        if covariate not in self._mean_cache:
            values: dict[str, list[float]] = {}
            for origin in self.origins:
                value = self.case.covariate(origin, covariate)
                if value is not None:
                    values.setdefault(self.region_of[origin], []).append(value)
                    values.setdefault("", []).append(value)
            self._mean_cache[covariate] = {k: sum(v) / len(v) for k, v in values.items()}
        return self._mean_cache[covariate]

    def log_distance(self, cohort: Cohort, covariate: str) -> float:
        """Log of a distance in thousands of kilometres (floored at 100 km)."""
        return math.log(max(self.covariate(cohort.origin, covariate, LOG_OF_THOUSANDS), 100.0) / LOG_OF_THOUSANDS)

    def in_force(self, kind: str) -> list[tuple[int, float]]:
        """First and last month of every dated policy of a kind; without a known end, infinity."""
        return [
            (self.month_of(p.start.last_day), self.month_of(p.end.last_day) if p.end else math.inf)
            for p in self.case.policies
            if p.kind == kind and p.start
        ]

    def month_of(self, day: dt.date) -> int:
        """Month of a date: 0 is the month that ends on the as-of date, 1 the one after, negative the past."""
        return months_between(self.case.as_of, day)

    def date_of(self, month: int) -> dt.date:
        """Last day of a month on the model's calendar, the inverse of `month_of`."""
        index = self.case.as_of.year * 12 + self.case.as_of.month - 1 + month
        year, zero_based = divmod(index, 12)
        following = dt.date(year + (zero_based == 11), (zero_based + 1) % 12 + 1, 1)
        return dt.date(year, zero_based + 1, min(self.case.as_of.day, (following - dt.timedelta(days=1)).day))

    @cached_property
    def history_months(self) -> int:
        """Months from the start of the mobilisation to the as-of date."""
        return max(1, -self.month_of(self.case.mobilisation))

    def travelled_figures(self, place: str) -> tuple[Figure, ...]:
        """Running totals of everyone who travelled from a place; if there are none, those of other definitions."""
        whole = [f for f in self.case.figures_of("travelled", place=place) if not f.role and f.basis == "cumulative"]
        return tuple([f for f in whole if f.counts_people] or whole)

    def central_travelled(self, origin: str) -> float:
        """A rough number of travellers, for weights and where nothing better is known.

        The median published figure; without one, from the median published stock in the theatre, whether it is given
        as a value, a range or a bound (see `PER_STOCK`); without that, `uncounted`.
        """
        own = self._medians.get(origin)
        return self.uncounted(origin) if own is None else own

    def uncounted(self, origin: str) -> float:
        """A rough number of travellers from a region's uncounted countries together.

        It stands for a few countries, each like the smallest counted one of the region, but no larger than the lower
        quartile of all counted countries.
        """
        everyone = sorted(self._medians.values())
        peers = [self._medians[o] for o in self.named if self.region_of[o] == self.region_of.get(origin)]
        return UNCOUNTED_COUNTRIES * min([*peers, everyone[len(everyone) // 4]])

    @cached_property
    def _medians(self) -> dict[str, float]:
        """Median published number of travellers by named origin, at least one person."""
        counts = {o: sorted(f.value for f in self.travelled_figures(o)) or self._from_stocks(o) for o in self.named}
        return {o: max(values[len(values) // 2], 1.0) for o, values in counts.items()}

    def _from_stocks(self, origin: str) -> list[float]:
        """Rough numbers of travellers that follow from an origin's published stocks, in ascending order."""
        stocks = (f for f in self.case.figures_of("in_theatre", place=origin) if is_stock(f))
        return sorted(PER_STOCK * f.value for f in stocks)
