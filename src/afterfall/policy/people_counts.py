"""Numbers of people for endpoints: of a country, of everyone or of everyone else; at a month, or used up to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from afterfall.model import known_later
from afterfall.model.mechanisms.human_sources import KNOWLEDGE
from afterfall.policy.endpoints import ATTEMPT_LABELS, DERIVED, DERIVED_LABELS, SIMULATIONS
from afterfall.policy.paired_differences import Floats
from afterfall.policy.source_yield import Yield, source_yield
from afterfall.run import Run


@dataclass(frozen=True)
class People:
    """The quantities of a run for one country (None: everyone), up to a month that the run records.

    With `others`, they are those of everyone but the country.
    """

    run: Run = field(repr=False)
    country: str | None
    month: int
    others: bool = False

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self.run.request.seed

    @property
    def trajectories(self) -> range:
        """Indices of the trajectories."""
        return range(self.run.request.trajectories)

    def is_counter(self, quantity: str) -> bool:
        """Whether a quantity is a running total."""
        if _kind(quantity) or quantity in ATTEMPT_LABELS or quantity in DERIVED:
            return False
        return self.run.said("kind", quantity) == "counter"

    def label(self, quantity: str) -> str:
        """Label of a quantity, without "so far" since counters are taken from the as-of date."""
        if quantity in ATTEMPT_LABELS:
            return f"{ATTEMPT_LABELS[quantity]} in the country, expected in {SIMULATIONS:,} simulations"
        if quantity in DERIVED:
            return DERIVED_LABELS[quantity]
        if kind := _kind(quantity):
            return f"sources on {KNOWLEDGE[kind][0]}"
        return str(self.run.said("label", quantity)).removesuffix(" so far")

    def is_hindsight(self, quantity: str) -> bool:
        """Whether a quantity rests on structure that became known only after the as-of date of the run."""
        if quantity in DERIVED:
            return any(map(self.is_hindsight, DERIVED[quantity]))
        if _kind(quantity) or quantity in ATTEMPT_LABELS or not self.run.said("hindsight", quantity):
            return False
        return known_later(quantity, self.run.request.as_of)

    def at(self, quantity: str) -> Floats:
        """People ``(n,)`` at the month; for a counter, moves since the as-of date."""
        months, values = self._series(quantity)
        now = values[:, list(months).index(self.month)]
        return now - values[:, 0] if self.is_counter(quantity) else now

    def used(self, quantity: str) -> Floats:
        """Moves of a counter since the as-of date, or person-months of a stock (trapezoidal rule between months)."""
        months, values = self._series(quantity)
        if self.is_counter(quantity):
            return self.at(quantity)
        until = months <= self.month
        return np.asarray(np.trapezoid(values[:, until], x=months[until], axis=1), dtype=float)

    def months_over_capacity(self, ration: str) -> Floats:
        """Number of months ``(n,)``, up to the month, in which demand exceeded a country's capacity."""
        late = self.run.dataset["beyond"].sel(origin=self.country, origin_month=self.month, ration=ration)
        return np.asarray(late.values, dtype=float)

    def _series(self, quantity: str) -> tuple[Floats, Floats]:
        """Months and people ``(n, months)``, month 0 first."""
        if kind := _kind(quantity):
            return self._sources.months, self._sources.worth[kind]
        if quantity in DERIVED:
            (months, whole), (_, part) = map(self._series, DERIVED[quantity])
            return months, whole - part
        if self.country is None:
            return self.run.series(quantity)
        months, values = self.run.series(quantity, self.country)
        if self.others:
            every_month, everyone = self.run.series(quantity)
            values = everyone[:, np.searchsorted(every_month, months)] - values
        return months, values

    @cached_property
    def _sources(self) -> Yield:
        return source_yield(self.run, self.country)


def _kind(quantity: str) -> str:
    """The kind of knowledge that a derived endpoint is about; empty for a quantity of the run."""
    return quantity.removeprefix("sources.") if quantity.startswith("sources.") else ""
