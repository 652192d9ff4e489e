"""A country's own history as a forecast: an equal mixture of its last 12, 24 and 60 monthly counts.

Each window is an empirical distribution, every month in it equally likely; the mixture gives each window the same
weight. So a month of the last year has the weight ``(1/12 + 1/24 + 1/60) / 3``, one of the year before
``(1/24 + 1/60) / 3``, and an older one ``(1/60) / 3``. It is conflictology (Hegre et al. 2025,
doi:10.1177/00223433241300862: the last twelve months alone) with a longer memory. Nothing is estimated, no other
country is looked at, and every month ahead has the same distribution. It serves as an opponent: what a forecast gains
over conflictology and not over this is longer memory.
"""

from __future__ import annotations

import numpy as np

from afterfall.conflict.conflict_record import ConflictRecord
from afterfall.engine.program import Floats

#: Windows of the mixture, in months.
WINDOWS = (12, 24, 60)


def own_history(record: ConflictRecord, draws: int, windows: tuple[int, ...] = WINDOWS) -> Floats:
    """The mixture of each country as equally likely values in rising order, ``(country, draws)``.

    Parameters
    ----------
    record
        The record up to the month from which the forecast is made; months before it begins are `ConflictRecord.recent`.
    draws
        Number of values: the quantiles at ``(k + 1/2) / draws``.
    windows
        Months of each part of the mixture.
    """
    longest = max(windows)
    months = record.recent(longest)
    age = np.arange(months.shape[1])[::-1]
    weight = np.sum([(age < window) / min(window, months.shape[1]) for window in windows], axis=0) / len(windows)
    order = np.argsort(months, axis=1, kind="stable")
    below = np.cumsum(weight[order], axis=1)
    below /= below[:, -1:]
    levels = (np.arange(draws) + 0.5) / draws
    place = np.array([np.searchsorted(row, levels) for row in below])
    return np.take_along_axis(np.take_along_axis(months, order, axis=1), place, axis=1)
