"""How many events so many deaths fall in: a log-linear regression on the months in which both were counted.

    log events = a + b log deaths + sd e,   e standard normal, over months with deaths

by least squares, rounded to a count between one and the number of deaths. Where fewer than `LEAST` months are known the
relation cannot be learned, and no events are forecast. As of 2017 it rests on Iraq alone (see the data's README).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.conflict.conflict_record import ConflictRecord

LEAST = 24


@dataclass(frozen=True)
class EventCounting:
    """The relation: constant, slope, standard deviation, and the number of months behind it."""

    constant: float
    slope: float
    sd: float
    months: int


def learn_counting(record: ConflictRecord) -> EventCounting | None:
    """Learn the relation from a record; None where too few months were counted."""
    if len(record.events) < LEAST:
        return None
    x, y = np.log(record.events[:, 1]), np.log(record.events[:, 2])
    slope, constant = np.polyfit(x, y, 1)
    sd = float(np.std(y - constant - slope * x, ddof=2))
    return EventCounting(round(float(constant), 6), round(float(slope), 6), round(sd, 6), len(x))
