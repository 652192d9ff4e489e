"""Which figures of a case condition the initial state of one origin, and for what.

The nowcast uses totals, counts of the returned and the dead, and roles. This lists the figures that it uses, by the
same rules (`measurement_error`, `figure_rules`). A test removes each listed figure and checks that the initial state
changes, and removes unlisted ones and checks that it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from afterfall.case import Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.figure_rules import NODES, latest_count
from afterfall.model.observation.measurement_error import recent_totals, role_counts

Use = Literal["total", "returned", "killed", "roles"]
#: A label for each use.
USES: dict[Use, str] = {
    "total": "travelled",
    "returned": "returned home",
    "killed": "died",
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
    return (*found, *(NowcastFigure(f, "roles") for f in role_counts(view, origin)))
