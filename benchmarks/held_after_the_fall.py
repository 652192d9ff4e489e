"""People held in the theatre after the fall, by origin, next to what was published later: hindsight, no forecast.

    python benchmarks/held_after_the_fall.py [CASE] [--as-of DATE] [--given EVENT] [--held-by START] [--trajectories N]

The forecast is given that all ground falls by a month, so that only errors about people are left. For each later count
of people held of one origin (of the custodians whose names begin with START, and those of unnamed custodians): people
of the run in the month nearest to it, what a count with the error of its source would say of them, the figure, and
whether it lies in that 90 % interval. Custodians and roles are read as in the starting state. Origins are counted once
for each count; the last line gives the share inside.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
from starting_states import Interval

import afterfall
from afterfall.case import Figure, open_case, open_whole_case
from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.held_figures import HELD_QUANTITIES, HELD_ROLES, custodians_of
from afterfall.model.observation.measurement_error import reading
from afterfall.run import Run
from afterfall.run.quantile_levels import low_median_high

SEED = 1
ROLE_QUANTITIES = ("fighters", "adults", "minors")


def main() -> None:
    """Forecast given the fall, and print every later count of people held of an origin."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("case", nargs="?", default="isis-2017")
    asked.add_argument("--as-of", default="2016-08-01")
    asked.add_argument("--given", default="all fall by 2019-03")
    asked.add_argument("--held-by", default="ne-syria", help="the start of custodians' names")
    asked.add_argument("--trajectories", type=int, default=400)
    args = asked.parse_args()
    case, whole = open_case(args.case, as_of=args.as_of), open_whole_case(args.case)
    run = afterfall.forecast(case, trajectories=args.trajectories, seed=SEED, given=args.given, run_dir=None)
    print(f"{args.case} as of {args.as_of}, given {args.given}, {args.trajectories} simulations (hindsight)")
    print(f"{'origin':<8}{'who':<9}{'people':>20}{'as counted':>22}{'published':>11}  {'of':<11}inside")
    inside: list[bool] = []
    for figure in later_counts(case.as_of.isoformat(), CaseView(whole), run, args.held_by):
        people = held(run, CaseView(whole), figure)
        error = np.random.default_rng(SEED).normal(0.0, reading(figure).sd, people.size)
        counted = Interval(*low_median_high(people * np.exp(error)))
        least = figure.bound == "at_least"
        inside.append(counted.high >= figure.low and (least or counted.low <= figure.high))
        published = f"{'>' if least else ''}{figure.value:,.0f}"
        print(
            f"{figure.place:<8}{figure.role or 'everyone':<9}{Interval(*low_median_high(people)).text:>20}"
            f"{counted.text:>22}{published:>11}  {figure.refers_to.text:<11}{'yes' if inside[-1] else 'NO'}"
        )
    print(f"{sum(inside)} of {len(inside)} published counts inside the 90 % interval")


def later_counts(as_of: str, view: CaseView, run: Run, start: str) -> Iterator[Figure]:
    """Counts of people held of a named origin, published after the as-of date, of days that the run reaches."""
    reach = int(run.dataset["origin_month"].values[-1])
    for quantity in HELD_QUANTITIES:
        for figure in view.case.figures_of(quantity):
            later = figure.published.last_day.isoformat() > as_of
            if figure.place not in view.named or figure.basis != "stock" or not later:
                continue
            custodians = custodians_of(view, figure)
            if custodians and all(k.startswith(start) for k in custodians) and 0 < month_in(run, figure) <= reach:
                yield figure


def month_in(run: Run, figure: Figure) -> int:
    """Months from the as-of date of the run to the day of a figure, rounded down."""
    began, day = run.request.as_of, figure.refers_to.last_day
    return 12 * (day.year - began.year) + day.month - began.month - (day.day < began.day)


def held(run: Run, view: CaseView, figure: Figure) -> Floats:
    """People ``(n,)`` held by the custodians and in the roles of a figure, in the recorded month nearest to its day."""
    total = np.zeros(run.request.trajectories)
    for custodian in custodians_of(view, figure):
        for role in HELD_ROLES[figure.role]:
            of = run.quantity(f"detained_{custodian}_{ROLE_QUANTITIES[role]}", figure.place)
            total += of.sel(origin_month=month_in(run, figure), method="nearest").values
    return total


if __name__ == "__main__":
    main()
