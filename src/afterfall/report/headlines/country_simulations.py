"""The simulations of one country (or the world) in a run, over which every judgement counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from afterfall.case import with_article
from afterfall.engine.program import Floats
from afterfall.report.kit.number_formats import day
from afterfall.run import Run


@dataclass(frozen=True)
class CountrySimulations:
    """The numbers of one country in a run, or of the world (`country` None)."""

    run: Run
    country: str | None

    @property
    def number(self) -> int:
        """How many simulations."""
        return self.run.request.trajectories

    @cached_property
    def name(self) -> str:
        """The country's name, or "the world"."""
        if self.country is None:
            return "the world"
        return str(self.run.dataset["origin_name"].sel(origin=self.country).item())

    @property
    def the_name(self) -> str:
        """The country's name after "to" or "in", with "the" where English has it."""
        return with_article(self.name)

    @cached_property
    def months(self) -> tuple[int, ...]:
        """Recorded months."""
        axis = "month" if self.country is None else "origin_month"
        return tuple(int(m) for m in self.run.dataset[axis].values)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The as-of date, every recorded full year after it, and the horizon."""
        return tuple(m for m in self.months if m % 12 == 0 or m == self.run.request.horizon)

    def nearest(self, month: int) -> int:
        """The recorded month nearest to one, the earlier of two."""
        return min(self.months, key=lambda m: (abs(m - month), m))

    def date(self, month: int) -> str:
        """The date of a month in words."""
        return day(self.run.date(month))

    def calendar(self, month: int) -> dt.date:
        """The date of a month."""
        return self.run.date(month)

    def paths(self, quantity: str) -> Floats:
        """A quantity in every simulation and recorded month, ``(trajectory, month)``."""
        return self._values[:, :, self._column[quantity]]

    @cached_property
    def _values(self) -> Floats:
        """Every quantity in every simulation and month, read from the run once, ``(trajectory, month, quantity)``."""
        recorded = self.run.everything(self.country)
        return np.asarray(recorded.values, dtype=np.float64)

    @cached_property
    def _column(self) -> dict[str, int]:
        return {str(q): i for i, q in enumerate(self.run.dataset["quantity"].values)}

    def at(self, quantity: str, month: int) -> Floats:
        """A quantity in every simulation at a recorded month, ``(trajectory,)``."""
        return self.paths(quantity)[:, self.months.index(month)]

    def added(self, quantity: str, month: int) -> Floats:
        """What a counter adds from the as-of date to a month, ``(trajectory,)``."""
        return self.at(quantity, month) - self.at(quantity, 0)

    def has(self, quantity: str) -> bool:
        """Whether the run records a quantity."""
        return quantity in self._column
