"""Statements about events: mergers, survival, more attacks, a massive one. The score is the Brier score.

A statement is judged `months` after it was made (at the horizon if it gives none), no later than our forecast extends.

    merger          occurred if the core ended by then. Ours: a merger with one of those named has occurred
    survives        occurred, for each organisation, if it had not ended by then. Ours: it has ten people or more
    more_attacks    occurred if the first calendar year after the statement had more attempts than the last count
                    published by the day of the statement. Ours: the share of simulations with more
    massive_attack  occurred if one attack had `MASSIVE` deaths or more. It did not by the end of a year if the totals
                    of all years from that of the statement on were lower. Ours: so many deaths in a country and month

The baseline is a probability. For counts: the last count carried forward, overdispersed (`attack_counts`). For the
others: a constant hazard since mobilisation, from what was published by the day of the statement, namely mergers and
massive attacks plus one half per month; ends plus one half by months of existence of all organisations.

The ends of organisations are those of the case; one whose end nobody recorded counts as surviving.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scipy.stats import nbinom, poisson  # type: ignore[import-untyped]

from afterfall.attack.attack_result import Attacks
from afterfall.attack.importance_resampling import published_counts
from afterfall.case import Case, cut, months_between
from afterfall.evaluate.events.attack_counts import HALF, dispersion
from afterfall.evaluate.experts.statement_distributions import MASSIVE
from afterfall.evaluate.experts.statements import Statement
from afterfall.model.mechanisms.merging import merger_with
from afterfall.run import Run, add_months
from afterfall.run.run_organisations import FEWEST


@dataclass(frozen=True, slots=True)
class EventScore:
    """An event by a day: whether it occurred, and the probabilities of expert, our forecast and baseline."""

    about: str
    by: dt.date
    observed: bool
    expert: float
    ours: float
    baseline: float

    def brier(self, probability: float) -> float:
        """Squared error of a probability of this event."""
        return (probability - self.observed) ** 2


@dataclass(frozen=True)
class EventQuestion:
    """A statement about an event with what is needed to judge it.

    Attributes
    ----------
    statement, chance
        The statement and its probability.
    run
        Our forecast.
    whole
        The case with later publications.
    attacks
        Returns the simulated attacks of the run; called only if they are needed.
    """

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
        """Baseline probability of an event by a day: constant hazard, events plus one half by months of exposure."""
        hazard = (events + HALF) / max(exposure, 1.0)
        return -math.expm1(-hazard * max(0, months_between(self.statement.day, by)))

    @property
    def months_observed(self) -> int:
        """Months from mobilisation to the statement."""
        return months_between(self.whole.mobilisation, self.statement.day)


def score_events(question: EventQuestion) -> tuple[EventScore, ...]:
    """Score a statement about an event; empty if the case does not show whether it occurred."""
    judges: dict[str, Callable[[EventQuestion], Iterable[EventScore]]] = {
        "merger": _merger,
        "survives": _survives,
        "more_attacks": _more_attacks,
        "massive_attack": _massive,
    }
    return tuple(judges[question.statement.kind](question))


def _merger(question: EventQuestion) -> Iterable[EventScore]:
    run, core = question.run, question.whole.organisation(question.whole.core)
    names = run.organisation_record.label("event")
    columns = [names.index(n) for n in map(merger_with, question.statement.about) if n in names]
    if columns:
        by = question.until
        ours = float((run.organisation_record.fired[:, columns].min(axis=1) <= months_between(run.as_of, by)).mean())
        observed = core.ended is not None and core.ended.last_day <= by
        yield EventScore(
            "merger of the core",
            by,
            observed,
            question.chance,
            ours,
            question.chance_by(0, question.months_observed, by),
        )


def _survives(question: EventQuestion) -> Iterable[EventScore]:
    run, by, whole = question.run, question.until, question.whole
    month, names = months_between(run.as_of, by), run.organisation_record.names
    ends, exposure = _lifetimes(question.known, question.statement.day)
    for name in question.statement.about:
        if name in names:
            one = whole.organisation(name)
            observed = one.ended is None or one.ended.last_day > by
            ours = float((run.organisation_record.strength[:, month, names.index(name)] >= FEWEST).mean())
            yield EventScore(
                one.name, by, observed, question.chance, ours, 1.0 - question.chance_by(ends, exposure, by)
            )


def _lifetimes(known: Case, day: dt.date) -> tuple[int, int]:
    """Number of organisations that had ended by a day, and months of existence of all since mobilisation."""
    ends, exposure = 0, 0
    for one in known.organisations:
        start = max(known.mobilisation, one.founded.last_day if one.founded else known.mobilisation)
        over = one.ended is not None and one.ended.last_day <= day
        end = one.ended.last_day if over and one.ended else day
        ends, exposure = ends + over, exposure + max(0, months_between(start, end))
    return ends, exposure


def _more_attacks(question: EventQuestion) -> Iterable[EventScore]:
    found = question.attacks()
    group, year = question.statement.about[0], question.statement.day.year + 1
    public = [c for c in published_counts(question.known, found.countries) if c.place == group]
    later = [c for c in published_counts(question.whole, found.countries) if (c.place, c.year) == (group, year)]
    if public and later and (found.year_of == year).sum() == 12:
        last = public[-1].attempts
        size = dispersion(public)
        mean = max(last, HALF)
        baseline = poisson.sf(last, mean) if size is None else nbinom.sf(last, size, size / (size + mean))
        ours = float((found.attempts_in(group, year) > last).mean())
        named = question.known.group(group)
        label = f"more than {last} attempts in {group if named is None else named.name} in {year}"
        by = dt.date(year, 12, 31)
        yield EventScore(label, by, later[0].attempts > last, question.chance, ours, float(baseline))


def _massive(question: EventQuestion) -> Iterable[EventScore]:
    found, run, group, day = question.attacks(), question.run, question.statement.about[0], question.statement.day
    observed, by = _massive_by(question.whole, found.countries, group, day, question.until)
    if by > day:
        first, last = (found.back + months_between(run.as_of, d) for d in (day, by))
        deaths = found.deaths[:, first + 1 : last + 1][:, :, found.where(group)]
        ours = float((deaths >= MASSIVE).any(axis=(1, 2)).mean())
        start = question.whole.mobilisation
        before = sum(day_of <= day for day_of in _massive_days(question.known, found.countries, group, start))
        baseline = question.chance_by(before, question.months_observed, by)
        yield EventScore(f"an attack with {MASSIVE} deaths or more", by, observed, question.chance, ours, baseline)


def _massive_by(
    whole: Case, countries: tuple[str, ...], group: str, day: dt.date, until: dt.date
) -> tuple[bool, dt.date]:
    """Whether there was a massive attack after a day, and up to which day that is known."""
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
