"""Further figures of an origin's start: published stocks in the theatre.

The latest counts of the returned and of the dead are the evidence of the two node shares (`node_shares`). Stocks in the
theatre choose among candidate starts (`candidates`). They are selected, grouped and weighted as in the fit (`fit_data`,
`fit_arrays`): figures of one report family share one weight; families compete, with weights by their errors; a stated
bound competes with nothing.

Stocks are read by the rule of totals: those of the latest day of each report family, and none that is outdated
(`measurement_error.latest_of_families`). An older stock would carry the growth since across a newer count.

A stock is left out where it only completes a total of its source that the nowcast reads: what is left after those who
returned or died. The fit leaves it out also where the source's total has a definition that does not count people who
travelled, such as all who were ever involved. Here that total is not read, so the stock repeats nothing.

Counts of the returned and of the dead by other families than the latest are not read: carried to the as-of date with
the history's growth, they made forecasts of later counts worse on early dates.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.case import Figure
from afterfall.engine.program import Floats, Ints
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.fit_data import family_worth, groups, observed_figure, why_not
from afterfall.model.observation.measurement_error import latest_of_families, reading


class FurtherArrays(NamedTuple):
    """Further figures as arrays; see the fields of the same names in `InitialStatePlan`."""

    first_group: Ints
    first_family: Ints
    log_family_weight: Floats
    first_stock: Ints
    stock_log: Floats
    stock_sd: Floats
    stock_kind: Ints
    stock_bound: Ints
    stock_column: Ints


class Competing(NamedTuple):
    """Stocks of an origin that compete, by report family, with log weights of the families that sum to one."""

    families: tuple[tuple[Figure, ...], ...]
    log_weights: tuple[float, ...]


def competing_stocks(view: CaseView, origin: str) -> tuple[Competing, ...]:
    """Stocks in the theatre of an origin that condition its start; a stated bound is a group of its own."""
    travelled = view.travelled_figures(origin)
    figures = [f for f in view.case.figures_of("in_theatre", place=origin) if not why_not(view, f, travelled)]
    observed = tuple(observed_figure(view, f) for f in latest_of_families(view, figures))
    found = []
    for _, _, by_family in groups(observed):
        worth = [family_worth(observed, members) for members in by_family.values()]
        families = tuple(tuple(observed[i].figure for i in members) for members in by_family.values())
        found.append(Competing(families, tuple(math.log(w / sum(worth)) for w in worth)))
    return tuple(found)


def further_arrays(view: CaseView) -> FurtherArrays:
    """The further figures of all origins as arrays."""
    by_origin = [competing_stocks(view, o) if o in view.named else () for o in view.origins]
    every = [group for found in by_origin for group in found]
    families = [family for group in every for family in group.families]
    figures = [figure for family in families for figure in family]
    read = [reading(f) for f in figures]
    return FurtherArrays(
        first_group=_starts([len(found) for found in by_origin]),
        first_family=_starts([len(group.families) for group in every]),
        log_family_weight=np.array([w for group in every for w in group.log_weights], dtype=float),
        first_stock=_starts([len(family) for family in families]),
        stock_log=np.array([r.log for r in read], dtype=float),
        stock_sd=np.array([r.sd for r in read], dtype=float),
        stock_kind=np.array([r.kind for r in read], dtype=np.int32),
        stock_bound=np.array([r.bound for r in read], dtype=np.int32),
        stock_column=np.array([observed_figure(view, f).column for f in figures], dtype=np.int32),
    )


def _starts(sizes: list[int]) -> Ints:
    return np.cumsum([0, *sizes]).astype(np.int32)
