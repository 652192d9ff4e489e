"""Confidence of a judgement from what it rests on: evidence, agreement, fitting, track record and lead time.

Each ingredient is graded 0 (poor), 1 (fair) or 2 (good) by a rule that is printed with it:

=============  ==============================================  =======================================  ===============
ingredient     good                                            fair                                     poor
=============  ==============================================  =======================================  ===============
evidence       three report families, one of grade A or B      one or two, or none of A or B            none
agreement      totals within a quarter of each other           within a factor of two, or one family    further apart
parameters     all that drive it informed by data              some                                     none
track record   better than baseline, 90 % range contains 80 %  no clear difference                      worse, unknown
lead time      24 months or less                               48 or less                               beyond
=============  ==============================================  =======================================  ===============

`likelihood_words.confidence` turns them into a level; poor parameters alone make it low.
"""

from __future__ import annotations

from dataclasses import dataclass

from afterfall.evaluate.core.verdict import BETTER, TOO_FEW, WORSE
from afterfall.model.observation.nowcast_data import USES
from afterfall.posterior.contraction import LEARNED, WEAKLY_INFORMED
from afterfall.report.explain.why import Driver, UsedFigure
from afterfall.report.kit.likelihood_words import FAR, PARAMETERS, Confidence, Ingredient, confidence
from afterfall.report.track_record.earlier_scores import TrackRecord

FAMILIES, GOOD_GRADES = 3, "AB"
CLOSE, APART = 1.25, 2.0
HELD = 0.8


@dataclass(frozen=True)
class Trust:
    """What confidence in one number is computed from: its figures, its drivers, and past forecasts.

    `fitted` says that the run draws from a posterior.
    """

    figures: tuple[UsedFigure, ...]
    drivers: tuple[Driver, ...]
    fitted: bool
    track: TrackRecord | None

    def confidence(self, quantity: str, month: int) -> Confidence:
        """Confidence in a judgement about a quantity at a month."""
        own = (self._evidence(), *self._agreement(), self._parameters(), self._track(quantity), lead(month))
        return confidence(own, month)

    def _evidence(self) -> Ingredient:
        families = {f.family for f in self.figures}
        best = min((f.grade for f in self.figures), default="")
        if not families:
            return Ingredient("evidence", 0, "no published figure is read for it")
        good = len(families) >= FAMILIES and best[0] in GOOD_GRADES
        noun = "report family" if len(families) == 1 else "report families"
        return Ingredient("evidence", 2 if good else 1, f"{len(families)} {noun} behind the start, the best of {best}")

    def _agreement(self) -> tuple[Ingredient, ...]:
        """Of published totals; nothing where none is read, as for places, which have no totals."""
        totals = {f.family: f.value for f in self.figures if f.use == USES["total"] and f.value > 0}
        if not totals:
            return ()
        if len(totals) == 1:
            return (Ingredient("agreement", 1, "no second count of those who travelled to compare with the first"),)
        ratio = max(totals.values()) / min(totals.values())
        grade = 2 if ratio <= CLOSE else 1 if ratio <= APART else 0
        return (Ingredient("agreement", grade, f"published totals differ by a factor of {ratio:.1f}"),)

    def _parameters(self) -> Ingredient:
        if not self.fitted:
            return Ingredient(PARAMETERS, 0, "no parameter is fitted to data")
        known = [d.basis for d in self.drivers]
        learned, little = known.count(LEARNED), known.count(WEAKLY_INFORMED)
        grade = 0 if not learned else 2 if learned == len(known) else 1
        return Ingredient(PARAMETERS, grade, _informed(learned, little, len(known)))

    def _track(self, quantity: str) -> Ingredient:
        row = None if self.track is None else self.track.of(quantity)
        if row is None:
            return Ingredient("track record", 0, "no earlier forecast of this number has been scored")
        if row.verdict == BETTER and row.coverage90 >= HELD:
            return Ingredient("track record", 2, "earlier forecasts of it scored better than the baseline")
        if row.verdict == TOO_FEW:
            return Ingredient("track record", 0, "too few independent figures score earlier forecasts of it")
        if row.verdict == WORSE:
            return Ingredient("track record", 0, "earlier forecasts of it scored worse than the baseline")
        return Ingredient("track record", 1, "earlier forecasts of it were not significantly better than the baseline")


def _informed(learned: int, little: int, seen: int) -> str:
    """How many of the main drivers of a number the data inform."""
    if not seen:
        return "no single parameter stands out as its driver"
    if learned == little == 0:
        return "the data inform none of its main drivers"
    how = f": {learned} well, {little} weakly" if learned and little else ", well" if learned else ", weakly"
    return f"the data inform {learned + little} of its {seen} main drivers{how}"


def lead(month: int) -> Ingredient:
    """The ingredient of lead time."""
    grade = 2 if month <= FAR else 1 if month <= 2 * FAR else 0
    return Ingredient("lead time", grade, f"the lead time is {month} months")
