"""The chance of more than a number: at round numbers, each with the sentence that states it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from afterfall.report.kit.likelihood_words import likelihood, odds
from afterfall.web.schemas import PastEntry

#: Entries of one quantity at most.
MOST = 16


def past_line(values: npt.NDArray[np.integer], what: str, some: float | None = None) -> list[PastEntry]:
    """Chances of more than 0, 1, 2, 5, 10, 20 ... , until fewer than one simulation in a hundred has more.

    Parameters
    ----------
    values
        The count in each simulation, ``(n,)``.
    what
        What is counted, where and when, in the plural: ``attempts in Europe in 2027``.
    some
        The chance of any, where it is known better than by counting simulations.
    """
    found: list[PastEntry] = []
    for number in (0, *(m * 10**k for k in range(7) for m in (1, 2, 5))):
        counted = float((values > number).mean())
        probability = counted if number or some is None else some
        found.append(
            PastEntry(number=number, probability=probability, text=_sentence(probability, number, what, len(values)))
        )
        if probability < 0.01 or len(found) >= MOST:
            break
    return found


def _sentence(probability: float, number: int, what: str, simulations: int) -> str:
    """The chance in a sentence: the word with its range, and the number."""
    counted = {0: f"any {what}", 1: f"2 or more {what}"}.get(number, f"more than {number:,} {what}")
    word = likelihood(probability)
    chance = odds(probability, simulations)
    if word is None:
        return f"{counted[0].upper()}{counted[1:]}: {chance}."
    return f"{counted[0].upper()}{counted[1:]}: {word}, {chance}."
