"""Headline numbers of a run and the judgements on them, kept so that another run can be asked the very same.

A threshold is never chosen to impress: "at least N" takes the largest round number (1, 2, 5, 10, 20, ...) that is still
more likely than not by the scale's word "likely" (55 %), and 1 where none is. There are two dates: two years
ahead, where confidence may still be high, and the horizon.

A headline knows its calendar dates and its threshold. Read from a run that starts on another day, it counts between the
same two dates, at the recorded months nearest to them, so that old and new answers are about the same event.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from afterfall.engine.program import Floats
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.kit.spread import Range
from afterfall.run import Run

Measure = Literal["added", "stock", "more", "fallen"]
#: A statement of the form "at least N" has at least this chance.
LIKELY = 0.55
SOON = 24
#: What stands for strongholds where a quantity is named.
PLACES = "holdings"
#: Headlines that a brief states, the most important first.
BRIEFED = ("returned", "never_assessed", "largest", "sent", "strongholds")
#: How a fate reads after "will" in a sentence about people of one country: headlines are about days to come.
PHRASES = {
    "disengage": "be home and have left the battle",
    "remain": "stay in the theatre underground",
    "defect": "be with a rival of the region",
    "relocate": "be with an offshoot elsewhere",
    "dispatch": "be under orders to attack",
    "in_ranks": "be in the ranks",
    "unaffiliated": "be in the theatre without an organisation",
    "in_transit": "be on the way",
    "lying_low": "lie low in a third country",
    "detained": "be held in or near the theatre",
    "unrecorded": "have left custody and not be counted anywhere",
    "returned_at_risk": "be home and at risk",
    "imprisoned": "be in prison at home",
    "killed": "be dead",
}
#: Fates whose number is a headline although no judgement of a brief is on them, with the words for a short name.
STOCKS = {
    "disengage": "home who left the battle",
    "remain": "in the theatre underground",
    "defect": "with a rival of the region",
    "relocate": "with an offshoot elsewhere",
    "dispatch": "under orders to attack",
    "detained": "held in or near the theatre",
    "unrecorded": "who left custody and are not counted",
}


@dataclass(frozen=True, slots=True)
class HeadlineReading:
    """A headline in some simulations: the range of its number, and the chance of the event judged on it."""

    number: Range
    chance: float

    @classmethod
    def of(cls, values: Floats, happens: npt.NDArray[Any]) -> HeadlineReading:
        """Of the number and the event in each simulation."""
        return cls(Range.of_values(values), float(happens.mean()))


@dataclass(frozen=True, slots=True)
class Headline:
    """A number of people (or of strongholds) and the event judged on it.

    Attributes
    ----------
    key
        Name within the headlines of a run.
    label
        The number in a few words, with its date.
    event
        What is judged, as a clause after "that".
    measure
        ``added`` (what a counter adds from `since` to `on`), ``stock`` (people on a day), ``more`` (a stock above
        that of `against`) or ``fallen`` (strongholds lost by a day).
    quantity
        Quantity of the model; of strongholds, the name that the track record has for them.
    on, since
        Calendar dates.
    least
        The event is that the number reaches this; all strongholds for ``fallen``.
    against
        The other fate of ``more``.
    holdings
        The strongholds that count.
    month
        Month of `on` in the run that the headline was made from.
    """

    key: str
    label: str
    event: str
    measure: Measure
    quantity: str
    on: dt.date
    since: dt.date
    month: int
    least: int = 1
    against: str = ""
    holdings: tuple[str, ...] = ()

    def values(self, simulations: CountrySimulations) -> Floats:
        """The number in each simulation of a run, ``(trajectory,)``, people or strongholds."""
        if self.measure == "fallen":
            months = lost_months(simulations.run, self.holdings)
            return fallen(months, _month(simulations, self.on, every=True))
        then = simulations.at(self.quantity, _month(simulations, self.on))
        if self.measure == "added":
            return np.asarray(then - simulations.at(self.quantity, _month(simulations, self.since)))
        return then

    def happens(self, simulations: CountrySimulations) -> npt.NDArray[np.bool_]:
        """Whether the event happens in each simulation of a run, ``(trajectory,)``."""
        values = self.values(simulations)
        if self.measure == "more":
            return np.asarray(values > simulations.at(self.against, _month(simulations, self.on)))
        return np.asarray(values >= self.least)

    def in_run(self, simulations: CountrySimulations) -> bool:
        """Whether a run can answer: its quantities, strongholds and dates."""
        if self.measure == "fallen":
            known = {str(name) for name in simulations.run.dataset["holding"].values}
            return known.issuperset(self.holdings) and self.on <= simulations.calendar(simulations.run.request.horizon)
        names = [self.quantity, *([self.against] if self.against else [])]
        return all(map(simulations.has, names)) and self.apart(simulations) <= MOST_APART

    def of_both(self, simulations: CountrySimulations) -> Headline:
        """The headline on those strongholds that another run has too; the same where it has all or none of them."""
        known = {str(name) for name in simulations.run.dataset["holding"].values}
        common = tuple(name for name in self.holdings if name in known)
        if len(common) in (0, len(self.holdings)):
            return self
        only = f" (the {len(common)} of {len(self.holdings)} that both forecasts name)"
        label = self.label.replace(f"of {len(self.holdings)}", f"of {len(common)}")
        return replace(self, holdings=common, least=len(common), event=self.event + only, label=label)

    def apart(self, simulations: CountrySimulations) -> int:
        """Days between the dates meant and the recorded months that are read, at most."""
        dates = (self.on, self.since) if self.measure == "added" else (self.on,)
        return max(abs((simulations.calendar(_month(simulations, one)) - one).days) for one in dates)


#: Days by which the recorded month that is read may miss the date that is meant: half a quarter.
MOST_APART = 46


def _month(simulations: CountrySimulations, date: dt.date, *, every: bool = False) -> int:
    """The recorded month nearest to a date, the earlier of two; the last month by then where all are recorded."""
    months = range(simulations.run.request.horizon + 1) if every else simulations.months
    return min(months, key=lambda m: (abs((simulations.calendar(m) - date).days), m))


def round_numbers(largest: float) -> list[int]:
    """1, 2, 5, 10, 20, ... up to a number.

    >>> round_numbers(60)
    [1, 2, 5, 10, 20, 50]
    """
    found = [m * 10**k for k in range(8) for m in (1, 2, 5)]
    return [n for n in found if n <= max(largest, 1)]


def at_least(values: Floats) -> tuple[int, float]:
    """The largest round number that `LIKELY` of the simulations or more reach, and the share that do; 1 if none."""
    reached = [(n, float((values >= n).mean())) for n in round_numbers(float(values.max(initial=0.0)))]
    fit = [pair for pair in reached if pair[1] >= LIKELY]
    return fit[-1] if fit else (1, float((values >= 1).mean()))


def headlines_of(
    simulations: CountrySimulations, rest: frozenset[str], *, until: dt.date | None = None
) -> tuple[Headline, ...]:
    """The headlines of a country or the world in a run: first those of a brief, then other numbers.

    Parameters
    ----------
    simulations
        The run of one country, or of the world.
    rest
        Parts of the territory that are no strongholds.
    until
        No date is later; None for the horizon of the run.
    """
    horizon = simulations.run.request.horizon
    if until is not None:
        horizon = max((m for m in simulations.months if simulations.calendar(m) <= until), default=0)
    soon, late = simulations.nearest(min(SOON, horizon)), simulations.nearest(horizon)
    largest = _largest(simulations, late)
    found = [
        _returns(simulations, soon),
        _unknown(simulations, soon),
        largest,
        _sent(simulations, late),
        _falls(simulations, strongholds(simulations.run, rest), soon),
        _repatriated(simulations, soon),
        *(_stock(simulations, name, late) for name in STOCKS if simulations.has(name) and name != largest.quantity),
    ]
    return tuple(one for one in found if one is not None)


def _dates(simulations: CountrySimulations, month: int) -> tuple[dt.date, dt.date, int]:
    return simulations.calendar(month), simulations.calendar(0), month


def _returns(simulations: CountrySimulations, month: int) -> Headline:
    number, _ = at_least(simulations.added("returned", month))
    people = "at least one more person" if number == 1 else f"at least {number:,} more people"
    where = f" to {simulations.the_name}" if simulations.country else ""
    event = f"{people} will come home{where} by {simulations.date(month)}"
    label = f"more people home by {simulations.date(month)}"
    return Headline("returned", label, event, "added", "returned", *_dates(simulations, month), least=number)


def _unknown(simulations: CountrySimulations, month: int) -> Headline | None:
    if not simulations.has("home_unknown"):
        return None
    number, _ = at_least(simulations.at("home_unknown", month))
    people = "one adult returnee" if number == 1 else f"{number:,} adult returnees"
    event = (
        f"on {simulations.date(month)} at least {people} will be at large in {simulations.the_name} and never assessed"
    )
    label = f"returnees at large, never assessed, on {simulations.date(month)}"
    dates = _dates(simulations, month)
    return Headline("never_assessed", label, event, "stock", "home_unknown", *dates, least=number)


def _largest(simulations: CountrySimulations, month: int) -> Headline:
    """More are in the largest fate than in the second."""
    names = [n for n in PHRASES if simulations.has(n)]
    means = np.array([simulations.at(n, month).mean() for n in names])
    first, second = (names[int(i)] for i in np.argsort(-means, kind="stable")[:2])
    of = f"of those who left {simulations.the_name}" if simulations.country else "of all who travelled"
    event = f"more {of} will {PHRASES[first]} than will {PHRASES[second]} on {simulations.date(month)}"
    label = f"people who will {PHRASES[first]}, on {simulations.date(month)}"
    return Headline("largest", label, event, "more", first, *_dates(simulations, month), against=second)


def _sent(simulations: CountrySimulations, month: int) -> Headline | None:
    if not simulations.has("dispatched_so_far"):
        return None
    who = f" who left {simulations.the_name}" if simulations.country else ""
    event = f"at least one more person{who} will be sent to attack, anywhere, by {simulations.date(month)}"
    label = f"more people sent to attack by {simulations.date(month)}"
    return Headline("sent", label, event, "added", "dispatched_so_far", *_dates(simulations, month))


def _falls(simulations: CountrySimulations, held: tuple[str, ...], month: int) -> Headline | None:
    if not held:
        return None
    event = f"every stronghold still held on {simulations.date(0)} will have fallen by {simulations.date(month)}"
    label = f"strongholds fallen by {simulations.date(month)}, of {len(held)}"
    dates = _dates(simulations, month)
    return Headline("strongholds", label, event, "fallen", PLACES, *dates, least=len(held), holdings=held)


def _repatriated(simulations: CountrySimulations, month: int) -> Headline | None:
    if not simulations.has("repatriated"):
        return None
    number, _ = at_least(simulations.added("repatriated", month))
    people = "one more person" if number == 1 else f"{number:,} more people"
    event = f"at least {people} will be repatriated by {simulations.date(month)}"
    label = f"more people repatriated by {simulations.date(month)}"
    return Headline("repatriated", label, event, "added", "repatriated", *_dates(simulations, month), least=number)


def _stock(simulations: CountrySimulations, name: str, month: int) -> Headline:
    number, _ = at_least(simulations.at(name, month))
    people = "one person" if number == 1 else f"{number:,} people"
    event = f"at least {people} will {PHRASES[name]} on {simulations.date(month)}"
    label = f"people {STOCKS[name]}, on {simulations.date(month)}"
    return Headline(name, label, event, "stock", name, *_dates(simulations, month), least=number)


def strongholds(run: Run, rest: frozenset[str]) -> tuple[str, ...]:
    """Names of the strongholds held at the as-of date; `rest` names the parts of the territory that no list names."""
    lost = np.asarray(run.dataset["lost"].values)
    held = lost.max(axis=0, initial=0) > 0
    names = [str(name) for name in run.dataset["holding"].values]
    return tuple(name for name, still in zip(names, held, strict=True) if still and name not in rest)


def lost_months(run: Run, names: tuple[str, ...]) -> Floats:
    """Month in which each of these holdings is lost, ``(trajectory, holding)``; horizon + 1 for never."""
    every = [str(name) for name in run.dataset["holding"].values]
    return np.asarray(run.dataset["lost"].values, dtype=np.float64)[:, [every.index(name) for name in names]]


def fallen(lost: Floats, month: int) -> Floats:
    """How many strongholds have fallen by a month, ``(trajectory,)``."""
    return np.asarray((lost <= month).sum(axis=1), dtype=np.float64)
