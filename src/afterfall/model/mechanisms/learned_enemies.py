"""Rates of mergers and absorptions between two organisations at war: years of war of pairs in the reference class.

A pair of the case is a new one to the class: its multiple ``u`` is drawn as that of any pair. The rate of an absorption
is that of the weaker of two unequal enemies. Strengths at the as-of date are lognormal, so a pair has it times the
chance that one is at least twice as strong as the other (`afterfall.reference.enemy_pairs`). Where nobody published the
strength of either, that chance is the share of unequal pairs among those of the class.

Rates are a month. Source: `rivals.csv` of the reference class.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from statistics import NormalDist

import numpy as np

from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.mechanisms.learned_rates import LEAST, MONTHS_A_YEAR, ends_of, own_of
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY, steady
from afterfall.reference.enemy_pairs import STRONGER, absorption_fit, rival_rates, unequal, wars
from afterfall.reference.event_rate import EventRate
from afterfall.reference.pooled_rates import GroupCounts, PooledRates, joint_rates
from afterfall.reference.reference_class import open_reference_class

#: Half a pair of either kind is added to those counted.
HALF = 0.5


@dataclass(frozen=True)
class EnemyRates:
    """Two organisations at war with each other: hazards a month of a merger of equals and of an absorption.

    `equals` and `absorbed` are the 5th and 95th percentile; `words` say what each was learned from. `unequal_share` is
    the share of pairs of which one is the stronger.
    """

    equals: tuple[float, float]
    absorbed: tuple[float, float]
    words: tuple[str, str]
    unequal_share: float
    merged: Floats = field(repr=False)
    fit: PooledRates = field(repr=False)

    def joint(self, merger: str, absorption: str, rivals: Sequence[str]) -> tuple[JointDraws, JointDraws]:
        """Draws of the rate of mergers, and of the rate of absorptions with each pair's own multiple."""
        none = np.zeros(len(rivals))
        found = joint_rates(self.fit, GroupCounts(none, none, none, none))
        columns = [np.log(found.calm / MONTHS_A_YEAR), *np.log(np.maximum(found.own, LEAST)).T]
        names = (absorption, *(own_of("absorption", r) for r in rivals))
        merged = np.log(np.maximum(self.merged / MONTHS_A_YEAR, LEAST))
        return (
            JointDraws("merger of enemies", (merger,), merged[:, None]),
            JointDraws("absorption", names, np.stack(columns, axis=1)),
        )


def enemy_rates(view: CaseView) -> EnemyRates | None:
    """Hazards that two enemies become one; None before there is a reference class."""
    return None if view.case.as_of < FIRST_DAY else _enemies(view.case.as_of)


def chance_of_stronger(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Chance that the first is at least `STRONGER` times the second; each by its median and log standard deviation.

    >>> round(chance_of_stronger((2000.0, 0.5), (1000.0, 0.5)), 2)
    0.5
    """
    apart = math.log(one[0] / other[0]) - math.log(STRONGER)
    return steady(NormalDist().cdf(apart / math.hypot(one[1], other[1])))


@cache
def _enemies(as_of: dt.date) -> EnemyRates:
    known = open_reference_class(as_of)
    equals, absorbed = rival_rates(known)
    return EnemyRates(
        equals=ends_of(equals.draws / MONTHS_A_YEAR),
        absorbed=ends_of(absorbed.draws / MONTHS_A_YEAR),
        words=(_pairs(equals, "mergers of equals"), _pairs(absorbed, "absorptions of the weaker")),
        unequal_share=(len(unequal(known)) + HALF) / (len(wars(known)) + 2 * HALF),
        merged=equals.draws,
        fit=absorption_fit(known),
    )


def _pairs(rate: EventRate, what: str) -> str:
    return (
        f"reference class: {rate.events} {what} in {rate.exposure:.0f} dyad-years at war; {rate.low:.2g} to "
        f"{rate.high:.2g} a year"
    )
