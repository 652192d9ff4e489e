"""Quantile levels of every interval that is computed, scored or shown: 90 %, 50 % and the median.

All rooms above read them from here, so that a table, a picture, a score and a JSON object mean the same interval.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

#: The 90 % interval around the median.
INTERVAL_LEVELS = (0.05, 0.5, 0.95)
#: The 90 % and the 50 % interval around the median, as a fan shows them.
FAN_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def low_median_high(values: npt.ArrayLike) -> tuple[float, float, float]:
    """Ends of the 90 % interval and the median of simulated values, in rising order.

    Each is one of the values themselves (the inverse of their distribution function), so that a count stays a count.

    >>> low_median_high(range(101))
    (5.0, 50.0, 95.0)
    """
    ordered = np.sort(np.asarray(values, dtype=float), axis=None)
    if np.isnan(ordered[-1:]).any():
        return np.nan, np.nan, np.nan
    low, median, high = ordered[_places(ordered.size)].tolist()
    return low, median, high


@lru_cache(maxsize=64)
def _places(n: int) -> npt.NDArray[np.intp]:
    """Positions of the interval's ends and the median among n values in rising order."""
    return np.quantile(np.arange(n), INTERVAL_LEVELS, method="inverted_cdf").astype(np.intp)
