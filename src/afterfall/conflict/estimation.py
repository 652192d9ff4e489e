"""Estimates of violence from a record: the regression, what it says of the months ahead, and how to mix and draw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.conflict.conflict_record import ConflictRecord
from afterfall.conflict.ensemble import Ensemble, distribution, learn, recent
from afterfall.conflict.hurdle import Ahead, Hurdle, ahead, fit, leads_for
from afterfall.engine.program import Floats


@dataclass(frozen=True, eq=False)
class Estimate:
    """What is expected of the months ahead, learned from a record and from nothing after its end.

    Attributes
    ----------
    record
        What it was learned from.
    leads
        Months ahead of the record's last month, in rising order.
    hurdle, mixing
        The regression, and the weight and correlation that go with it.
    said
        What the regression says, arrays ``(country, lead)``.
    recent
        Deaths of the last twelve months, in rising order, ``(country, 12)``.
    """

    record: ConflictRecord
    leads: tuple[int, ...]
    hurdle: Hurdle
    mixing: Ensemble
    said: Ahead
    recent: Floats

    def draws(self, number: int) -> Floats:
        """The distribution of each country and lead as equally likely values, ``(country, lead, number)``."""
        parts = [
            distribution(self.hurdle, self.said.at([i]), self.recent, self.mixing.weight(lead), number)
            for i, lead in enumerate(self.leads)
        ]
        return np.concatenate(parts, axis=1)


def estimate(record: ConflictRecord, leads: Sequence[int]) -> Estimate:
    """Learn from a record what to expect of the months `leads` after its end.

    Raises
    ------
    ValueError
        If the record is too short to learn from.
    """
    asked = tuple(sorted(leads))
    hurdle = fit(record, leads_for(asked[-1]))
    return Estimate(record, asked, hurdle, learn(record, asked[-1]), ahead(hurdle, record, asked), recent(record))
