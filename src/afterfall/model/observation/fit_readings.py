"""How a fit reads every figure of a case, or why it does not.

The counterpart of `readings`, which lists the same for the start. The rules are those of `fit_data` (which figures the
likelihood uses, and why not the others) and of `fit_arrays` (report families and their weights); this only states their
result for each figure. The weight of a figure is that of its family among those that compete with it, divided by the
number of figures of the family.

Totals of an origin are read where the likelihood uses other figures of that origin: it integrates over them. The
world's running totals and its arrivals draw the arrival curve, which a fit takes as given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from afterfall.case import WORLD, Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.fit_data import FitFigures, family_worth, fit_figures, groups
from afterfall.model.observation.measurement_error import recent_totals, totals, why_no_total

#: What the world's totals and arrivals are read for.
ARRIVAL_CURVE = "arrival curve"
ARRIVALS = ("travelled", "arrivals")
NOT_A_QUANTITY = "a quantity that the fit does not read"
NO_OTHER_COUNT = "no other figure of its place is in the likelihood"


@dataclass(frozen=True, slots=True)
class FitReading:
    """How the fit reads one figure.

    `read_as` is a quantity of the likelihood, "total" or `ARRIVAL_CURVE`; empty where it is not read, and then `reason`
    says why. `weight` is between 0 and 1; 1 for a figure of the arrival curve.
    """

    read_as: str
    weight: float
    reason: str

    @property
    def used(self) -> bool:
        """Whether the fit reads the figure."""
        return bool(self.read_as)


def fit_readings(view: CaseView) -> Mapping[str, FitReading]:
    """How the fit reads each figure of a case, by the name of the figure."""
    figures = fit_figures(view)
    reasons = {figure.figure: why for figure, why in figures.left_out}
    found = {**_likelihood(figures), **_totals(view, figures), **_arrival_curve(view)}
    return {
        f.figure: found.get(f.figure) or FitReading("", 0.0, reasons.get(f.figure) or _why_unread(view, f))
        for f in view.case.figures
    }


def arrival_curve_figures(view: CaseView) -> frozenset[str]:
    """Names of the world's figures without which the arrival curve would be another one."""
    case, curve = view.case, ArrivalCurve.of(view)
    return frozenset(
        one.figure
        for quantity in ARRIVALS
        for one in case.figures_of(quantity, place=WORLD)
        if ArrivalCurve.of(CaseView(replace(case, figures=tuple(f for f in case.figures if f is not one)))) != curve
    )


def _likelihood(figures: FitFigures) -> dict[str, FitReading]:
    """Figures of the likelihood, with their weights among those that compete."""
    found: dict[str, FitReading] = {}
    for _, quantity, families in groups(figures.observed):
        worth = {name: family_worth(figures.observed, members) for name, members in families.items()}
        for name, members in families.items():
            weight = worth[name] / sum(worth.values()) / len(members)
            found |= {figures.observed[i].figure.figure: FitReading(quantity, weight, "") for i in members}
    return found


def _totals(view: CaseView, figures: FitFigures) -> dict[str, FitReading]:
    """Running totals that the likelihood integrates over, weighted by their precision on the as-of date."""
    found, curve = {}, ArrivalCurve.of(view)
    for origin in figures.totals:
        place = view.origins[origin]
        worth = [1.0 / one.sd**2 for one in totals(view, place, curve)]
        for figure, own in zip(recent_totals(view, place), worth, strict=True):
            found[figure.figure] = FitReading("total", own / sum(worth), "")
    return found


def _arrival_curve(view: CaseView) -> dict[str, FitReading]:
    return {name: FitReading(ARRIVAL_CURVE, 1.0, "") for name in arrival_curve_figures(view)}


def _why_unread(view: CaseView, figure: Figure) -> str:
    """Why a figure that is not in the likelihood is read as no total either."""
    if figure.quantity not in ARRIVALS:
        return NOT_A_QUANTITY
    if figure.place == WORLD:
        return "other figures draw the arrival curve"
    if figure.place in view.named and figure in recent_totals(view, figure.place):
        return NO_OTHER_COUNT
    return why_no_total(view, figure)
