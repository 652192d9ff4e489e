"""Where the dots of a quantile dot plot stand: swept into columns one dot wide, stacked from the axis up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def dot_places(values: Sequence[float], per_pixel: float, diameter: float) -> list[tuple[float, int]]:
    """Place dots in swept columns one dot wide: for each value, the x of its column and its height in the stack.

    Parameters
    ----------
    values
        Quantiles in people, ascending.
    per_pixel
        People a pixel.
    diameter
        Width of a dot in pixels.
    """
    places: list[tuple[float, int]] = []
    previous = -np.inf
    waiting = list(values)
    while waiting:
        reach = waiting[0] + diameter * per_pixel
        column = [v for v in waiting if v < reach]
        waiting = waiting[len(column) :]
        centre = max((column[0] + column[-1]) / 2.0, previous + diameter * per_pixel)
        places += [(centre, height) for height in range(len(column))]
        previous = centre
    return places
