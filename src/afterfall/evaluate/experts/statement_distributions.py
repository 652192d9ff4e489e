"""How words become a forecast: one rule for all statements, printed with the scores.

*Likelihood.* A word counts as a term of ICD 203, at the midpoint of that term's range (`likely`, 55 to 80 %, is 0.675).
A flat statement ("will", "there will be", or no word at all) counts as "almost certain"; "expects", "can be expected"
and "predicted" count as "likely". Words of mere possibility (may, might, could) have no term on the scale, so such
statements are not scored.

*Amounts.* "Most" and "the majority" are more than half of those meant. "Many", "massive" and "large numbers" are at
least four tenths, "few" and "little by little" at most four tenths: readers draw the line between 40 and 60 % (Heim,
Peiseler and Bekemeier 2015, doi:10.3389/fpsyg.2015.00441). A range of numbers is used as it stands.

*Distribution.* With p the probability and a range of shares from `low` to `high`, the share is drawn

    evenly from the range with probability p, evenly from the rest of 0 to 1 with probability 1 - p

and a figure is ``b + share * s``: b the last published figure on the day of the statement, s the number still in the
theatre then. So it is on the same scale as any other forecast.

*Massive* means an attack with `MASSIVE` deaths or more, a threshold of our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from afterfall.evaluate.core.scoring_rules import Floats
from afterfall.evaluate.experts.statements import Statement

#: Deaths from which an attack counts as massive.
MASSIVE = 100
SAMPLES = 200


def probability(statement: Statement, chances: Mapping[str, tuple[float, float]]) -> float:
    """Probability that a statement gives: the midpoint of the range of its term."""
    low, high = chances[statement.read_as]
    return (low + high) / 2.0


def shares(low: float, high: float, chance: float, n: int = SAMPLES) -> Floats:
    """Shares as n ordered samples: even within the range with probability `chance`, even in the rest of 0 to 1.

    >>> [float(round(s, 3)) for s in shares(0.5, 1.0, 0.75, 4)]
    [0.25, 0.583, 0.75, 0.917]
    """
    ends = sorted({0.0, low, high, 1.0})
    spans = [(a, b - a) for a, b in pairwise(ends)]
    outside = 1.0 - (high - low)
    mass = [chance if a == low else (1.0 - chance) * width / outside for a, width in spans]
    upto = np.cumsum([0.0, *mass]) / sum(mass)
    return np.asarray(np.interp((np.arange(n) + 0.5) / n, upto, ends))
