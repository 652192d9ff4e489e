"""A rival's age counts: which rivals could take people in each month of the history.

    weight[g, t] = n / (number of organisations of the theatre that existed in month t) / heirs     in the history
    weight[g, t] = 1                                                                                in the forecast

for each of the n rivals g active on the as-of date, from the month of its foundation on. Before that month its people
are those of the rival that it comes from, if that existed: it has the weight of its nearest ancestor, divided by the
number of that ancestor's heirs then (itself and its descendants that are active on the as-of date and not founded yet).
A rival without a date of foundation has always existed. The core is no such ancestor: who leaves the core for a new
group does so by defecting. Months in which no rival existed have weight zero.

Assumptions: heirs share equally; rivals that had ended by the as-of date without an heir took nobody. The unit is one.
"""

from __future__ import annotations

from collections.abc import Callable

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import SeriesPath


def age_path(rival: str) -> str:
    """Name of the path of a rival's weight."""
    return f"rival_age.{rival}"


def age_paths(view: CaseView) -> tuple[SeriesPath, ...]:
    """The weight of each rival by month."""
    return tuple(
        SeriesPath(age_path(rival), "weight of a rival among those that existed", _weight(view, rival))
        for rival in view.rivals
    )


def _weight(view: CaseView, rival: str) -> Callable[[int], float]:
    def weight(month: int) -> float:
        if month > 0:
            return 1.0
        there = {r: host(view, r, month) for r in view.rivals}
        hosts = [h for h in there.values() if h]
        if not there[rival]:
            return 0.0
        return len(view.rivals) / len(set(hosts)) / hosts.count(there[rival])

    return weight


def host(view: CaseView, rival: str, month: int) -> str:
    """The organisation that had a rival's people in a month: itself, its nearest ancestor that existed, or none."""
    seen: set[str] = set()
    name = rival
    while name and name not in seen:
        seen.add(name)
        row = view.case.organisation(name)
        if row.kind != "rival":
            return ""
        if row.founded is None or view.month_of(row.founded.last_day) <= month:
            return name
        name = row.parent
    return ""
