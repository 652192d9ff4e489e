"""Rates of splits, mergers, pledges and endings: the reference class, and the record of each organisation of a case.

The reference class gives the rate of an average organisation while not losing ground, the ratio while losing it, and
how far organisations differ (`afterfall.reference.pooled_rates`). Organisation ``g`` of the case with ``d`` events in
``t`` years has, with the rate ``m`` and the shape ``a`` of that posterior, the multiple

    E[u | d, t] = mean of (a + d) / (a + m t)

of the average. Years without an event thus lower it: a hazard that had time to show itself. ``d`` and ``t`` are those
of the class where the organisation is in it (matched by name), with years of losing ground counted at their ratio.
Splits and endings of other organisations are counted in the case, over the years from their founding to the as-of date.
Other events are not recorded in a case: no record is not a count of zero, and the multiple is one.

Rates are a month. Sources: `alignments.csv`, `organisations.csv`, `rivals.csv` of the reference class.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from afterfall.case import Organisation
from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY, steady
from afterfall.reference.event_rate import EventRate
from afterfall.reference.organisation_events import organisation_counts, rival_rates
from afterfall.reference.pooled_rates import PooledRates, fit_pooled, posterior_draws
from afterfall.reference.reference_class import open_reference_class

#: Names of the events in the reference class.
SPLIT, MERGER, PLEDGE, DISSOLUTION = "split", "merger or absorption", "pledge or break of allegiance", "dissolution"
#: Events that a case records, so that its own organisation-years count.
RECORDED = (SPLIT, DISSOLUTION)
MONTHS_A_YEAR = 12.0
LEVELS = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """Events and years of one organisation, whether they are those of the reference class, and years losing ground."""

    events: float
    years: float
    in_class: bool
    losing: float = 0.0


@dataclass(frozen=True)
class LearnedRate:
    """The rate of one kind of event as of a day.

    Attributes
    ----------
    event
        Name in the reference class.
    hazard
        5th and 95th percentile for an average organisation while not losing ground, a month.
    ratio
        5th and 95th percentile of the log ratio while losing ground.
    events, years
        What was counted in the class, unweighted.
    fit
        The posterior on its grid.
    records
        Weighted events and years of each organisation of the class, by simplified name.
    """

    event: str
    hazard: tuple[float, float]
    ratio: tuple[float, float]
    events: int
    years: float
    fit: PooledRates
    records: Mapping[str, tuple[float, float, float]]

    def multiple(self, own: OwnRecord) -> float:
        """Mean multiple for an organisation with this record."""
        m, k, a = np.ix_(self.fit.rate, self.fit.ratio, self.fit.spread)
        posterior = (a + own.events) / (a + m * (own.years - own.losing + k * own.losing))
        return steady((self.fit.weights * posterior).sum())

    def words(self) -> str:
        """What it was learned from."""
        low, high = (MONTHS_A_YEAR * x for x in self.hazard)
        return (
            f"reference class: {self.events} in {self.years:.0f} organisation-years; {low:.2g} to {high:.2g} a year "
            "while not losing ground"
        )


def learned_rate(view: CaseView, event: str) -> LearnedRate | None:
    """The rate of a kind of event as of the case's date; None before there is a reference class."""
    return None if view.case.as_of < FIRST_DAY else _learned(view.case.as_of, event)


def log_multiple(view: CaseView, rate: LearnedRate, row: Organisation) -> float:
    """Log of the multiple of an organisation of the case, from its record in the class or in the case."""
    return steady(np.log(rate.multiple(record_of(view, rate, row))))


def record_of(view: CaseView, rate: LearnedRate, row: Organisation) -> OwnRecord:
    """The weighted record of an organisation in the class, or else that in the case."""
    names = [n for n in names_of(row) if n in rate.records]
    if not names:
        return own_record(view, rate.event, row)
    events, calm, losing = rate.records[names[0]]
    return OwnRecord(events, calm + losing, True, losing)


def own_record(view: CaseView, event: str, row: Organisation) -> OwnRecord:
    """Splits or endings of an organisation in the case, and its years up to the as-of date; else nothing."""
    if event not in RECORDED:
        return OwnRecord(0.0, 0.0, False)
    months = max(-view.month_of((row.founded or row.published).last_day), 0)
    left = [o for o in view.case.organisations if o.parent == row.organisation and o.kind == "rival" and not row.ended]
    return OwnRecord(float(len(left)) if event == SPLIT else 0.0, months / MONTHS_A_YEAR, False)


def names_of(row: Organisation) -> tuple[str, ...]:
    """Simplified names of an organisation of a case: its code, its name, and the name without brackets."""
    return tuple(dict.fromkeys(simplified(x) for x in (row.organisation, row.name, row.name.split("(")[0])))


def simplified(name: str) -> str:
    """A name in lower case without signs.

    >>> simplified("Jaish al-Muhajireen")
    'jaishalmuhajireen'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def aliases(name: str) -> Iterable[str]:
    """Simplified names of an organisation of the class, which lists names with ``/`` between them."""
    return (simplified(part) for part in (*name.split(" / "), name.split("(")[0]))


@cache
def _learned(as_of: dt.date, event: str) -> LearnedRate:
    known = open_reference_class(as_of)
    counts, raw = organisation_counts(event, known)
    fit = fit_pooled(counts)
    calm, ratio = posterior_draws(fit)
    records: dict[str, tuple[float, float, float]] = {}
    for i, span in enumerate(known.organisations):
        own = (counts.events[i] + counts.events_losing[i], counts.years[i], counts.years_losing[i])
        for name in aliases(span.organisation):
            records[name] = tuple(float(x) for x in own)  # type: ignore[assignment]
    return LearnedRate(
        event=event,
        hazard=_ends(calm / MONTHS_A_YEAR),
        ratio=_ends(np.log(ratio)),
        events=raw[0].events + raw[1].events,
        years=raw[0].exposure + raw[1].exposure,
        fit=fit,
        records=records,
    )


@dataclass(frozen=True, slots=True)
class EnemyRates:
    """Two organisations at war with each other: hazards a month of a merger of equals and of an absorption.

    `words` say what each was learned from.
    """

    equals: tuple[float, float]
    absorbed: tuple[float, float]
    words: tuple[str, str]


def enemy_rates(view: CaseView) -> EnemyRates | None:
    """Hazards that two enemies become one, 5th and 95th percentile; None before there is a reference class."""
    return None if view.case.as_of < FIRST_DAY else _enemies(view.case.as_of)


@cache
def _enemies(as_of: dt.date) -> EnemyRates:
    equals, absorbed = rival_rates(open_reference_class(as_of))
    return EnemyRates(
        equals=_ends(equals.draws / MONTHS_A_YEAR),
        absorbed=_ends(absorbed.draws / MONTHS_A_YEAR),
        words=(_pairs(equals, "mergers of equals"), _pairs(absorbed, "absorptions of the weaker")),
    )


def _pairs(rate: EventRate, what: str) -> str:
    return (
        f"reference class: {rate.events} {what} in {rate.exposure:.0f} dyad-years at war; {rate.low:.2g} to "
        f"{rate.high:.2g} a year"
    )


def _ends(draws: Floats) -> tuple[float, float]:
    low, high = np.quantile(draws, LEVELS)
    return steady(low), steady(high)
