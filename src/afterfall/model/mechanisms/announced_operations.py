"""Announced operations: how much sooner a holding falls while one is under way against it, and for how long.

With R the hazard of a holding under an operation against that of one without, and p[k, t] the chance that holding k is
under one in month t of the forecast, the hazard is that of a holding under none, times::

    f[k, t] = 1 + (R - 1) * p[k, t]
    p[k, t] = s + exp(-stall * (t - 1)) * (p[k, 1] - s)

p[k, 1] is 1 for a holding under an operation on the as-of date and 0 for the others: as in the record, what is known by
the end of a month is under way in the next. Operations known on the as-of date stall, and others begin that nobody can
know of: in the long run each holding is as likely to be under one as holdings were in the latest months of the record
(s). A part of the remainder, which no operation names, has the factor of an average listed holding: its p[k, 1] is the
share of these that is under one.

The tempo of losses is that of holdings under no operation: the regression that gives it (`tempo_of_losses`) takes the
operations of each past month into account, so that none is counted twice. R (``territory.campaign``) and the tempo are
learned together. For a drawn R the log of the tempo is shifted to its mean given that R, and f is taken to first order
in log R around its mode.

s is read from the months that the tempo rests on. The regression weighs late months more: it knows the tempo of the
as-of date as well as 1 / variance losses would give it, and s is read from the latest months in which that many were
expected. It is shrunk by six holding-months of the whole record. Read from the whole record, s would take back the
rise in operations that the regression credits with part of the growth of losses.

The hazard of a stall is the number of operations that ended without the fall, plus one half, by months under way, plus
six. The unit is a month.

Assumptions: operations are listed by when they were announced, not by how they ended. Operations begin against any
holding at the same rate, as often as of late, however few holdings are left.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from afterfall.case import Campaign
from afterfall.model.language.case_view import CaseView, Spell
from afterfall.model.language.parameters import Z95
from afterfall.model.language.path_vocabulary import SeriesPath
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.operation_record import OperationRecord, operation_record, span
from afterfall.model.mechanisms.tempo_of_losses import Tempo

CAMPAIGN = "territory.campaign"
#: Paths by whether a holding is under an operation on the as-of date: (times log R, the rest).
UNDER = ("operation_under_way_ratio", "operation_under_way")
OTHER = ("operation_elsewhere_ratio", "operation_elsewhere")
AVERAGE = ("operation_average_ratio", "operation_average")
#: Holding-months of the whole record by which the share of the latest months is shrunk: about those of one operation.
RECORD_MONTHS = 6.0


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
    known, end = span(view, row)
    return spell.lost is not None and known < view.month_of(spell.lost) <= end


def share_under(view: CaseView) -> float:
    """Share of the listed holdings held on the as-of date against which an operation is under way."""
    held = [s.holding for s in view.spells if s.lost is None and s.kind != "remainder"]
    return sum(holding in under_operation(view) for holding in held) / max(len(held), 1)


def share_of_late(record: OperationRecord, tempo: Tempo) -> float:
    """Share of holding-months under an operation over the latest months, as many as the tempo now is read from."""
    enough = (tempo.level_sd**2 + (tempo.growth_sd * tempo.trend(0)) ** 2) ** -1.0
    expected, held, under = 0.0, RECORD_MONTHS, RECORD_MONTHS * record.share
    for month in sorted(record.held, reverse=True):
        if expected >= enough:
            break
        factor = 1.0 + math.expm1(tempo.log_ratio) * record.share_in(month)
        expected += math.exp(tempo.log_level + tempo.growth * tempo.trend(month)) * factor
        held, under = held + sum(record.held[month]), under + record.held[month][1]
    return under / held


def operation_paths(view: CaseView, tempo: Tempo) -> tuple[SeriesPath, ...]:
    """Log factors of holdings under an operation, of those not, and of an average one; none without any operation."""
    if not view.case.campaigns:
        return ()
    record = operation_record(view)
    late, stall = share_of_late(record, tempo), record.stall

    def chance(now: float) -> Callable[[int], float]:
        return lambda month: late + math.exp(-stall * max(month - 1, 0)) * (now - late)

    return (
        *_factor(UNDER, "under an operation", tempo, chance(1.0)),
        *_factor(OTHER, "without an operation", tempo, chance(0.0)),
        *_factor(AVERAGE, "of an average listed holding", tempo, chance(share_under(view))),
    )


def _factor(
    names: tuple[str, str], which: str, tempo: Tempo, chance: Callable[[int], float]
) -> tuple[SeriesPath, SeriesPath]:
    """The log of the factor to first order in log R: the path that log R multiplies, and the rest."""
    ratio = math.exp(tempo.log_ratio)

    def slope(month: int) -> float:
        p = chance(month)
        return ratio * p / (1.0 + (ratio - 1.0) * p) + tempo.slope(month)

    def rest(month: int) -> float:
        return math.log1p((ratio - 1.0) * chance(month)) - slope(month) * tempo.log_ratio

    return (
        SeriesPath(names[0], f"how the log hazard {which} follows that of the ratio of hazards", slope),
        SeriesPath(names[1], f"log factor {which}, but for the ratio of hazards", rest),
    )


def operation_terms(view: CaseView, spell: Spell) -> tuple[tuple[str | None, str], ...]:
    """Terms of the log hazard of a spell that follow from operations."""
    if not view.case.campaigns:
        return ()
    if spell.kind == "remainder":
        ratio, rest = AVERAGE
    else:
        ratio, rest = UNDER if spell.holding in under_operation(view) else OTHER
    return (CAMPAIGN, ratio), (None, rest)


def operation_parameters(view: CaseView, tempo: Tempo) -> tuple[Parameter, ...]:
    """The ratio of hazards, derived from the case; none without any operation."""
    if not view.case.campaigns:
        return ()
    low, high = (math.exp(tempo.log_ratio + sign * Z95 * tempo.ratio_sd) for sign in (-1.0, 1.0))
    derived = "holdings of the case lost under an announced operation and not, up to the as-of date"
    label = "hazard of a holding under an announced operation, against one that is not"
    return (Parameter(CAMPAIGN, label, "ratio", "log", low, high, derived=derived),)
