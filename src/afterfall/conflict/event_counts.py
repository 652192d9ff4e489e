"""How many events a number of deaths falls in: a log-linear regression on the months in which both were counted.

    log events = a + b log deaths + sd e,   e standard normal, over months with deaths

by least squares, rounded to a count between one and the number of deaths. With fewer than `LEAST_MONTHS` such months
the relation is not fitted and no events are forecast. As of 2017 it rests on Iraq alone (see the README of the data).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.conflict.conflict_record import ConflictRecord

LEAST_MONTHS = 24


@dataclass(frozen=True)
class EventCountModel:
    """The relation: constant, slope, standard deviation, and the number of months it was fitted to."""

    constant: float
    slope: float
    sd: float
    months: int


def fit_event_counts(record: ConflictRecord) -> EventCountModel | None:
    """Fit the relation to a record; None if too few months were counted."""
    if len(record.events) < LEAST_MONTHS:
        return None
    x, y = np.log(record.events[:, 1]), np.log(record.events[:, 2])
    slope, constant = np.polyfit(x, y, 1)
    sd = float(np.std(y - constant - slope * x, ddof=2))
    return EventCountModel(round(float(constant), 6), round(float(slope), 6), round(sd, 6), len(x))
