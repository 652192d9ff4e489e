"""Which of a case's figures condition the start of one origin, and for what: what stands first behind its numbers.

The nowcast reads totals, counts of the returned and the dead, and roles (`readings`, `nowcasting`); this lists the very
figures that it reads, by the same rules, so that a reader can see them. A test takes each listed figure away and sees
the start change, and takes an unlisted one away and sees it stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from afterfall.case import Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.figure_rules import NODES, latest_count
from afterfall.model.observation.measurement_error import recent_totals, role_counts

Use = Literal["total", "returned", "killed", "roles"]
#: What each use says to a reader.
USES: dict[Use, str] = {
    "total": "travelled",
    "returned": "came home",
    "killed": "died",
    "roles": "families",
}


@dataclass(frozen=True, slots=True)
class NowcastFigure:
    """A figure that conditions an origin's start, and what for."""

    figure: Figure
    use: Use


def nowcast_figures(view: CaseView, origin: str) -> tuple[NowcastFigure, ...]:
    """Figures read for an origin, or for the world (``WLD``), by their use and date; empty where nobody has counted."""
    found = [NowcastFigure(f, "total") for f in recent_totals(view, origin)]
    if origin not in view.origins:  # of the world only totals are read
        return tuple(found)
    for node in NODES:
        figure = latest_count(view.case.figures_of(node, place=origin))
        if figure is not None:
            found.append(NowcastFigure(figure, "returned" if node == "returned" else "killed"))
    return (*found, *(NowcastFigure(f, "roles") for f in role_counts(view, origin)))
