"""Which figures of a case condition the initial state of one origin, and for what.

The nowcast uses totals, counts of the returned, the dead, those in the theatre and in third countries, and roles. This
lists the figures that it uses, by the same rules (`measurement_error`, `figure_rules`, `origin_figures`). A test
removes each listed figure and checks that the initial state changes, and removes unlisted ones and checks that it does
not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from afterfall.case import Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.held_figures import held_groups
from afterfall.model.observation.measurement_error import recent_totals
from afterfall.model.observation.origin_figures import competing_counts, figures_of
from afterfall.model.observation.role_figures import role_counts

Use = Literal["total", "returned", "killed", "in_theatre", "third_country", "detained", "roles"]
#: A label for each use.
USES: dict[Use, str] = {
    "total": "travelled",
    "returned": "returned home",
    "killed": "died",
    "in_theatre": "in the theatre",
    "third_country": "in third countries",
    "detained": "held",
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
    for use in ("returned", "killed", "in_theatre", "third_country"):
        figures = [f for group in competing_counts(view, origin) if group.quantity == use for f in figures_of(group)]
        found += [NowcastFigure(f, use) for f in sorted(figures, key=lambda f: (f.refers_to.last_day, f.figure))]
    held = (f for group in held_groups(view, origin) for f in group.figures)
    found += [NowcastFigure(f, "in_theatre" if f.quantity == "in_theatre" else "detained") for f in held]
    return (*found, *(NowcastFigure(f, "roles") for f in role_counts(view, origin)))
