"""Further figures of an origin's start: stocks in the theatre, and counts by sources other than the latest.

The latest counts of the returned and of the dead are the evidence of the two node shares (`node_shares`). An origin may
have further figures: stocks in the theatre, and counts of other report families. They are selected and grouped by the
rules of the fit (`fit_data`). Figures of one report family share one weight; families of one quantity compete, with
weights by their errors; a stated bound competes with nothing.

A stock is left out where it only completes a total of its source that the nowcast reads: what is left after those who
returned or died. The fit leaves it out also where the source's total has a definition that does not count people who
travelled, such as all who were ever involved. Here that total is not read, so the stock repeats nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from afterfall.case import Figure
from afterfall.engine.program import Floats, Ints
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.figure_rules import NODES, latest_count
from afterfall.model.observation.fit_data import Observed, groups, observed_figure, why_not
from afterfall.model.observation.measurement_error import reading

#: Quantities of further figures; the order is that of their codes.
FURTHER_QUANTITIES = (*NODES, "in_theatre")


class FurtherArrays(NamedTuple):
    """Further figures as arrays; see the fields of the same names in `InitialStatePlan`."""

    first_group: Ints
    group_evidence: Ints
    first_family: Ints
    log_family_weight: Floats
    first_figure: Ints
    figure_quantity: Ints
    figure_log: Floats
    figure_sd: Floats
    figure_kind: Ints
    figure_bound: Ints
    figure_column: Ints


class Competing(NamedTuple):
    """Figures of one quantity of one origin that compete, by report family, and which of them is the evidence."""

    families: tuple[tuple[Figure, ...], ...]
    log_weights: tuple[float, ...]
    evidence: Figure | None


def competing_figures(view: CaseView, origin: str) -> tuple[Competing, ...]:
    """Groups of further figures of an origin; those of the evidence alone are left out, since it is used already."""
    latest = [latest_count(view.case.figures_of(node, place=origin)) for node in NODES]
    observed = tuple(_read(view, origin, latest))
    found = []
    for _, _, by_family in groups(observed):
        worth = [max(1.0 / observed[i].sd ** 2 for i in members) for members in by_family.values()]
        families = tuple(tuple(observed[i].figure for i in members) for members in by_family.values())
        own = next((f for family in families for f in family if f in latest), None)
        if len(families) > 1 or own is None:
            found.append(Competing(families, tuple(math.log(w / sum(worth)) for w in worth), own))
    return tuple(found)


def _read(view: CaseView, origin: str, latest: list[Figure | None]) -> Iterator[Observed]:
    for quantity in FURTHER_QUANTITIES:
        for figure in sorted(view.case.figures_of(quantity, place=origin), key=lambda f: f.figure):
            if why_not(view, figure, view.travelled_figures(origin)):
                continue
            if quantity in NODES:
                evidence = latest[NODES.index(quantity)]
                own = evidence is not None and figure.report_family == evidence.report_family
                if not figure.is_running_total or (own and figure is not evidence):
                    continue
            yield observed_figure(view, figure)


def further_arrays(view: CaseView) -> FurtherArrays:
    """The further figures of all origins as arrays."""
    by_origin = [competing_figures(view, o) if o in view.named else () for o in view.origins]
    every = [group for found in by_origin for group in found]
    families = [family for group in every for family in group.families]
    figures = [figure for family in families for figure in family]
    read, observed = [reading(f) for f in figures], [observed_figure(view, f) for f in figures]
    place = {f.figure: i for i, f in enumerate(figures)}
    evidence = [-1 if group.evidence is None else place[group.evidence.figure] for group in every]
    return FurtherArrays(
        first_group=_starts([len(found) for found in by_origin]),
        group_evidence=np.array(evidence, dtype=np.int32),
        first_family=_starts([len(group.families) for group in every]),
        log_family_weight=np.array([w for group in every for w in group.log_weights], dtype=float),
        first_figure=_starts([len(family) for family in families]),
        figure_quantity=np.array([FURTHER_QUANTITIES.index(f.quantity) for f in figures], dtype=np.int32),
        figure_log=np.array([r.log for r in read], dtype=float),
        figure_sd=np.array([r.sd for r in read], dtype=float),
        figure_kind=np.array([r.kind for r in read], dtype=np.int32),
        figure_bound=np.array([r.bound for r in read], dtype=np.int32),
        figure_column=np.array([o.column for o in observed], dtype=np.int32),
    )


def _starts(sizes: list[int]) -> Ints:
    return np.cumsum([0, *sizes]).astype(np.int32)
