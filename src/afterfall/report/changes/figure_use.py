"""What the model does with new figures: the weights by which the start and the fit read each, or why they do not.

A figure that nothing reads changes nothing, and this says so by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from afterfall.case import Case, Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.fit_readings import fit_readings
from afterfall.model.observation.readings import readings_of
from afterfall.report.changes.case_differences import RowChange


def figure_uses(case: Case | None, changes: Sequence[RowChange]) -> Mapping[str, str]:
    """What is done with each changed figure that a case has, in words, by its name."""
    figures = [one.row for one in changes if isinstance(one.row, Figure) and one.what != "gone"]
    if case is None or not figures:
        return {}
    view = CaseView(case)
    places = dict.fromkeys(figure.place for figure in figures)
    start = {read.figure.figure: read for place in places for read in readings_of(view, place)}
    fit = fit_readings(view)
    found = {}
    for name in (figure.figure for figure in figures):
        uses = [f"start {start[name].weight:.2f}"] if start[name].read_as != "none" else []
        uses += [f"fit {fit[name].weight:.2f}"] if fit[name].used else []
        reason = start[name].reason or fit[name].reason
        found[name] = ", ".join(uses) or f"not read{f': {reason}' if reason else ''}"
    return found
