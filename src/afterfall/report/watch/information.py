"""How much an indicator would say about a number: mutual information in bits, corrected for few simulations.

The indicator has two classes (seen, not seen) or three (thirds of a count), the number five (fifths of the
simulations; fewer where values repeat). With counts of simulations in the cells of their table, the plug-in estimate is

    I = sum over cells of p(x, y) log2( p(x, y) / (p(x) p(y)) )

which is too large by about ``(K_xy - K_x - K_y + 1) / (2 N ln 2)`` bits, K being numbers of cells in use and N of
simulations; that is taken off (Miller 1955; Roulston 1999, doi:10.1016/S0167-2789(98)00269-3). Where indicator and
number are unrelated, ``2 N ln 2 I`` of the plug-in estimate has a chi-squared distribution with
``(K_x - 1)(K_y - 1)`` degrees of freedom, which says how large an estimate noise alone can make (`noise_level`).

One bit is what the answer to a fair yes-or-no question says. Unit: bits.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2  # type: ignore[import-untyped]

from afterfall.engine.program import Floats

Ints = npt.NDArray[np.integer]
#: Classes of a number.
CLASSES = 5
#: Chance with which noise alone lets any of the indicators stand out.
BY_CHANCE = 0.05


def classes_of(values: Floats, number: int = CLASSES) -> npt.NDArray[np.int64]:
    """The class of each value, from 0: equal shares of the values, fewer where values repeat, ``(n,)``.

    >>> classes_of(np.array([1.0, 2.0, 3.0, 4.0]), 2).tolist()
    [0, 0, 1, 1]
    """
    edges = np.quantile(values, np.arange(1, number) / number, method="inverted_cdf")
    return np.asarray(np.searchsorted(np.unique(edges), values, side="left"), dtype=np.int64)


def information(indicator: Ints, number: Ints) -> float:
    """Mutual information of two classifications of the same simulations in bits, corrected; at least 0.

    Parameters
    ----------
    indicator, number
        Classes, ``(n,)`` each, from 0.
    """
    table = _table(indicator, number)
    n = table.sum()
    used = (table > 0).sum() - (table.sum(axis=0) > 0).sum() - (table.sum(axis=1) > 0).sum() + 1
    return max(0.0, _plug_in(table) - float(used) / (2 * float(n) * math.log(2)))


def noise_level(indicator: Ints, number: Ints, questions: int) -> float:
    """The corrected information that unrelated classes reach with a chance of `BY_CHANCE` in any of so many questions.

    Parameters
    ----------
    indicator, number
        Classes, as in `information`.
    questions
        Pairs of an indicator and a number that are looked at together (Bonferroni's correction).
    """
    table = _table(indicator, number)
    free = max((table.sum(axis=0) > 0).sum() - 1, 0) * max((table.sum(axis=1) > 0).sum() - 1, 0)
    if free == 0:
        return math.inf
    scale = 2 * table.sum() * math.log(2)
    return float((chi2.isf(BY_CHANCE / max(questions, 1), free) - free) / scale)


def entropy(classes: Ints) -> float:
    """Entropy of a classification in bits: the most that anything can say about it.

    >>> entropy(np.array([0, 0, 1, 1]))
    1.0
    """
    share = np.unique(classes, return_counts=True)[1] / len(classes)
    return float((share * np.log2(1.0 / share)).sum())


def effective_number(trajectories: Ints) -> float:
    """Effective number of simulations in a class in which some may be twice (Kong 1992): ``(sum w)^2 / sum w^2``."""
    times = np.unique(trajectories, return_counts=True)[1].astype(float)
    return float(times.sum() ** 2 / (times**2).sum()) if times.size else 0.0


def _table(indicator: Ints, number: Ints) -> Floats:
    """Simulations in each cell, ``(classes, classes)``."""
    table = np.zeros((int(indicator.max(initial=0)) + 1, int(number.max(initial=0)) + 1))
    np.add.at(table, (indicator, number), 1.0)
    return table


def _plug_in(table: Floats) -> float:
    joint = table / table.sum()
    alone = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    some = joint > 0
    return float((joint[some] * np.log2(joint[some] / alone[some])).sum())
