"""What to watch for one country or the world: indicators ranked by how much they would say about headline numbers.

For every indicator: its chance by a date, and each headline number in the simulations that show it and in those that do
not. Its *expected information* about a number is their mutual information in bits (`information`), and indicators are
ranked by the mean over the headline numbers. It says how far the number would be known better on average, whichever
way the indicator goes; a likely surprise counts for more than an unlikely one.

Numbers rest on few simulations where an indicator is rare or nearly certain. With fewer than `FEWEST` effective
simulations on either side nothing is said but the chance; with fewer than `FEWEST_FOR_RANGES` no ranges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from afterfall.case import WORLD
from afterfall.defaults import FEWEST_FOR_RANGES
from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.headlines.headline import Headline, HeadlineReading, headlines_of
from afterfall.report.watch.case_indicators import Mapped, mapped, named_moves
from afterfall.report.watch.information import classes_of, effective_number, entropy, information, noise_level
from afterfall.report.watch.observable import Observable, signals_of
from afterfall.run import Run
from afterfall.shown import Shown

#: Effective simulations on either side under which nothing but the chance is said.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Shift:
    """How an indicator moves one headline number.

    Attributes
    ----------
    headline
        Key of the headline.
    seen, unseen
        The number on either side; for a count, in its highest and its lowest third.
    bits
        Expected information about the number.
    noise
        What noise alone reaches with a chance of 5 % in any of all pairs of indicators and numbers.
    part
        Whether the indicator is an early part of the number, and so informs it by itself.
    """

    headline: str
    seen: HeadlineReading
    unseen: HeadlineReading
    bits: float
    noise: float
    part: bool = False

    @property
    def known(self) -> bool:
        """Whether the information stands out of the noise."""
        return self.bits > self.noise


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator with what it would say.

    Attributes
    ----------
    signal
        The indicator.
    seen, unseen
        Effective numbers of simulations on either side.
    shifts
        Every headline number, the most informed first; empty where either side is too small.
    indicators
        Indicators of the case that it stands for, by their names in indicators.csv.
    """

    signal: Observable
    seen: float
    unseen: float
    shifts: tuple[Shift, ...]
    indicators: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether there are too few simulations on a side to say more than the chance."""
        return not self.shifts

    @property
    def ranged(self) -> bool:
        """Whether both sides have enough simulations for ranges."""
        return min(self.seen, self.unseen) >= FEWEST_FOR_RANGES

    @property
    def bits(self) -> float:
        """Expected information, the mean over the headline numbers."""
        return float(np.mean([one.bits for one in self.shifts])) if self.shifts else 0.0

    @property
    def informs(self) -> bool:
        """Whether what it says of any headline number stands out of the noise."""
        return any(one.known for one in self.shifts)


@dataclass(frozen=True, slots=True)
class WatchList(Shown):
    """What to watch.

    Attributes
    ----------
    run
        The run that it is read from.
    country
        Place code of an origin, or None for the world.
    place
        The same in words.
    month
        Month of the run by which indicators are seen.
    headlines
        The headline numbers, with their ranges and chances over all simulations (`now`) and their entropy in bits.
    watched
        Indicators, the most informative first; those of which too little can be said last, by their chance.
    mapped
        The indicators of the case, with the signals that stand for each.
    """

    run: Run = field(repr=False)
    country: str | None
    place: str
    month: int
    headlines: tuple[Headline, ...]
    now: Mapping[str, HeadlineReading]
    entropy: Mapping[str, float]
    watched: tuple[Watched, ...]
    mapped: tuple[Mapped, ...]

    def headline(self, key: str) -> Headline:
        """A headline by its key."""
        return next(one for one in self.headlines if one.key == key)

    def informative(self) -> tuple[Watched, ...]:
        """The indicators that say something of a headline number beyond noise."""
        return tuple(one for one in self.watched if one.informs)


def watch_list(run: Run, model: Model, *, country: str | None, month: int) -> WatchList:
    """Rank the indicators of a run by what they would say.

    Parameters
    ----------
    run, model
        A finished run, and the model it was made from.
    country
        Place code of an origin, or None for the world.
    month
        Month of the run by which indicators are seen, the recorded one nearest to it for a country.
    """
    simulations = CountrySimulations(run, country)
    by = simulations.nearest(month)
    signals = tuple(signals_of(run, model.case, country, by, model.view.remainder_spells))
    signals += tuple(named_moves(run, model.case, frozenset(s.key for s in signals), by))
    headlines = headlines_of(simulations, model.view.remainder_spells)
    numbers = {one.key: one.values(simulations) for one in headlines}
    events = {one.key: one.happens(simulations).astype(float) for one in headlines}
    listed = mapped(model.case, signals)
    share = 1.0 if run.conditioned is None else run.conditioned.effective / run.request.trajectories
    shown = [
        _watched(s, numbers, events, len(signals), min(share, 1.0), listed, _wholes(s, headlines, country))
        for s in signals
    ]
    return WatchList(
        run=run,
        country=country,
        place=simulations.name,
        month=by,
        headlines=headlines,
        now={key: HeadlineReading.of(v, events[key]) for key, v in numbers.items()},
        entropy={key: entropy(classes_of(values)) for key, values in numbers.items()},
        watched=tuple(sorted(shown, key=lambda w: (w.refused, -w.bits, -w.signal.chance))),
        mapped=listed,
    )


def _watched(
    signal: Observable,
    numbers: Mapping[str, Floats],
    events: Mapping[str, Floats],
    signals: int,
    share: float,
    listed: Sequence[Mapped],
    wholes: frozenset[str],
) -> Watched:
    """One indicator; `share` is the effective share of the run's simulations, `wholes` are what it is a part of."""
    sides = [signal.trajectory[signal.level == level] for level in (signal.top, 0)]
    seen, unseen = (share * effective_number(side) for side in sides)
    shifts: tuple[Shift, ...] = ()
    if min(seen, unseen) >= FEWEST:
        questions = signals * len(numbers)
        found = [_shift(signal, key, numbers[key], events[key], questions, key in wholes) for key in numbers]
        shifts = tuple(sorted(found, key=lambda s: -s.bits))
    names = tuple(one.indicator.indicator for one in listed if signal.key in one.keys)
    return Watched(signal, seen, unseen, shifts, names)


def _shift(signal: Observable, key: str, number: Floats, event: Floats, questions: int, part: bool) -> Shift:
    """How one indicator moves one number."""
    classes = classes_of(number)[signal.trajectory]
    seen, unseen = (signal.trajectory[signal.level == level] for level in (signal.top, 0))
    return Shift(
        headline=key,
        seen=HeadlineReading.of(number[seen], event[seen]),
        unseen=HeadlineReading.of(number[unseen], event[unseen]),
        bits=information(signal.level, classes),
        noise=noise_level(signal.level, classes, questions),
        part=part,
    )


def _wholes(signal: Observable, headlines: Sequence[Headline], country: str | None) -> frozenset[str]:
    """Keys of the headline numbers that an indicator is an early part of."""
    here = signal.place == (country or WORLD)
    return frozenset(
        one.key
        for one in headlines
        if (signal.kind == "fall" and one.measure == "fallen")
        or (signal.kind == "moves" and here and one.measure == "added" and signal.key.split()[0] == one.quantity)
    )
