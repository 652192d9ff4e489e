"""Which counts of an origin weigh its starts, how they are grouped, and their arrays.

Counts are of the returned, of the dead, of those in the theatre and of those in third countries. They are selected,
grouped and weighted as in the fit (`figure_rules.why_not`, `fit_data.groups`): figures of one report family share one
weight; families compete, with weights by their errors; a stated bound competes with nothing.

The start is of one day, where the fit follows a history. So for each quantity

- each report family counts with the figures of its latest day; it has revised its earlier ones;
- families `RECENT` months older than the newest are left out;
- where custody events are recorded, the total repatriated is a lower bound of the returned, and counts of the returned
  gain those repatriated since (`custody.taken_home`);
- a figure older than the newest of any family is read as of the newest one's date: no growth is carried across a newer
  count. Its error is widened by half of the growth that the history expects in between, which lowers its weight
  (`candidates.figure_errors`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.case import Figure
from afterfall.engine.program import Floats, Ints
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.custody.taken_home import repatriated_bound, with_repatriated
from afterfall.model.observation.figure_rules import COUNTED, why_not
from afterfall.model.observation.fit_arrays import within
from afterfall.model.observation.fit_data import POINTS, Observed, groups, observed_figure
from afterfall.model.observation.measurement_error import latest_of_families


class FigureArrays(NamedTuple):
    """Counts of all origins as arrays; see the fields of the same names in `InitialStatePlan`."""

    first_group: Ints
    group_quantity: Ints
    first_family: Ints
    first_figure: Ints
    figure_points: Floats
    figure_exact: Ints
    figure_sd: Floats
    figure_kind: Ints
    figure_bound: Ints
    figure_column: Ints
    figure_newest: Ints


class Competing(NamedTuple):
    """Counts of one quantity of an origin that compete, by report family, and the column of the newest count.

    `weights` are those of the families, before any widening of their errors; they sum to one.
    """

    quantity: str
    families: tuple[tuple[Observed, ...], ...]
    weights: tuple[float, ...]
    newest: int


def competing_counts(view: CaseView, origin: str) -> tuple[Competing, ...]:
    """Counts of an origin that weigh its starts, by quantity; a stated bound is a group of its own."""
    found = []
    for quantity in COUNTED if origin in view.named else ():
        figures = [f for f in view.case.figures_of(quantity, place=origin) if not why_not(view, f)]
        latest = latest_of_families(view, figures)
        latest = with_repatriated(view, latest) if quantity == "returned" else latest
        observed = tuple(observed_figure(view, f) for f in latest)
        newest = max((o.column for o in observed), default=0)
        for _, _, by_family in groups(observed):
            families = tuple(tuple(observed[i] for i in members) for members in by_family.values())
            worth = [max(1.0 / o.sd**2 for o in family) for family in families]
            found.append(Competing(quantity, families, tuple(w / sum(worth) for w in worth), newest))
        if quantity == "returned" and (least := repatriated_bound(view, origin)) is not None:
            bound = observed_figure(view, least)
            found.append(Competing(quantity, ((bound,),), (1.0,), bound.column))
    return tuple(found)


def figures_of(group: Competing) -> tuple[Figure, ...]:
    """All figures of a group."""
    return tuple(o.figure for family in group.families for o in family)


def figure_arrays(view: CaseView) -> FigureArrays:
    """The counts of all origins as arrays."""
    by_origin = [competing_counts(view, o) for o in view.origins]
    every = [group for found in by_origin for group in found]
    families = [family for group in every for family in group.families]
    figures = [o for family in families for o in family]
    points = [within(o) for o in figures]
    return FigureArrays(
        first_group=_starts([len(found) for found in by_origin]),
        group_quantity=np.array([COUNTED.index(group.quantity) for group in every], dtype=np.int32),
        first_family=_starts([len(group.families) for group in every]),
        first_figure=_starts([len(family) for family in families]),
        figure_points=np.array(points, dtype=float).reshape(len(figures), len(POINTS)),
        figure_exact=np.array([p[0] == p[-1] for p in points], dtype=np.int32),
        figure_sd=np.array([o.sd for o in figures], dtype=float),
        figure_kind=np.array([o.kind for o in figures], dtype=np.int32),
        figure_bound=np.array([o.bound for o in figures], dtype=np.int32),
        figure_column=np.array([o.column for o in figures], dtype=np.int32),
        figure_newest=np.array([g.newest for g in every for family in g.families for _ in family], dtype=np.int32),
    )


def _starts(sizes: list[int]) -> Ints:
    return np.cumsum([0, *sizes]).astype(np.int32)
