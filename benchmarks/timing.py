"""Timing of alternatives against each other on a machine that others use too.

Each round times every alternative once, so that all meet the same disturbances. A ratio is taken within a round; the
median over rounds is reported with the range. Time is processor time of this thread, so waiting does not count.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """Processor seconds of each round, by alternative."""

    seconds: Mapping[str, list[float]]

    def median(self, name: str) -> float:
        """Median seconds of an alternative."""
        return statistics.median(self.seconds[name])

    def ratio(self, one: str, other: str) -> str:
        """Time of `other` over that of `one`, as text: median and range over the rounds."""
        each = [b / a for a, b in zip(self.seconds[one], self.seconds[other], strict=True)]
        return f"{statistics.median(each):.2g} ({min(each):.2g} to {max(each):.2g} in {len(each)} rounds)"


def interleaved(alternatives: Mapping[str, Callable[[], object]], *, rounds: int) -> Timed:
    """Time each alternative once per round, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in alternatives}
    for number in range(rounds + 1):
        for name, run in alternatives.items():
            begin = time.thread_time()
            run()
            if number > 0:
                seconds[name].append(time.thread_time() - begin)
    return Timed(seconds)
