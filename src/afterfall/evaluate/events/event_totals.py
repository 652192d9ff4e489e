"""Rates of the reference class against what followed: totals by a later day, and the log score against a constant.

A forecast as of a day is scored on the years up to a later one. What is given is the exposure that followed: which
organisations were there and when they lost ground, which places were lost, which countries had an active organisation.
What is forecast is the events. Scores:

- *total*: the number observed against the 90 % interval of the number forecast, and its width for each event expected;
  a row counts once, however many organisations took part in it;
- *gain*: log predictive density of each organisation's (country's) later count, minus that of a constant rate learned
  from the same past, summed (positive: better than the constant);
- the *Brier* score of at least one event of each organisation (country), or of each place retaken, of the model and of
  one constant rate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import logsumexp  # type: ignore[import-untyped]

from afterfall.evaluate.core.scoring_rules import brier
from afterfall.reference.class_records import PlaceLost
from afterfall.reference.custody_breaks import SIZES, break_groups, yearly_breaks
from afterfall.reference.event_rate import Count, Floats, counted, gamma_rate
from afterfall.reference.organisation_events import (
    EVENTS,
    organisation_counts,
    organisation_years,
    parts_taken,
    yearly_totals,
)
from afterfall.reference.period_effects import period_multiples
from afterfall.reference.pooled_rates import (
    GroupCounts,
    constant_log_density,
    expected_counts,
    fit_pooled,
    joined,
)
from afterfall.reference.reference_class import ReferenceClass, open_reference_class
from afterfall.reference.retaking import (
    DAYS_A_MONTH,
    EDGES,
    constant_hazards,
    counted_places,
    fit_retaking,
    organisation_of,
    strength_of,
)

#: Years that every group of the class is given at least: an event may be dated just outside its span.
SHORTEST = 0.05
DAYS_A_YEAR = 365.25
#: Groups with their weighted counts, and the unweighted ones.
Groups = dict[str, tuple[GroupCounts, GroupCounts]]


@dataclass(frozen=True, slots=True)
class EventTotal:
    """Events forecast (mean and 90 % interval) and observed; `gain` over a constant; Brier scores where by place.

    Places have two more opponents: that none is retaken, and a constant rate of the listed losses known on the as-of
    date (NaN where there were none).
    """

    event: str
    expected: float
    low: float
    high: float
    observed: int
    gain: float
    brier: float = float("nan")
    brier_constant: float = float("nan")
    brier_never: float = float("nan")
    brier_listed: float = float("nan")

    @property
    def inside(self) -> bool:
        """Whether the number observed lies in the interval."""
        return self.low <= self.observed <= self.high

    @property
    def width(self) -> float:
        """Width of the interval for each event expected: an interval wide enough covers anything."""
        return (self.high - self.low) / max(self.expected, 1e-9)


def later_totals(as_of: dt.date, until: dt.date) -> tuple[EventTotal, ...]:
    """Forecasts of every kind of event as of a day, scored on the time up to a later one."""
    known, later = open_reference_class(as_of), open_reference_class(until)
    events = [_organisations(event, known, later) for event in EVENTS]
    breaks = [
        _grouped(f"prison break of {n} or more", partial(break_groups, size=n), yearly_breaks(known, n), known, later)
        for n in SIZES
    ]
    return (*events, *breaks, retaken_total(known, later))


def _organisations(event: str, known: ReferenceClass, later: ReferenceClass) -> EventTotal:
    """An event of organisations: a row counts once however many took part, by the mean number of parties so far."""
    parts = parts_taken(event, known)
    parties = len(parts) / max(len({p.row for p in parts}), 1)
    rows = {later.alignments[p.row] for p in parts_taken(event, later)} - {known.alignments[p.row] for p in parts}
    yearly = yearly_totals(event, known)
    return _grouped(event, partial(organisation_groups, event=event), yearly, known, later, parties or 1.0, len(rows))


def organisation_groups(known: ReferenceClass, event: str) -> Groups:
    """Weighted and unweighted parts taken and years of each organisation, by its name."""
    weighted = organisation_counts(event, known)[0]
    calm, losing = organisation_years(known)
    taken = np.zeros((2, len(known.organisations)))
    for part in parts_taken(event, known):
        taken[part.losing, part.group] += 1
    whole = GroupCounts(taken[0], calm, taken[1], losing)
    return {o.organisation: (weighted.only(i), whole.only(i)) for i, o in enumerate(known.organisations)}


def _grouped(
    event: str,
    groups: Callable[[ReferenceClass], Groups],
    yearly: tuple[Floats, Floats],
    known: ReferenceClass,
    later: ReferenceClass,
    parties: float = 1.0,
    rows: int | None = None,
) -> EventTotal:
    """Forecast and score of events of groups, of which `parties` take part in one; `rows` were observed."""
    before, after = groups(known), groups(later)
    order = [*(name for name in before if name in after), *(name for name in after if name not in before)]
    past = joined([before[name][0] for name in order if name in before])
    gone = joined([before[name][1] if name in before else _NOTHING for name in order])
    whole = joined([after[name][1] for name in order])
    rest = GroupCounts(*(np.maximum(w - g, 0.0) for w, g in zip(_fields(whole), _fields(gone), strict=True)))
    short = rest.years + rest.years_losing < SHORTEST
    rest = replace(rest, years=np.where(short, SHORTEST - rest.years_losing, rest.years))
    ahead = (later.as_of - known.as_of).days / DAYS_A_YEAR
    expected = expected_counts(fit_pooled(past), rest) * period_multiples(*yearly, ahead)[:, None]
    totals = np.random.default_rng([31, len(order)]).poisson(expected.sum(axis=1) / parties)
    low, high = np.quantile(totals, (0.05, 0.95))
    observed = rest.events + rest.events_losing
    model = logsumexp(observed * np.log(np.maximum(expected, 1e-12)) - expected, axis=0) - np.log(len(expected))
    constant = [constant_log_density(past, rest.only(i)) for i in range(len(order))]
    there, past_time = rest.years + rest.years_losing, float((past.years + past.years_losing).sum())
    gain = float(np.sum(model - np.array(constant) - observed * np.log(there)))  # the constant leaves the time out
    rate = gamma_rate(event, "all", "", _together(past, past_time), "").draws
    happened = (observed > 0).astype(float)
    p, q = -np.expm1(-expected).mean(axis=0), -np.expm1(-np.outer(rate, there)).mean(axis=0)
    return EventTotal(
        *(event, float(expected.sum(axis=1).mean()) / parties, float(low), float(high)),
        *(int(observed.sum()) if rows is None else rows, gain),
        *(float(brier(happened, one).mean()) for one in (p, q)),
    )


def _together(past: GroupCounts, years: float) -> Count:
    """Weighted events and years of all groups together."""
    return counted(float((past.events + past.events_losing).sum()), years)


_NOTHING = GroupCounts(*(np.zeros(1) for _ in range(4)))


def _fields(counts: GroupCounts) -> tuple[Floats, Floats, Floats, Floats]:
    return counts.events, counts.years, counts.events_losing, counts.years_losing


def retaken_total(known: ReferenceClass, later: ReferenceClass) -> EventTotal:
    """Places of organisations that did not win, retaken after the as-of date, those lost later included."""
    fit = fit_retaking(known)
    unknown = [p for p in counted_places(later) if p.retaken is None or p.retaken.last_day > known.as_of]
    at_risk = [(p, *_window(p, known.as_of)) for p in unknown]
    at_risk = [(p, since, until) for p, since, until in at_risk if until > since]
    chances = np.array(
        [fit.share(since=a, by=b, strength=strength_of(p), of=organisation_of(p)) for p, a, b in at_risk]
    )
    happened = np.array([float(p.retaken is not None) for p, _, _ in at_risk])
    months = np.array([until - since for _, since, until in at_risk])
    constant, listed = (_of_constant(hazard, months) for hazard in constant_hazards(known))
    rng = np.random.default_rng([37, len(at_risk)])
    totals = (rng.random(chances.shape) < chances).sum(axis=0)
    low, high = np.quantile(totals, (0.05, 0.95))
    p = chances.mean(axis=1)
    gain = np.sum(np.log(np.where(happened > 0, p, 1 - p)) - np.log(np.where(happened > 0, constant, 1 - constant)))
    return EventTotal(
        "place retaken",
        *(float(p.sum()), float(low), float(high), int(happened.sum()), float(gain)),
        *(float(brier(happened, one).mean()) for one in (p, constant, np.zeros_like(p), listed)),
    )


def _of_constant(hazard: float | None, months: Floats) -> Floats:
    """Probability within some months at a constant hazard; NaN without one."""
    found: Floats = -np.expm1(-(np.nan if hazard is None else hazard) * months)
    return found


def _window(place: PlaceLost, as_of: dt.date) -> tuple[float, float]:
    """Months since the loss at the as-of date (zero for a later loss), and at the end of what is observed."""
    since = max((as_of - place.lost.last_day).days, 0) / DAYS_A_MONTH
    horizon = (place.observed_to.last_day - place.lost.last_day).days / DAYS_A_MONTH
    return since, min(max(horizon, 0.02), EDGES[-1] * 10)
