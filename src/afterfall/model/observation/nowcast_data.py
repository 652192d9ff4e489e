"""Which figures of a case condition the initial state of one origin, and for what.

The nowcast uses totals, counts of the returned and the dead, stocks in the theatre, and roles. This lists the figures
that it uses, by the same rules (`measurement_error`, `figure_rules`, `further_figures`). A test removes each listed
figure and checks that the initial state changes, and removes unlisted ones and checks that it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from afterfall.case import Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.figure_rules import NODES, latest_count
from afterfall.model.observation.further_figures import competing_stocks
from afterfall.model.observation.measurement_error import recent_totals, role_counts

Use = Literal["total", "returned", "killed", "in_theatre", "roles"]
#: A label for each use.
USES: dict[Use, str] = {
    "total": "travelled",
    "returned": "returned home",
    "killed": "died",
    "in_theatre": "in the theatre",
    "roles": "families",
}


@dataclass(frozen=True, slots=True)
class NowcastFigure:
    """A figure that conditions an origin's initial state, and its use."""

    figure: Figure
    use: Use


def nowcast_figures(view: CaseView, origin: str) -> tuple[NowcastFigure, ...]:
    """Figures used for an origin, or for the world (``WLD``), by use and date; empty without a published count."""
    found = [NowcastFigure(f, "total") for f in recent_totals(view, origin)]
    if origin not in view.origins:  # for the world only totals are used
        return tuple(found)
    for node in NODES:
        figure = latest_count(view.case.figures_of(node, place=origin))
        if figure is not None:
            found.append(NowcastFigure(figure, "returned" if node == "returned" else "killed"))
    stocks = (f for group in competing_stocks(view, origin) for family in group.families for f in family)
    found += [NowcastFigure(f, "in_theatre") for f in sorted(stocks, key=lambda f: (f.refers_to.last_day, f.figure))]
    return (*found, *(NowcastFigure(f, "roles") for f in role_counts(view, origin)))
