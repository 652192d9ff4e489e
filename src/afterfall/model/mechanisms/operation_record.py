"""The record of announced operations: for each month, how many holdings were held and lost under one and not.

An operation is under way in a month if it was public by the end of the month before and had not ended by then.
Operations that ended in the month in which they became known had no month under way, and are no stalls. An operation
that began and won within one month counts as a fall without one, since nobody could have known of it the month before.
The unit is a month, counted from the as-of date (0, the past negative).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from afterfall.case import Campaign
from afterfall.model.language.case_view import CaseView, Spell

#: Events and months of the prior of a stall.
STALL_EVENTS, STALL_MONTHS = 0.5, 6.0


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """The case's own record of operations.

    Attributes
    ----------
    held, lost
        Listed holdings held in each month, and lost in it: (not under an operation, under one).
    stalls
        Operations that ended while the holding was still held.
    """

    held: Mapping[int, tuple[int, int]]
    lost: Mapping[int, tuple[int, int]]
    stalls: int

    @property
    def months(self) -> tuple[int, int]:
        """Holding-months held, not under an operation and under one."""
        return sum(out for out, _ in self.held.values()), sum(under for _, under in self.held.values())

    @property
    def losses(self) -> tuple[int, int]:
        """Holdings lost, not under an operation and under one."""
        return sum(out for out, _ in self.lost.values()), sum(under for _, under in self.lost.values())

    @property
    def share(self) -> float:
        """Share of all holding-months that were under an operation."""
        return self.months[1] / max(sum(self.months), 1)

    @property
    def stall(self) -> float:
        """Hazard a month that an operation stalls."""
        return (self.stalls + STALL_EVENTS) / (self.months[1] + STALL_MONTHS)

    def share_in(self, month: int) -> float:
        """Share of the holdings held in a month that were under an operation."""
        out, under = self.held.get(month, (0, 0))
        return under / max(out + under, 1)


def operation_record(view: CaseView) -> OperationRecord:
    """The record of the listed holdings up to the as-of date."""
    rows: dict[str, list[Campaign]] = {}
    for row in view.case.campaigns:
        rows.setdefault(row.holding, []).append(row)
    held: dict[int, tuple[int, int]] = {}
    lost: dict[int, tuple[int, int]] = {}
    stalls = 0
    for spell in view.spells:
        if spell.kind == "remainder":
            continue
        spans = [span(view, row) for row in rows.get(spell.holding, ())]
        first, last = _held_months(view, spell)
        for month in range(first + 1, last + 1):
            under = any(a < month <= b for a, b in spans)
            held[month] = _one_more(held.get(month), under)
            if spell.lost is not None and month == last:
                lost[month] = _one_more(lost.get(month), under)
        until = last + (spell.lost is None)  # one that ended in month 0 has stalled if the holding is still held
        stalls += sum(first <= b < until for a, b in spans if b > a)
    return OperationRecord(held, lost, stalls)


def span(view: CaseView, row: Campaign) -> tuple[float, float]:
    """Month by whose end an operation was known, and month of its end (infinite while it is under way)."""
    known = max(row.start.last_day, row.published.last_day)
    return view.month_of(known), view.month_of(row.end.last_day) if row.end else math.inf


def _one_more(so_far: tuple[int, int] | None, under: bool) -> tuple[int, int]:
    out, inside = so_far or (0, 0)
    return out + (not under), inside + under


def _held_months(view: CaseView, spell: Spell) -> tuple[int, int]:
    """Month of capture (at the earliest that of the mobilisation), and last month held, up to the as-of date."""
    first = view.month_of(spell.captured or view.case.mobilisation)
    return first, 0 if spell.lost is None else view.month_of(spell.lost)
