"""Fits the model of violence to a record: the regression, its forecast, the ensemble weights and the correlation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.conflict.conflict_record import ConflictRecord
from afterfall.conflict.ensemble import Ensemble, distribution, fit_ensemble, recent
from afterfall.conflict.hurdle import Hurdle, HurdleForecast, fit_hurdle, leads_for, predict_hurdle
from afterfall.engine.program import Floats


@dataclass(frozen=True, eq=False)
class Estimate:
    """A fitted model of violence and its forecast of the months after a record; it uses nothing after the record's end.

    Attributes
    ----------
    record
        The record it was fitted to.
    leads
        Months ahead of the record's last month, in rising order.
    hurdle, ensemble
        The regression, and the ensemble weights and correlation that go with it.
    predicted
        Forecast of the regression, arrays ``(country, lead)``.
    recent
        Deaths of the last twelve months, in rising order, ``(country, 12)``.
    """

    record: ConflictRecord
    leads: tuple[int, ...]
    hurdle: Hurdle
    ensemble: Ensemble
    predicted: HurdleForecast
    recent: Floats

    def draws(self, number: int) -> Floats:
        """The distribution of each country and lead as equally likely values, ``(country, lead, number)``."""
        parts = [
            distribution(self.hurdle, self.predicted.at([i]), self.recent, self.ensemble.weight(lead), number)
            for i, lead in enumerate(self.leads)
        ]
        return np.concatenate(parts, axis=1)


def estimate(record: ConflictRecord, leads: Sequence[int]) -> Estimate:
    """Fit a record and forecast the months `leads` after its end.

    Raises
    ------
    ValueError
        If the record is too short to fit.
    """
    ordered = tuple(sorted(leads))
    longest = ordered[-1]
    hurdle = fit_hurdle(record, leads_for(longest))
    return Estimate(
        record=record,
        leads=ordered,
        hurdle=hurdle,
        ensemble=fit_ensemble(record, longest),
        predicted=predict_hurdle(hurdle, record, ordered),
        recent=recent(record),
    )
