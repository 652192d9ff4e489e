"""A made-up record of violence, small and quick to learn from, whose countries include those of `tiny`."""

from __future__ import annotations

import numpy as np

from afterfall.case.dates import month_number
from afterfall.conflict.conflict_record import ConflictRecord

COUNTRIES = ("arda", "brom", "cern", "dusk", *(f"land-{i:02d}" for i in range(20)))
FIRST, LAST = month_number("1999-01"), month_number("2016-12")


def made_record(seed: int = 3, *, memory: float = 0.95) -> ConflictRecord:
    """Deaths from a slow state of each country: none when it is low, lognormal when it is high."""
    rng = np.random.default_rng(seed)
    months, n = LAST - FIRST + 1, len(COUNTRIES)
    state = np.zeros((n, months))
    state[:, 0] = rng.normal(size=n)
    for t in range(1, months):
        state[:, t] = memory * state[:, t - 1] + np.sqrt(1 - memory**2) * rng.normal(size=n)
    level = np.linspace(-1.5, 2.5, n)[rng.permutation(n)]
    strength = level[:, None] + 1.2 * state + 0.5 * rng.normal(size=(n, months))
    deaths = np.where(strength > 0, np.round(np.exp(1.5 * strength)), 0.0)
    borders = np.zeros((n, n))
    borders[np.arange(n - 1), np.arange(1, n)] = 1.0
    counted = deaths[4][deaths[4] > 0].astype(int)
    numbers = np.arange(FIRST, LAST + 1)[deaths[4] > 0]
    events = np.stack([numbers, counted, np.maximum(1, np.round(np.sqrt(counted))).astype(int)], axis=1)
    return ConflictRecord(
        countries=COUNTRIES,
        names=tuple(c.title() for c in COUNTRIES),
        views_ids=tuple(range(101, 101 + n)),
        first=FIRST,
        deaths=deaths,
        borders=borders + borders.T,
        events=events.astype(np.int64),
    )
