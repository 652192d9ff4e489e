"""A simulated quantity in a few numbers: median, 90 % interval, mean, and share of everyone.

Everyone are those who travelled and those born in the theatre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy.typing as npt
import pandas as pd

from afterfall.run.quantile_levels import low_median_high


@dataclass(frozen=True, slots=True)
class Spread:
    """A quantity at one month: mean, median, 90 % interval (people), and its mean share of everyone."""

    mean: float
    median: float
    low90: float
    high90: float
    mean_share: float

    @classmethod
    def of_summary(cls, table: pd.DataFrame, quantity: str) -> Spread:
        """A row of what `Run.summary` gives."""
        return cls(*(float(table[c].loc[quantity]) for c in ("mean", "median", "low90", "high90", "mean_share")))


@dataclass(frozen=True, slots=True)
class Range:
    """Median and 90 % interval, in people or another unit."""

    median: float
    low90: float
    high90: float

    @classmethod
    def of_values(cls, values: npt.ArrayLike) -> Range:
        """Of simulated values."""
        low, median, high = low_median_high(values)
        return cls(median, low, high)

    @classmethod
    def of_row(cls, row: pd.Series, prefix: str = "") -> Range:
        """Of a row with the columns ``median``, ``low90`` and ``high90``, each after `prefix`."""
        return cls(*(float(row[f"{prefix}{name}"]) for name in ("median", "low90", "high90")))
