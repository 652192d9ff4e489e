"""Analysis of competing hypotheses: how well a simulated event tells pathways apart.

The hypothesis of a pathway is that it takes more people than in the median simulation. An event speaks for it by the
likelihood ratio ::

    LR = P(event | more people than the median) / P(event | not more)

where half a simulation is added to both counts of each share, so that an event that is never seen in one part has a
finite ratio. A ratio counts only if the two shares differ by more than `ERRORS` standard errors: of a hundred cells
about one does so by chance. Where most simulations have as many people as the median, the parts differ much in size,
and an error from the shares of each may be too small, or one from the share of both together. The larger counts, and
with fewer than `FEWEST` simulations in one part nothing is said. What tells pathways apart is the spread of the
logarithms of the ratios over the pathways; an event that is as likely under every hypothesis has none, however likely
it is (Heuer 1999, *Psychology of Intelligence Analysis*, chapter 8).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Standard errors by which shares must differ for a cell to count.
ERRORS = 2.58
#: Fewest simulations in each part.
FEWEST = 20
#: Ratios from which a cell is marked once, and twice.
SOME, MUCH = 1.5, 3.0


@dataclass(frozen=True, slots=True)
class Support:
    """What an event says for one pathway.

    Attributes
    ----------
    ratio
        Likelihood ratio; None where too few simulations have more people than the median, or too few have not.
    mark
        ``++``, ``+``, ``0``, ``-`` or ``--``; empty where there is no ratio.
    """

    ratio: float | None
    mark: str


def support(event: npt.NDArray[np.bool_], people: npt.NDArray[np.float64]) -> Support:
    """What an event says for more people than in the median simulation.

    Parameters
    ----------
    event, people
        Whether the event happens, and people on the pathway, by simulation ``(n,)``.
    """
    more = people > np.median(people)
    with_it, without = int(more.sum()), int((~more).sum())
    if min(with_it, without) < FEWEST:
        return Support(None, "")
    there, elsewhere = int(event[more].sum()), int(event[~more].sum())
    a, b = (there + 0.5) / (with_it + 1), (elsewhere + 0.5) / (without + 1)
    both = (there + elsewhere + 1) / (with_it + without + 2)
    apart = a * (1 - a) / (with_it + 1) + b * (1 - b) / (without + 1)
    together = both * (1 - both) * (1 / (with_it + 1) + 1 / (without + 1))
    error = math.sqrt(max(apart, together))
    return Support(a / b, "0" if abs(a - b) <= ERRORS * error else _mark(a / b))


def _mark(ratio: float) -> str:
    size = max(ratio, 1 / ratio)
    signs = 0 if size < SOME else 1 if size < MUCH else 2
    return ("+" if ratio > 1 else "-") * signs or "0"


def tells_apart(row: Mapping[str, Support]) -> float:
    """Spread of the logarithms of the ratios that count; 0 where none counts."""
    logs = [math.log(one.ratio) if one.ratio is not None and one.mark not in ("", "0") else 0.0 for one in row.values()]
    return max(logs, default=0.0) - min(logs, default=0.0)
