"""Covariates of violence: a country's own past deaths and those of its neighbours.

Each is a function of the record up to a month t and of nothing later:

    recent logs    mean of log1p(deaths) over 3 and over 12 months
    levels         log1p of the mean deaths over 12, 36 and 120 months
    frequency      share of months with deaths over 12, 36 and 120 months
    silence        log1p of the months since the last death
    neighbours     log1p of the mean deaths of all land neighbours over 12 months; share of months with any

Near the start of a country's record, means are over the months there are. The set was chosen on the windows 2013 to
2017 against larger and smaller sets (`docs/violence.md`).
"""

from __future__ import annotations

import numpy as np

from afterfall.conflict.conflict_record import ConflictRecord
from afterfall.engine.program import Floats

#: Months without a death are counted up to this number, which also stands for countries that never had one.
LONG_SILENCE = 240.0
#: Months of record that a country needs before it is learned from.
MEMORY = 12

NAMES = (
    "log deaths, 3 months",
    "log deaths, 12 months",
    "level, 12 months",
    "level, 36 months",
    "level, 120 months",
    "frequency, 12 months",
    "frequency, 36 months",
    "frequency, 120 months",
    "silence",
    "neighbours' level, 12 months",
    "neighbours' frequency, 12 months",
)


def lagged_covariates(record: ConflictRecord, memory: int = MEMORY) -> Floats:
    """Covariates at the end of every month, ``(country, month, len(NAMES))``.

    NaN where a country's record has fewer than `memory` months so far.
    """
    deaths = np.nan_to_num(record.deaths)
    age = np.cumsum(~np.isnan(record.deaths), axis=1)
    logs, any_ = np.log1p(deaths), (deaths > 0).astype(float)
    near = record.borders @ deaths
    columns = [
        *(_mean(logs, age, k) for k in (3, 12)),
        *(np.log1p(_mean(deaths, age, k)) for k in (12, 36, 120)),
        *(_mean(any_, age, k) for k in (12, 36, 120)),
        np.log1p(_silence(any_)),
        np.log1p(_mean(near, np.full(age.shape, 12), 12)),
        _mean((near > 0).astype(float), np.full(age.shape, 12), 12),
    ]
    values = np.stack(columns, axis=-1)
    values[age < memory] = np.nan
    return values


def _mean(values: Floats, age: Floats, months: int) -> Floats:
    """Mean over the last `months` up to each column, or over as many as the record has."""
    total = np.cumsum(np.pad(values, ((0, 0), (months, 0))), axis=1)
    return np.asarray((total[:, months:] - total[:, :-months]) / np.clip(age, 1, months))


def _silence(any_: Floats) -> Floats:
    """Months since the last death at the end of each month."""
    found = np.empty_like(any_)
    since = np.full(len(any_), LONG_SILENCE)
    for t in range(any_.shape[1]):
        since = np.where(any_[:, t] > 0, 0.0, np.minimum(since + 1.0, LONG_SILENCE))
        found[:, t] = since
    return found
