"""Announced operations: how much sooner a holding falls while one is under way against it, and for how long.

An operation is under way in a month if it was public by the end of the month before and had not ended by then. With R
the hazard of a holding under an operation against that of one without, and s the share of held months under one, a
holding's hazard in month t of the forecast is that of an average month of the record, times::

    1 + exp(-stall * t) * (R / (1 + s * (R - 1)) - 1)      under an operation on the as-of date
    1 + exp(-stall * t) * (1 / (1 + s * (R - 1)) - 1)      not under one

The tempo of losses already contains the operations of the past. So the factor has mean one over an average month, and
what is known of single operations fades: those under way may stall, and others begin.

R (``territory.campaign``) is derived from the case: of the holdings lost in the record, how many were under an
operation, given how many months were held with and without one (binomial), with a wide prior: three times, give or take
a factor of e. The hazard of a stall is the number of operations that ended without the fall, plus one half, by months
under way, plus six. Operations that ended in the month in which they became known had no month under way, and do not
count. The unit is a month.

Assumptions: operations are listed by when they were announced, not by how they ended. An operation that began and won
within one month counts as a fall without one, since nobody could have known of it the month before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]

from afterfall.case import Campaign
from afterfall.model.language.case_view import CaseView, Spell
from afterfall.model.language.parameters import Z95
from afterfall.model.language.path_vocabulary import SeriesPath
from afterfall.model.language.vocabulary import Parameter

CAMPAIGN = "territory.campaign"
FADE, UNDER, OTHER = "operation_fade", "operation_under_way", "operation_elsewhere"
#: Prior of the ratio of hazards: median, and standard deviation of its log; events and months of the prior of a stall.
PRIOR_RATIO, PRIOR_RATIO_SD = 3.0, 1.0
STALL_EVENTS, STALL_MONTHS = 0.5, 6.0


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """The case's own record of operations: losses and months held, under an operation and not, and stalls.

    Attributes
    ----------
    losses, months
        Holdings lost, and holding-months held, (not under an operation, under one).
    stalls
        Operations that ended while the holding was still held.
    """

    losses: tuple[int, int]
    months: tuple[int, int]
    stalls: int

    @property
    def share(self) -> float:
        """Share of holding-months that were under an operation."""
        return self.months[1] / max(sum(self.months), 1)

    @property
    def stall(self) -> float:
        """Hazard a month that an operation stalls."""
        return (self.stalls + STALL_EVENTS) / (self.months[1] + STALL_MONTHS)

    def ratio(self) -> tuple[float, float]:
        """Mode and standard deviation of the log of the ratio of hazards."""
        (outside, under), (e0, e1) = self.losses, self.months

        def negative(x: float) -> float:
            share = e1 * math.exp(x) / (e0 + e1 * math.exp(x)) if e1 else 0.0
            value = 0.5 * ((x - math.log(PRIOR_RATIO)) / PRIOR_RATIO_SD) ** 2
            if 0.0 < share < 1.0:
                value -= under * math.log(share) + outside * math.log1p(-share)
            return value

        mode = float(minimize_scalar(negative, bounds=(-5.0, 8.0), method="bounded").x)
        share = e1 * math.exp(mode) / (e0 + e1 * math.exp(mode)) if e1 else 0.0
        return mode, 1.0 / math.sqrt(PRIOR_RATIO_SD**-2.0 + (outside + under) * share * (1.0 - share))


def under_operation(view: CaseView) -> frozenset[str]:
    """Holdings against which an operation is under way on the as-of date."""
    return frozenset(row.holding for row in view.case.campaigns if row.end is None)


def attackers(view: CaseView) -> dict[str, str]:
    """Who attacks each spell still held against which an operation is under way, by the latest of several."""
    rows = sorted((r for r in view.case.campaigns if r.end is None), key=lambda r: (r.start.last_day, r.campaign))
    by = {row.holding: row.by for row in rows}
    return {s.name: by[s.holding] for s in view.spells if s.lost is None and s.holding in by}


def under(view: CaseView, row: Campaign, spell: Spell) -> bool:
    """Whether a spell was lost while an operation against its holding was known and under way."""
    known, end = _span(view, row)
    return spell.lost is not None and known < view.month_of(spell.lost) <= end


def operation_record(view: CaseView) -> OperationRecord:
    """The record of the listed holdings up to the as-of date."""
    rows: dict[str, list[Campaign]] = {}
    for row in view.case.campaigns:
        rows.setdefault(row.holding, []).append(row)
    losses, months, stalls = [0, 0], [0, 0], 0
    for spell in view.spells:
        if spell.kind == "remainder":
            continue
        spans = [_span(view, row) for row in rows.get(spell.holding, ())]
        first, last = _held_months(view, spell)
        for month in range(first + 1, last + 1):
            under = any(a < month <= b for a, b in spans)
            months[under] += 1
            losses[under] += spell.lost is not None and month == last
        stalls += sum(first <= b < last for a, b in spans if b > a)
    return OperationRecord((losses[0], losses[1]), (months[0], months[1]), stalls)


def _span(view: CaseView, row: Campaign) -> tuple[float, float]:
    """Month by whose end an operation was known, and month of its end (infinite while it is under way)."""
    known = max(row.start.last_day, row.published.last_day)
    return view.month_of(known), view.month_of(row.end.last_day) if row.end else math.inf


def _held_months(view: CaseView, spell: Spell) -> tuple[int, int]:
    """Month of capture (at the earliest that of the mobilisation), and last month held, up to the as-of date."""
    first = view.month_of(spell.captured or view.case.mobilisation)
    return first, 0 if spell.lost is None else view.month_of(spell.lost)


def operation_paths(view: CaseView) -> tuple[SeriesPath, ...]:
    """How long what is known of operations lasts, and the factors of holdings under one and not; none without any."""
    if not view.case.campaigns:
        return ()
    record = operation_record(view)
    centre, _ = record.ratio()
    average = 1.0 + record.share * math.expm1(centre)

    def fade(month: int) -> float:
        return math.exp(-record.stall * max(month, 0))

    def factor(known: float, month: int) -> float:
        return math.log1p(fade(month) * (known / average - 1.0))

    return (
        SeriesPath(FADE, "what is known of operations under way, fading", fade),
        SeriesPath(UNDER, "log factor under an operation", lambda t: factor(math.exp(centre), t) - centre * fade(t)),
        SeriesPath(OTHER, "log factor without an operation", lambda t: factor(1.0, t)),
    )


def operation_terms(view: CaseView, holding: str) -> tuple[tuple[str | None, str], ...]:
    """Terms of the log hazard of a holding that follow from operations."""
    if not view.case.campaigns:
        return ()
    return ((CAMPAIGN, FADE), (None, UNDER)) if holding in under_operation(view) else ((None, OTHER),)


def operation_parameters(view: CaseView) -> tuple[Parameter, ...]:
    """The ratio of hazards, derived from the case; none without any operation."""
    if not view.case.campaigns:
        return ()
    mode, sd = operation_record(view).ratio()
    low, high = (float(np.exp(mode + sign * Z95 * sd)) for sign in (-1.0, 1.0))
    derived = "holdings of the case lost under an announced operation and not, up to the as-of date"
    label = "hazard of a holding under an announced operation, against one that is not"
    return (Parameter(CAMPAIGN, label, "ratio", "log", low, high, derived=derived),)
