"""The result: attempts, completed attacks and deaths by trajectory, calendar month and country, and sums of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from afterfall.attack.armed_hosts import ArmedHost, refuse_hosts
from afterfall.attack.attack_samplers import Shorts
from afterfall.attack.exposure import PastShape
from afterfall.attack.importance_resampling import AttemptCount, Cell
from afterfall.attack.milieu import MilieuFit
from afterfall.attack.public_attacks import RETURNED, SENT, AttackShare, PublicAttacks
from afterfall.case.place_names import find_place
from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import EVENT, name_key
from afterfall.engine.program import Floats, Ints, Longs
from afterfall.engine.quantiles import binomial_quantile
from afterfall.model import Model
from afterfall.model.language.case_view import CaseView
from afterfall.run import Run
from afterfall.shown import Shown

SOURCES = ("returnees", "sent", "inspired")
#: Months compared before and after the as-of date ("more of the same").
WINDOW = 24
COMPLETED = "attack.completed"


@dataclass(frozen=True, eq=False)
class Attacks(Shown):
    """Attacks by trajectory, calendar month and country.

    Attributes
    ----------
    run, model
        The run it follows and the model it was made with.
    counts
        Published yearly counts that the attempt parameters are conditioned on.
    public
        Listed attacks and published shares that they are conditioned on.
    months
        VIEWS numbers of the months. The first `back` + 1 end with the month of the as-of date, or with the one before
        where that date is the first of a month.
    back
        Number of months before the as-of date.
    countries, names
        Codes and names of the countries; remainders of regions come last. Armed hosts are left out.
    hosts
        Countries for which attempts are not forecast, and why (`armed_hosts`).
    attempts
        Attempts by source, int16 ``(trajectory, month, country, source)``, sources in the order of `SOURCES`.
    completed, deaths
        Completed attacks, int16, and deaths in them, int32, each ``(trajectory, month, country)``.
    expected
        Expected attempts by source given the trajectory, without the yearly wave, float32
        ``(trajectory, month, country, source)``.
    attempt_parameters
        Resampled parameters on the natural scale, ``(trajectory, len(ATTEMPT_PARAMETERS))``.
    effective_candidates
        Effective sample size of the importance resampling, ``(trajectory,)``.
    cells, waves
        Regions and calendar years of whose wave something was public; shape and rate of the gamma wave of each, given
        that, ``(trajectory, cell, 2)``. Any other wave continues that of the year before it.
    year_waves
        The wave drawn for each calendar year of the months and region, ``(trajectory, year, region)``.
    shape
        Past stocks that exposures before the as-of date follow.
    learned
        What attacks of the past say of the milieu of countries; None where there is nothing to learn from.
    """

    run: Run
    model: Model
    counts: tuple[AttemptCount, ...]
    public: PublicAttacks
    months: tuple[int, ...]
    back: int
    countries: tuple[str, ...]
    names: tuple[str, ...]
    hosts: tuple[ArmedHost, ...]
    attempts: Shorts
    completed: Shorts
    deaths: Ints
    expected: Floats
    attempt_parameters: Floats
    effective_candidates: Floats
    cells: tuple[Cell, ...]
    waves: Floats
    year_waves: Floats
    shape: PastShape
    learned: MilieuFit | None

    def without_months(self) -> Attacks:
        """The same without the arrays by month, which take most of the memory: what another policy shares."""
        arrays = {name: getattr(self, name)[:, :0] for name in ("attempts", "completed", "deaths", "expected")}
        return replace(self, **arrays)

    @cached_property
    def year_of(self) -> Ints:
        """Calendar year of each month."""
        return np.array([1980 + (m - 1) // 12 for m in self.months], dtype=np.int32)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Regions of the countries."""
        return tuple(dict.fromkeys(self.model.view.region_of[code] for code in self.countries))

    @cached_property
    def region_of(self) -> Ints:
        """Position of the region of each country in `regions`."""
        return np.array([self.regions.index(self.model.view.region_of[code]) for code in self.countries], np.int32)

    @cached_property
    def cell_of(self) -> Ints:
        """Position of the wave of each calendar year of the months and region in `cells`, -1 for none, ``[Y, R]``."""
        at = {cell: k for k, cell in enumerate(self.cells)}
        years = range(int(self.year_of[0]), int(self.year_of[-1]) + 1)
        rows = [[at.get((region, year), -1) for region in self.regions] for year in years]
        return np.array(rows, dtype=np.int32).reshape(len(years), len(self.regions))

    def years(self) -> tuple[int, ...]:
        """Calendar years with at least one forecast month."""
        return tuple(dict.fromkeys(int(y) for y in self.year_of[self.back + 1 :]))

    def place(self, word: str) -> str:
        """Code of a country or group given by code or by any usual name.

        Raises
        ------
        UnknownPlace
            If no place has this name, or several may be meant; the error names the nearest ones.
        ArmedHostError
            If attempts there are not forecast; the error says why.
        """
        return place_of(word, self.model.view)

    def name(self, place: str) -> str:
        """Name of a country or group by its code."""
        group = self.model.case.group(place)
        return self.names[self.countries.index(place)] if group is None else group.name

    def where(self, place: str) -> list[int]:
        """Positions of the countries that a place covers."""
        covered = self.model.case.covered(place)
        return [i for i, code in enumerate(self.countries) if code in covered]

    def groups(self) -> tuple[str, ...]:
        """Codes of the groups that cover any of the countries."""
        return tuple(group.place for group in self.model.case.groups if self.where(group.place))

    def of(self, values: Floats | Ints | Shorts, place: str, year: int) -> Longs | Floats:
        """Sum over a place and a calendar year of ``(trajectory, month, country, ...)``: ``(trajectory, ...)``."""
        months = np.flatnonzero(self.year_of == year)
        some = values[:, months[0] : months[-1] + 1][:, :, self.where(place)]
        return np.asarray(some.sum(axis=(1, 2), dtype=np.float64 if values.dtype.kind == "f" else np.int64))

    def attempts_in(self, place: str, year: int) -> Longs:
        """Attempts of all sources in a place and calendar year, ``(trajectory,)``."""
        return np.asarray(self.of(self.attempts, place, year).sum(axis=1), dtype=np.int64)

    def chance(self, place: str, year: int, *, completed: bool = False) -> float:
        """Probability of at least one attempt, or completed attack, in a place and calendar year.

        Averages the conditional probability of each trajectory, which resolves probabilities smaller than one over the
        number of trajectories.
        """
        months = np.flatnonzero(self.year_of == year)
        where = self.where(place)
        mean = self.expected[:, months][:, :, where].sum(axis=(1, 3), dtype=np.float64)
        if completed:
            mean = mean * self.run.parameter(COMPLETED)[:, None]
        waves = self.year_waves[:, year - int(self.year_of[0])][:, self.region_of[where]]
        return float(-np.expm1(-(mean * waves).sum(axis=1)).mean())

    def expected_share(self, share: AttackShare) -> Floats:
        """Share of expected attempts by those that a published share is about, over its months and countries.

        One for each trajectory, ``(trajectory,)``.
        """
        number = np.array(self.months)
        inside = np.flatnonzero((number >= share.first) & (number <= share.last))
        where = [i for i, code in enumerate(self.countries) if code in self.public.countries]
        total = self.expected[:, inside][:, :, where].sum(axis=(1, 2), dtype=np.float64)
        column = {RETURNED: SOURCES.index("returnees"), SENT: SOURCES.index("sent")}
        some = total[:, [column[by] for by in share.by]].sum(axis=1)
        return np.asarray(some / np.maximum(total.sum(axis=1), 1e-12))

    def before(self, place: str) -> Longs:
        """Attempts in the 24 months up to the as-of date, ``(trajectory,)``.

        Years with a published count take that count; the others are simulated.
        """
        window = np.arange(self.back + 1 - WINDOW, self.back + 1)
        drawn = self.attempts[:, window][:, :, self.where(place)].sum(axis=(2, 3), dtype=np.int64)
        total = drawn.sum(axis=1)
        for count in self.counts:
            inside = self.year_of[window] == count.year
            if count.place == place and inside.any():
                total = total - drawn[:, inside].sum(axis=1) + self._share_of_year(count, int(inside.sum()))
        return np.asarray(total, dtype=np.int64)

    def after(self, place: str) -> Longs:
        """Attempts in the 24 months after the as-of date, or up to the end of the run, ``(trajectory,)``."""
        ahead = self.attempts[:, self.back + 1 : self.back + 1 + WINDOW]
        return np.asarray(ahead[:, :, self.where(place)].sum(axis=(1, 2, 3), dtype=np.int64))

    def more_of_the_same(self, place: str) -> tuple[float, float, float]:
        """Probabilities of more, equally many and fewer attempts in the 24 months after the as-of date than before."""
        after, before = self.after(place), self.before(place)
        return float((after > before).mean()), float((after == before).mean()), float((after < before).mean())

    def _share_of_year(self, count: AttemptCount, months: int) -> Longs:
        """Attempts of a year's count that fall in `months` of its months: binomial, every month equally likely."""
        key = np.array([name_key(f"attack/part/{count.place}/{count.year}")], dtype=np.uint64)
        seed = self.run.request.seed
        uniforms = (uniforms_for(seed, i, EVENT, key)[0] for i in range(len(self.attempts)))
        return np.array([binomial_quantile(u, count.attempts, months / 12) for u in uniforms], dtype=np.int64)


def place_of(word: str, view: CaseView) -> str:
    """Code of an origin of a case, or of a group, given by code or by any usual name.

    Raises
    ------
    UnknownPlace
        If no place has this name, or several may be meant; the error names the nearest ones.
    ArmedHostError
        If attempts there are not forecast; the error says why.
    """
    groups = view.case.groups
    refuse_hosts(word, view, view.origins)
    places = {code: view.name(code) for code in view.origins} | {group.place: group.name for group in groups}
    rest = [code for code in view.origins if code not in view.named]
    return find_place(word, places, groups={group.place: group.words for group in groups}, remainders=rest)
