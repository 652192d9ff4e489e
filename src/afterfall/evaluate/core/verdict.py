"""The verdict on a skill, by one rule for every table, and what many verdicts at once are worth.

A forecast is *better* or *worse* than what it is compared with if the 90 % interval of its skill excludes zero. There
is *no clear difference* if the interval contains zero. With fewer than `ENOUGH` independent units (country-quantity
pairs, or the effective number of report families) there is no interval, and there are *too few to judge*.

Of many comparisons without any true difference, a tenth have an interval that excludes zero. So a table with many
verdicts says how many that would be, and how many remain when the p-values are adjusted by the method of Holm (1979,
Scandinavian Journal of Statistics 6, 65-70), which holds however the comparisons depend on each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from afterfall.evaluate.core.bootstrap import ENOUGH, Skill

BETTER, WORSE = "better", "worse"
NO_CLEAR_DIFFERENCE, TOO_FEW = "no clear difference", "too few to judge"
#: Share of the 90 % intervals that exclude zero by chance.
CHANCE = 0.1


def verdict(skill: Skill) -> str:
    """The verdict on a skill: `BETTER`, `WORSE`, `NO_CLEAR_DIFFERENCE` or `TOO_FEW`."""
    return interval_verdict(skill.low90, skill.high90, skill.independent)


def interval_verdict(low: float, high: float, independent: int) -> str:
    """The verdict from the ends of the 90 % interval (NaN: none) and the number of independent units.

    >>> interval_verdict(0.1, 0.3, 12), interval_verdict(-0.3, 0.2, 12), interval_verdict(0.1, 0.3, 4)
    ('better', 'no clear difference', 'too few to judge')
    """
    if independent < ENOUGH:
        return TOO_FEW
    return BETTER if low > 0 else WORSE if high < 0 else NO_CLEAR_DIFFERENCE


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Many comparisons at once.

    Attributes
    ----------
    made
        How many are judged.
    by_chance
        How many 90 % intervals would exclude zero on average if nothing differed.
    better, worse
        How many do exclude it.
    adjusted
        How many remain at the same level when adjusted for the number of comparisons (Holm).
    """

    made: int
    by_chance: float
    better: int
    worse: int
    adjusted: int


def comparisons(skills: Iterable[Skill]) -> Comparisons:
    """Count the comparisons that have enough independent units for a verdict."""
    judged = [one for one in skills if verdict(one) != TOO_FEW]
    words = [verdict(one) for one in judged]
    return Comparisons(
        made=len(judged),
        by_chance=CHANCE * len(judged),
        better=words.count(BETTER),
        worse=words.count(WORSE),
        adjusted=_adjusted([one.p_value for one in judged]),
    )


def _adjusted(p_values: list[float]) -> int:
    if not p_values:
        return 0
    from statsmodels.stats.multitest import multipletests  # takes a second to import

    return int(multipletests(p_values, alpha=CHANCE, method="holm")[0].sum())
