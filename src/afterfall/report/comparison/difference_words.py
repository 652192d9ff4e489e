"""A paired difference for a page: its twenty dots, its verdict, and the sentences that state it.

The words are those of the tables (`comparison_tables`): what B changes on average, its 90 % interval, and in how many
of 100 simulations B is better.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from afterfall.policy import Comparison, Difference
from afterfall.policy.endpoints import ATTEMPTS
from afterfall.policy.people_counts import People
from afterfall.report.comparison.comparison_tables import WORTH_A_ROW, better_words, marked, same_words
from afterfall.report.kit.likelihood_words import ICD203, Scale, likelihood
from afterfall.report.kit.number_formats import interval, signed

#: Dots of a quantile dot plot; each is a 1-in-20 chance.
DOTS = 20


def difference_dots(found: Comparison, quantity: str) -> list[float]:
    """Twenty quantiles of B minus A; empty for expected attempts, of which a comparison keeps no simulation."""
    if quantity.startswith(ATTEMPTS):
        return []
    a, b = (People(one.run, found.country, found.month).at(quantity) for one in (found.a, found.b))
    levels = (np.arange(DOTS) + 0.5) / DOTS
    return [float(v) for v in np.quantile(b - a, levels, method="inverted_cdf")]


def verdict(one: Difference) -> Literal["better", "worse", "neither"]:
    """``better`` or ``worse`` where what is judged is so by one in twenty or more and clearly; else ``neither``."""
    says = one.verdict(WORTH_A_ROW)
    return "better" if says == "better" else "worse" if says == "worse" else "neither"


def difference_sentence(found: Comparison, quantity: str) -> str:
    """One outcome in a sentence, with its numbers."""
    one = found.differences[quantity]
    if one.prob_same == 1.0:
        return f"{marked(found, quantity)}: the same in all {found.trajectories:,} simulations."
    better = "" if one.prob_better is None else f"; better in {better_words(one)}, the same in {same_words(one)}"
    change = f"{signed(one.mean)} on average (90%: {interval(one.low90, one.high90)})"
    return f"{marked(found, quantity)}: {change}{better}."


def comparison_sentence(found: Comparison, scale: Scale = ICD203) -> str:
    """What B does to those at risk and undetected at home, with the word of likelihood and its range."""
    one = found.differences["undetected"]
    if one.prob_same == 1.0 or one.prob_better is None:
        return (
            f"As many are at risk and undetected at home with B as with A, in all {found.trajectories:,} simulations."
        )
    if one.verdict(WORTH_A_ROW) == "unsure":
        return (
            f"{found.trajectories:,} simulations are too few to say whether B changes how many are at risk and "
            f"undetected at home: {signed(one.mean)} on average (90%: {interval(one.low90, one.high90)}). They are the "
            f"same in {same_words(one)}."
        )
    word = likelihood(one.prob_better, scale)
    range90 = interval(one.low90, one.high90)
    size = f"{signed(one.mean)} on average (90%: {range90}). They are the same in {same_words(one)}."
    fewer = "fewer are at risk and undetected at home with B than with A, beyond the additional dead"
    if word is None:
        return f"In {better_words(one)} simulations {fewer}: {size}"
    return f"We judge it {word} that {fewer} ({better_words(one)}): {size}"
