"""Rates of splits, mergers, pledges and endings: the reference class, and the record of each organisation of a case.

The hazard of organisation g of the case, a month, is that of the predictive distribution which is scored on the class::

    hazard[g] = m u[g] v (times the ratio while losing ground)

with m the rate of an average organisation and the ratio of losing ground, u[g] ~ Gamma(a + d, a + m t) the multiple of
the organisation given its d events in t years, and v the effect of the time ahead on all organisations
(`afterfall.reference.pooled_rates`, `period_effects`). A trajectory takes one draw of ``(m, ratio, a, u, v)`` for each
kind of event, so what was learned together stays together (`JointDraws`).

``d`` and ``t`` are those of the class where the organisation is in it (`afterfall.reference.class_names`), with years
of losing ground counted at their coded ratio. A case does not say whether it lists every split or ending, so no record
in it is not a count of zero: an organisation that is not in the class has the multiple of any organisation.

Assumptions: the effect of the time ahead is the mean of its first five years, for the whole of it.

Rates are a month. Sources: `alignments.csv`, `organisations.csv` of the reference class.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from afterfall.case import Organisation
from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY, steady
from afterfall.reference.allegiance_changes import HALVES, RATIO_PRIORS, allegiance_counts
from afterfall.reference.class_names import class_twin
from afterfall.reference.event_rate import Count
from afterfall.reference.families import family_of
from afterfall.reference.organisation_events import organisation_counts, yearly_totals
from afterfall.reference.period_effects import period_multiples
from afterfall.reference.pooled_rates import RAISING, GroupCounts, PooledRates, fit_pooled, joint_rates, posterior_draws
from afterfall.reference.reference_class import ReferenceClass, open_reference_class

#: Names of the events in the reference class.
SPLIT, MERGER, DISSOLUTION = "split", "merger or absorption", "dissolution"
MONTHS_A_YEAR = 12.0
LEVELS = (0.05, 0.95)
#: A multiple below this is as good as none; its log has to be finite.
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """Weighted events and years of one organisation, its name in the class (empty: not in it), years losing ground."""

    events: float
    years: float
    twin: str
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
        Parts taken in such events, and organisation-years, unweighted.
    fit
        The posterior on its grid.
    period
        Draws of the effect of the time ahead.
    known
        The class as of the day.
    """

    event: str
    hazard: tuple[float, float]
    ratio: tuple[float, float]
    events: int
    years: float
    fit: PooledRates = field(repr=False)
    period: Floats = field(repr=False)
    known: ReferenceClass = field(repr=False)

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
            f"while {HALVES.get(self.event, ('not losing ground',))[0]}"
        )

    def record(self, row: Organisation) -> OwnRecord:
        """The weighted record of an organisation in the class; nothing where it is not in it."""
        twin = twin_of(row, self.known)
        if not twin:
            return OwnRecord(0.0, 0.0, "")
        i = [o.organisation for o in self.known.organisations].index(twin)
        c = self.fit.counts
        calm, losing = float(c.years[i]), float(c.years_losing[i])
        return OwnRecord(float(c.events[i] + c.events_losing[i]), calm + losing, twin, losing)

    def joint(self, name: str, parameters: tuple[str, ...], rows: Sequence[Organisation]) -> JointDraws:
        """Draws of the rate (and, if named, the log ratio), the effect of the time ahead, and each organisation's own.

        Parameters
        ----------
        name
            Name of the draws, which prefixes those of the effects.
        parameters
            The parameter of the rate, and that of the ratio where there is one.
        rows
            Organisations of the case.
        """
        records = [self.record(row) for row in rows]
        counts = GroupCounts(
            *(np.array(x, dtype=float) for x in ([r.events for r in records], [r.years - r.losing for r in records])),
            *(np.array(x, dtype=float) for x in ([0.0] * len(records), [r.losing for r in records])),
        )
        found = joint_rates(self.fit, counts)
        columns = [np.log(found.calm / MONTHS_A_YEAR), *([np.log(found.ratio)] if len(parameters) > 1 else [])]
        columns += [np.log(np.maximum(self.period, LEAST)), *np.log(np.maximum(found.own, LEAST)).T]
        names = (*parameters, period_of(name), *(own_of(name, row.organisation) for row in rows))
        return JointDraws(name, names, np.stack(columns, axis=1))


def period_of(name: str) -> str:
    """Name of the effect of the time ahead on all organisations."""
    return f"{name}.period"


def own_of(name: str, organisation: str) -> str:
    """Name of an organisation's own multiple."""
    return f"{name}.own.{organisation}"


def learned_rate(view: CaseView, event: str) -> LearnedRate | None:
    """The rate of a kind of event as of the case's date; None before there is a reference class."""
    family = family_of(view.case.core) if event in HALVES else ""
    return None if view.case.as_of < FIRST_DAY else _learned(view.case.as_of, event, family)


def twin_of(row: Organisation, known: ReferenceClass, day: dt.date | None = None) -> str:
    """The organisation of the class that one of a case is on a day (that of the class); empty without one."""
    return class_twin((row.organisation, row.name, row.name.split("(")[0]), known, day) or ""


def twins(rows: Sequence[Organisation], known: ReferenceClass, day: dt.date | None = None) -> Mapping[str, str]:
    """The organisations of a case that are in the class on a day (that of the class): the name there by code."""
    return {row.organisation: twin for row in rows if (twin := twin_of(row, known, day))}


@cache
def _learned(as_of: dt.date, event: str, family: str) -> LearnedRate:
    known = open_reference_class(as_of)
    counts, raw, yearly = _counts(event, known, family)
    fit = fit_pooled(counts, ratio_prior=RATIO_PRIORS.get(event, RAISING))
    calm, ratio = posterior_draws(fit)
    return LearnedRate(
        event=event,
        hazard=ends_of(calm / MONTHS_A_YEAR),
        ratio=ends_of(np.log(ratio)),
        events=raw[0].events + raw[1].events,
        years=raw[0].exposure + raw[1].exposure,
        fit=fit,
        period=period_multiples(*yearly),
        known=known,
    )


def _counts(
    event: str, known: ReferenceClass, family: str
) -> tuple[GroupCounts, tuple[Count, Count], tuple[Floats, Floats]]:
    """Counts by organisation, those of either half, and those of each calendar year."""
    if event in HALVES:
        found = allegiance_counts(event, known, family)
        return found.groups, found.raw, found.yearly
    return *organisation_counts(event, known), yearly_totals(event, known)


def ends_of(draws: Floats) -> tuple[float, float]:
    """5th and 95th percentile, rounded."""
    low, high = np.quantile(draws, LEVELS)
    return steady(low), steady(high)
