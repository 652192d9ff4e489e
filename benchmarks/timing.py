"""Timing of several things against each other on a machine that others use too.

Each round times every contender once, so that all meet the same disturbances; a ratio is taken within a round, and the
median over rounds is told with the range. Time is that of the processor in this thread, so that waiting for one does
not count.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """Processor seconds of each round, by contender."""

    seconds: Mapping[str, list[float]]

    def median(self, name: str) -> float:
        """Median seconds of a contender."""
        return statistics.median(self.seconds[name])

    def ratio(self, one: str, other: str) -> str:
        """How often `one` fits into `other`, in words: median and range over the rounds."""
        each = [b / a for a, b in zip(self.seconds[one], self.seconds[other], strict=True)]
        return f"{statistics.median(each):.2g} ({min(each):.2g} to {max(each):.2g} in {len(each)} rounds)"


def interleaved(contenders: Mapping[str, Callable[[], object]], *, rounds: int) -> Timed:
    """Time each contender once a round, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, run in contenders.items():
            begin = time.thread_time()
            run()
            if number > 0:
                seconds[name].append(time.thread_time() - begin)
    return Timed(seconds)
