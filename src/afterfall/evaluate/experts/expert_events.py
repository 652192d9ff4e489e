"""Statements about events: mergers, survival, more attacks, a massive one. The Brier score of three probabilities.

The day of judgement is `months` after the statement (the horizon if none is given), no later than our forecast goes.

    merger          happened if the core ended by then. Ours: a merger with one of those named has happened
    survives        happened, for each organisation, if it had not ended by then. Ours: it stands (ten people or more)
    more_attacks    happened if the first calendar year after the statement counted more attempts than the last count
                    public on the day of the statement. Ours: the share of futures with more
    massive_attack  happened if one attack had `MASSIVE` deaths or more. It did not by the end of a year, in an unbroken
                    row from that of the statement, whose total was less. Ours: so many deaths in a country in a month

Beside them a naive probability. Counts: the last count held, overdispersed (`attack_counts`). The others: a constant
hazard since mobilisation, from what was public on the day of the statement: mergers and massive attacks, and a half, a
month; ends, and a half, by months of existence of all organisations.

A case's organisations end where it says so; one whose end nobody recorded counts as surviving.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scipy.stats import nbinom, poisson  # type: ignore[import-untyped]

from afterfall.attack.attack_model import Attacks
from afterfall.attack.importance_resampling import counts_of
from afterfall.case import Case, cut, months_between
from afterfall.evaluate.events.attack_counts import HALF, dispersion
from afterfall.evaluate.experts.statement_distributions import MASSIVE
from afterfall.evaluate.experts.statements import Statement
from afterfall.model.mechanisms.merging import merger_with
from afterfall.run import Run, add_months
from afterfall.run.run_organisations import FEWEST


@dataclass(frozen=True, slots=True)
class EventScore:
    """An event by a day: whether it happened, and the probability that the expert, we and a naive forecast gave it."""

    about: str
    by: dt.date
    happened: bool
    expert: float
    ours: float
    naive: float

    def brier(self, probability: float) -> float:
        """Squared error of a probability of this event."""
        return (probability - self.happened) ** 2


@dataclass(frozen=True)
class Asking:
    """What an event is judged by: the statement, its probability, our run, the case known later, attacks when asked."""

    statement: Statement
    chance: float
    run: Run
    whole: Case
    attacks: Callable[[], Attacks]

    @property
    def until(self) -> dt.date:
        """Day of judgement."""
        months = self.run.request.horizon if self.statement.months is None else self.statement.months
        return min(add_months(self.statement.day, months), self.run.date())

    @property
    def known(self) -> Case:
        """The case on the day of the statement."""
        return cut(self.whole, self.statement.day)

    def chance_by(self, events: float, exposure: float, by: dt.date) -> float:
        """Naive chance of an event by a day: a constant hazard, events and a half by months of exposure."""
        hazard = (events + HALF) / max(exposure, 1.0)
        return -math.expm1(-hazard * max(0, months_between(self.statement.day, by)))

    @property
    def observed(self) -> int:
        """Months from mobilisation to the statement."""
        return months_between(self.whole.mobilisation, self.statement.day)


def score_events(asking: Asking) -> tuple[EventScore, ...]:
    """Score a statement about an event; nothing where the case cannot tell whether it happened."""
    judges: dict[str, Callable[[Asking], Iterable[EventScore]]] = {
        "merger": _merger,
        "survives": _survives,
        "more_attacks": _more_attacks,
        "massive_attack": _massive,
    }
    return tuple(judges[asking.statement.kind](asking))


def _merger(asking: Asking) -> Iterable[EventScore]:
    run, core = asking.run, asking.whole.organisation(asking.whole.core)
    names = run.organisation_record.label("event")
    columns = [names.index(n) for n in map(merger_with, asking.statement.about) if n in names]
    if columns:
        by = asking.until
        ours = float((run.organisation_record.fired[:, columns].min(axis=1) <= months_between(run.as_of, by)).mean())
        happened = core.ended is not None and core.ended.last_day <= by
        yield EventScore(
            "merger of the core", by, happened, asking.chance, ours, asking.chance_by(0, asking.observed, by)
        )


def _survives(asking: Asking) -> Iterable[EventScore]:
    run, by, whole = asking.run, asking.until, asking.whole
    month, names = months_between(run.as_of, by), run.organisation_record.names
    ends, exposure = _lifetimes(asking.known, asking.statement.day)
    for name in asking.statement.about:
        if name in names:
            one = whole.organisation(name)
            happened = one.ended is None or one.ended.last_day > by
            ours = float((run.organisation_record.strength[:, month, names.index(name)] >= FEWEST).mean())
            yield EventScore(one.name, by, happened, asking.chance, ours, 1.0 - asking.chance_by(ends, exposure, by))


def _lifetimes(known: Case, day: dt.date) -> tuple[int, int]:
    """How many organisations had ended by a day, and months of existence of all since mobilisation."""
    ends, exposure = 0, 0
    for one in known.organisations:
        start = max(known.mobilisation, one.founded.last_day if one.founded else known.mobilisation)
        over = one.ended is not None and one.ended.last_day <= day
        end = one.ended.last_day if over and one.ended else day
        ends, exposure = ends + over, exposure + max(0, months_between(start, end))
    return ends, exposure


def _more_attacks(asking: Asking) -> Iterable[EventScore]:
    found = asking.attacks()
    group, year = asking.statement.about[0], asking.statement.day.year + 1
    public = [c for c in counts_of(asking.known, found.countries) if c.place == group]
    later = [c for c in counts_of(asking.whole, found.countries) if (c.place, c.year) == (group, year)]
    if public and later and (found.year_of == year).sum() == 12:
        last = public[-1].attempts
        size = dispersion(public)
        mean = max(last, HALF)
        naive = poisson.sf(last, mean) if size is None else nbinom.sf(last, size, size / (size + mean))
        ours = float((found.attempts_in(group, year) > last).mean())
        named = asking.known.group(group)
        label = f"more than {last} attempts in {group if named is None else named.name} in {year}"
        by = dt.date(year, 12, 31)
        yield EventScore(label, by, later[0].attempts > last, asking.chance, ours, float(naive))


def _massive(asking: Asking) -> Iterable[EventScore]:
    found, run, group, day = asking.attacks(), asking.run, asking.statement.about[0], asking.statement.day
    happened, by = _massive_by(asking.whole, found.countries, group, day, asking.until)
    if by > day:
        first, last = (found.back + months_between(run.as_of, d) for d in (day, by))
        deaths = found.deaths[:, first + 1 : last + 1][:, :, found.where(group)]
        ours = float((deaths >= MASSIVE).any(axis=(1, 2)).mean())
        start = asking.whole.mobilisation
        before = sum(day_of <= day for day_of in _massive_days(asking.known, found.countries, group, start))
        naive = asking.chance_by(before, asking.observed, by)
        yield EventScore(f"an attack with {MASSIVE} deaths or more", by, happened, asking.chance, ours, naive)


def _massive_by(
    whole: Case, countries: tuple[str, ...], group: str, day: dt.date, until: dt.date
) -> tuple[bool, dt.date]:
    """Whether there was a massive attack after a day, and by when that is known."""
    if any(when <= until for when in _massive_days(whole, countries, group, day)):
        return True, until
    totals = {
        f.refers_to.last_day.year: f.value
        for f in whole.figures_of("attack_deaths", place=group)
        if f.basis == "year" and not f.bound
    }
    year = day.year
    while totals.get(year, MASSIVE) < MASSIVE:
        year += 1
    return False, min(until, dt.date(year - 1, 12, 31))


def _massive_days(case: Case, countries: tuple[str, ...], group: str, after: dt.date) -> list[dt.date]:
    """Days of massive attacks in a group after a day."""
    inside = case.covered(group) & set(countries) | {group}
    return [
        f.refers_to.last_day
        for f in case.figures_of("attack_deaths")
        if f.place in inside and f.definition == "single_attack" and f.low >= MASSIVE and f.refers_to.last_day > after
    ]
