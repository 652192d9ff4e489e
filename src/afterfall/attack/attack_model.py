"""Attacks by country and month in each trajectory of a run: attempts by source, completed ones, deaths.

The science is in `model.mechanisms.attack`; here the threat (`threat`) of a trajectory meets the parameters of attempts
that yearly counts have taught (`conditioning`), and draws are made, each keyed by the seed, the trajectory, the country
and the month. Months are calendar months: the run's month of the same number, and as many before the as-of date as the
published counts and the two years before need. What happened in those is not public in full, so it is drawn as well;
where a count of the whole year is public it takes the place of the draw (see `Attacks.before`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from afterfall.attack.attack_samplers import Shorts, draw_attacks
from afterfall.attack.exposure import AttackExposure, attack_exposure, parameter, past_shape
from afterfall.attack.importance_resampling import LEARNED, Count, counts_of, resample
from afterfall.case.dates import month_number
from afterfall.case.place_names import find_place
from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.engine.program import Floats, Ints, Longs
from afterfall.engine.quantiles import binomial_quantile
from afterfall.model import Model
from afterfall.model.language.case_view import CaseView
from afterfall.run import Run, RunError

SOURCES = ("returnees", "sent", "inspired")
#: "More of the same" looks as far ahead as back, in months.
WINDOW = 24
#: Trajectories whose threat is in memory at once.
BLOCK = 100
#: Month of a trajectory's keys that attacks use; see `conditioning.LUCK`.
LUCK = 2
TOLL = ("attack.completed", "attack.fatal", "attack.tail", "attack.body")


@dataclass(frozen=True, eq=False)
class Attacks:
    """Attacks by trajectory, calendar month and country.

    Attributes
    ----------
    run, model
        The run it follows and the model it was made with.
    counts
        Published yearly counts that taught the parameters.
    months
        VIEWS numbers of the months; the first `back` + 1 end with that of the as-of date.
    back
        Months before the as-of date.
    countries, names
        Codes and names of the countries, remainders of regions last.
    attempts
        By source, int16 ``(trajectory, month, country, source)``, sources as in `SOURCES`.
    completed, deaths
        Completed attacks, int16, and deaths in them, int32, ``(trajectory, month, country)``.
    expected
        Expected attempts given the trajectory, before the waves of a year, by source, float32.
    learned
        Parameters of attempts on the natural scale, ``(trajectory, len(LEARNED))``.
    effective
        Effective number of candidates they were picked from, ``(trajectory,)``.
    """

    run: Run
    model: Model
    counts: tuple[Count, ...]
    months: tuple[int, ...]
    back: int
    countries: tuple[str, ...]
    names: tuple[str, ...]
    attempts: Shorts
    completed: Shorts
    deaths: Ints
    expected: Floats
    learned: Floats
    effective: Floats

    @cached_property
    def year_of(self) -> Ints:
        """Calendar year of each month."""
        return np.array([1980 + (m - 1) // 12 for m in self.months], dtype=np.int32)

    def years(self) -> tuple[int, ...]:
        """Calendar years with at least one forecast month."""
        return tuple(dict.fromkeys(int(y) for y in self.year_of[self.back + 1 :]))

    def place(self, word: str) -> str:
        """Code of a country or group given by code or by any usual name.

        Raises
        ------
        UnknownPlace
            If there is none, or if there may be several; the error names the nearest ones.
        """
        return place_of(word, self.model.view)

    def name(self, place: str) -> str:
        """Name of a country or group by its code."""
        group = self.model.case.group(place)
        return self.names[self.countries.index(place)] if group is None else group.name

    def where(self, place: str) -> list[int]:
        """Positions of the countries of a place."""
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
        """Chance of at least one attempt, or completed attack, in a place and calendar year.

        The mean of each trajectory's own chance, so that a chance below one in the number of trajectories is resolved.
        """
        mean = self.of(self.expected, place, year).sum(axis=1)
        if completed:
            mean = mean * parameter(self.run, TOLL[0])
        size = self.learned[:, LEARNED.index("attack.waves")]
        return float((1.0 - (1.0 + mean / size) ** -size).mean())

    def before(self, place: str) -> Longs:
        """Attempts in the 24 months up to the as-of date, ``(trajectory,)``: published where a year is, else drawn."""
        window = np.arange(self.back + 1 - WINDOW, self.back + 1)
        drawn = self.attempts[:, window][:, :, self.where(place)].sum(axis=(2, 3), dtype=np.int64)
        total = drawn.sum(axis=1)
        for count in self.counts:
            inside = self.year_of[window] == count.year
            if count.place == place and inside.any():
                total = total - drawn[:, inside].sum(axis=1) + self._part(count, int(inside.sum()))
        return np.asarray(total, dtype=np.int64)

    def after(self, place: str) -> Longs:
        """Attempts in the 24 months after the as-of date (or as far as the run goes), ``(trajectory,)``."""
        ahead = self.attempts[:, self.back + 1 : self.back + 1 + WINDOW]
        return np.asarray(ahead[:, :, self.where(place)].sum(axis=(1, 2, 3), dtype=np.int64))

    def more_of_the_same(self, place: str) -> tuple[float, float, float]:
        """Probabilities of more, as many and fewer attempts in the 24 months after the as-of date than before it."""
        after, before = self.after(place), self.before(place)
        return float((after > before).mean()), float((after == before).mean()), float((after < before).mean())

    def _part(self, count: Count, months: int) -> Longs:
        """The part of a year's count that falls in so many of its months, each attempt in any month alike."""
        key = np.array([name_key(f"attack/part/{count.place}/{count.year}")], dtype=np.uint64)
        seed = self.run.request.seed
        luck = (uniforms_for(seed, i, EVENT, key)[0] for i in range(len(self.attempts)))
        return np.array([binomial_quantile(u, count.attempts, months / 12) for u in luck], dtype=np.int64)


def place_of(word: str, scene: CaseView) -> str:
    """Code of an origin of a case, or of a group, given by code or by any usual name.

    Raises
    ------
    UnknownPlace
        If there is none, or if there may be several; the error names the nearest ones.
    """
    groups = scene.case.groups
    places = {code: scene.name(code) for code in scene.origins} | {group.place: group.name for group in groups}
    rest = [code for code in scene.origins if code not in scene.named]
    return find_place(word, places, groups={group.place: group.words for group in groups}, remainders=rest)


def attacks(run: Run, model: Model) -> Attacks:
    """Draw attacks for every trajectory of a run.

    Parameters
    ----------
    run
        A finished run.
    model
        The model it was made with.

    Raises
    ------
    RunError
        If the run was made before the model had attacks.
    """
    missing = sorted({*LEARNED, *TOLL} - {str(p) for p in run.dataset["parameter"].values})
    if missing:
        raise RunError(f"run {run.request.name} is of an earlier version, without {missing[0]}: run it again")
    counts = counts_of(model.case, model.origins)
    now = month_number(f"{run.as_of:%Y-%m}")
    first = min([now - WINDOW + 1, *(month_number(f"{c.year}-01") for c in counts)])
    months = tuple(range(first, now + run.request.horizon + 1))
    number, horizon = run.request.trajectories, len(months)
    found = Attacks(
        run=run,
        model=model,
        counts=counts,
        months=months,
        back=now - first,
        countries=model.origins,
        names=tuple(model.view.name(o) for o in model.origins),
        attempts=np.zeros((number, horizon, len(model.origins), len(SOURCES)), dtype=np.int16),
        completed=np.zeros((number, horizon, len(model.origins)), dtype=np.int16),
        deaths=np.zeros((number, horizon, len(model.origins)), dtype=np.int32),
        expected=np.zeros((number, horizon, len(model.origins), len(SOURCES)), dtype=np.float32),
        learned=np.zeros((number, len(LEARNED))),
        effective=np.zeros(number),
    )
    shape = past_shape(model)
    for start in range(0, number, BLOCK):
        _fill(found, shape, range(start, min(start + BLOCK, number)))
    return found


def _fill(found: Attacks, shape: dict[str, Floats], block: range) -> None:
    """Draw the trajectories of a block into the arrays of `found`."""
    part = replace(found.run, dataset=found.run.dataset.isel(trajectory=slice(block.start, block.stop)).load())
    seed, rows = found.run.request.seed, slice(block.start, block.stop)
    some = attack_exposure(part, found.model, shape, found.back)
    learned, effective = resample(some, found.counts, found.year_of, found.model, seed, block)
    found.learned[rows], found.effective[rows] = learned, effective
    found.expected[rows] = _expected(some, learned)
    toll = np.stack([parameter(part, name) for name in TOLL], axis=1)
    keys = np.array([name_key(f"attack/{c}") for c in found.countries], dtype=np.uint64)
    regions = [found.model.view.region_of[c] for c in found.countries]
    waves = np.array([name_key(f"attack/wave/{r}") for r in regions], dtype=np.uint64)
    month = np.array(found.months, dtype=np.int32)
    exposed = [np.round(p, 9) for p in (some.recent, some.settled, some.sent, some.scene)]
    for i, trajectory in enumerate(block):
        draw_attacks(
            subkey(seed, trajectory, EVENT, LUCK),
            keys,
            waves,
            month,
            exposed[0][i],
            exposed[1][i],
            exposed[2][i],
            exposed[3][i],
            learned[i],
            toll[i],
            found.attempts[trajectory],
            found.completed[trajectory],
            found.deaths[trajectory],
        )


def _expected(some: AttackExposure, learned: Floats) -> Floats:
    """Expected attempts by source, ``(trajectory, month, country, source)``."""
    committed, settled, operative, cell, inspired, _ = (learned[:, k, None, None] for k in range(len(LEARNED)))
    returnees = committed * (some.recent + settled * some.settled)
    return np.stack([returnees, operative / cell * some.sent, inspired * some.scene], axis=-1)
