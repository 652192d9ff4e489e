"""Rates of mergers and absorptions between two organisations at war: years of war of pairs in the reference class.

*Who is at war.* A rival that the case does not list as an ally of the core is at war with it if ``rivals.csv`` has a
war of the two that goes on at the as-of date. Where the core is not in the class, the class says nothing of its wars,
and every such rival counts.

*Own record.* A pair that is in the class has its own years of war without an absorption, which lower its multiple
``u``. They count by the chance that one of the two was at least twice as strong as the other, from the strengths of the
case at the as-of date (the share of unequal pairs in the class where nobody published one), taken for the whole war.
Another pair is a new one: its multiple is drawn as that of any pair.

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

from afterfall.case import Organisation
from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.mechanisms.learned_rates import LEAST, MONTHS_A_YEAR, ends_of, own_of, twin_of
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY, steady
from afterfall.model.mechanisms.organisations import published, strength_now
from afterfall.reference.class_records import RivalPair
from afterfall.reference.enemy_pairs import (
    STRONGER,
    absorption_fit,
    mean_weight,
    prior_words,
    rival_rates,
    unequal,
    war_between,
    war_years,
    wars,
)
from afterfall.reference.event_rate import EventRate
from afterfall.reference.pooled_rates import GroupCounts, PooledRates, joint_rates
from afterfall.reference.reference_class import ReferenceClass, open_reference_class

#: Half a pair of either kind is added to those counted.
HALF = 0.5


@dataclass(frozen=True)
class EnemyRates:
    """Two organisations at war with each other: hazards a month of a merger of equals and of an absorption.

    `equals` and `absorbed` are the 5th and 95th percentile, `losing` those of the log ratio while the stronger loses
    ground; `words` say what each rate was learned from. `unequal_share` is the share of pairs of which one is the
    stronger.
    """

    equals: tuple[float, float]
    absorbed: tuple[float, float]
    losing: tuple[float, float]
    words: tuple[str, str]
    unequal_share: float
    merged: Floats = field(repr=False)
    fit: PooledRates = field(repr=False)
    known: ReferenceClass = field(repr=False)

    def joint(self, view: CaseView, rivals: Sequence[str]) -> tuple[JointDraws, JointDraws]:
        """Draws of the rate of mergers, and of the rate of absorptions, its ratio and each pair's own multiple."""
        years = np.array([self.own_years(view, r) for r in rivals], dtype=float).reshape(-1, 2)
        none = np.zeros(len(rivals))
        found = joint_rates(self.fit, GroupCounts(none, years[:, 0], none, years[:, 1]))
        columns = [np.log(found.calm / MONTHS_A_YEAR), np.log(found.ratio), *np.log(np.maximum(found.own, LEAST)).T]
        names = ("absorption.base", "absorption.losing", *(own_of("absorption", r) for r in rivals))
        merged = np.log(np.maximum(self.merged / MONTHS_A_YEAR, LEAST))
        return (
            JointDraws("merger of enemies", ("merger.base",), merged[:, None]),
            JointDraws("absorption", names, np.stack(columns, axis=1)),
        )

    def own_years(self, view: CaseView, rival: str) -> tuple[float, float]:
        """Weighted years of war of the core and a rival while one was the stronger, and not, and was, losing ground."""
        rows = [view.case.organisation(o) for o in (view.case.core, rival)]
        pair = _war(view, rows[1], self.known)
        if pair is None:
            return 0.0, 0.0
        found = np.zeros(2)
        for row, chance in zip(rows, self._chances(view, rows), strict=True):
            found += chance * np.array(war_years(pair, twin_of(row, self.known), self.known))
        calm, losing = found * mean_weight(self.known)
        return float(calm), float(losing)

    def _chances(self, view: CaseView, rows: Sequence[Organisation]) -> tuple[float, float]:
        """Chances that the first, and that the second, is at least twice as strong as the other."""
        if not all(published(view, row) for row in rows):
            return self.unequal_share / 2, self.unequal_share / 2
        one, other = (strength_now(view, row) for row in rows)
        return chance_of_stronger(one, other), chance_of_stronger(other, one)


def enemy_rates(view: CaseView) -> EnemyRates | None:
    """Hazards that two enemies become one; None before there is a reference class."""
    return None if view.case.as_of < FIRST_DAY else _enemies(view.case.as_of)


def at_war(view: CaseView) -> tuple[str, ...]:
    """Rivals with whom the core is at war (see the module docstring)."""
    rivals = tuple(r for r in view.rivals if not view.case.organisation(r).ally)
    learned = enemy_rates(view)
    if learned is None or not twin_of(view.case.organisation(view.case.core), learned.known):
        return rivals
    return tuple(r for r in rivals if _war(view, view.case.organisation(r), learned.known) is not None)


def chance_of_stronger(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Chance that the first is at least `STRONGER` times the second; each by its median and log standard deviation.

    >>> round(chance_of_stronger((2000.0, 0.5), (1000.0, 0.5)), 2)
    0.5
    """
    apart = math.log(one[0] / other[0]) - math.log(STRONGER)
    return steady(NormalDist().cdf(apart / math.hypot(one[1], other[1])))


def _war(view: CaseView, rival: Organisation, known: ReferenceClass) -> RivalPair | None:
    sides = twin_of(view.case.organisation(view.case.core), known), twin_of(rival, known)
    return war_between(*sides, known) if all(sides) else None


@cache
def _enemies(as_of: dt.date) -> EnemyRates:
    known = open_reference_class(as_of)
    equals, absorbed, losing, ratio = rival_rates(known)
    return EnemyRates(
        equals=ends_of(equals.draws / MONTHS_A_YEAR),
        absorbed=ends_of(absorbed.draws / MONTHS_A_YEAR),
        losing=ends_of(np.log(ratio.draws)),
        words=(
            _pairs(equals, "mergers of equals", equals.exposure),
            _pairs(absorbed, "absorptions by one not losing ground", absorbed.exposure + losing.exposure),
        ),
        unequal_share=(len(unequal(known)) + HALF) / (len(wars(known)) + 2 * HALF),
        merged=equals.draws,
        fit=absorption_fit(known),
        known=known,
    )


def _pairs(rate: EventRate, what: str, exposure: float) -> str:
    return (
        f"reference class: {rate.events} {what} in {rate.exposure:.0f} dyad-years at war; {rate.low:.2g} to "
        f"{rate.high:.2g} a year; {prior_words(exposure)}"
    )
