"""How words become a forecast: one rule for all statements, printed with the scores.

*Likelihood.* A word counts as a term of ICD 203, at the middle of that term's range (`likely`, 55 to 80 %, is 0.675). A
flat statement ("will", "there will be", or no word at all) counts as "almost certain"; "expects", "can be expected"
and "predicted" as "likely". Words of mere possibility (may, might, could) name no probability: the scale has none for
them, and such statements are not scored.

*Amounts.* "Most" and "the majority" are more than a half of those spoken of. "Many", "massive" and "large numbers" are
at least four tenths, "few" and "little by little" at most that: where readers draw the line moves between 40 and 60 %
(Heim, Peiseler and Bekemeier 2015, doi:10.3389/fpsyg.2015.00441). A range of numbers is itself.

*Together.* With p the probability and a range of shares from `low` to `high`, the share is drawn

    evenly from the range with probability p, evenly from the rest of 0 to 1 with probability 1 - p

and a figure counts ``b + share * s``: b the last public figure on the day of the statement, s those still in the
theatre then. So it lies on the scale of scores, like any other forecast.

*Massive* is an attack with `MASSIVE` deaths or more, a number of our own.
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
    """Probability that a statement gives, from the ranges of terms: the middle of its term's."""
    low, high = chances[statement.read_as]
    return (low + high) / 2.0


def shares(low: float, high: float, chance: float, n: int = SAMPLES) -> Floats:
    """Shares as n ordered samples: evenly within the range with a chance, evenly in the rest of 0 to 1 otherwise.

    >>> [float(round(s, 3)) for s in shares(0.5, 1.0, 0.75, 4)]
    [0.25, 0.583, 0.75, 0.917]
    """
    ends = sorted({0.0, low, high, 1.0})
    spans = [(a, b - a) for a, b in pairwise(ends)]
    outside = 1.0 - (high - low)
    mass = [chance if a == low else (1.0 - chance) * width / outside for a, width in spans]
    upto = np.cumsum([0.0, *mass]) / sum(mass)
    return np.asarray(np.interp((np.arange(n) + 0.5) / n, upto, ends))
