"""Starting states of ten origins next to their published counts, and whether returns are forecast too high or too low.

    python benchmarks/starting_states.py [CASE] [--as-of DATE] [--origins CAN,FRA,...] [--trajectories N] [--prior-only]

For each origin and quantity: people at the as-of date, what a count of the kind last published would say of them (with
its definition, the share reported and the error of its source), the figure, and whether it lies in that 90 % interval.
The figure may be older than the as-of date: its date is shown. Without `--origins`, the ten origins whose last stock in
the theatre is the largest; where fewer have one, those with the largest count of returned follow.

Then totals against the last published ones, over all origins; and the mean PIT of later counts of the returned, by
country, without the regression that forecasts are pooled with. A mean under one half says that forecasts are too high.
Only the last of these needs figures that were published later.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

import afterfall
from afterfall.case import Case, Figure, open_case, open_whole_case
from afterfall.evaluate.core.last_published import last_published_figure
from afterfall.evaluate.core.outcomes import Outcome, select
from afterfall.evaluate.core.scoring_rules import on_scale, pit
from afterfall.evaluate.figures.published_count import CountForecast, later_count
from afterfall.model import build
from afterfall.model.language.case_view import CaseView
from afterfall.run.quantile_levels import low_median_high

QUANTITIES = ("travelled", "in_theatre", "returned", "killed_so_far", "third_country")
STOCK, RETURNED, TOTAL = "in_theatre", "returned", "travelled"
ORIGINS, SEED = 10, 1
#: A count whose source is not known: usually reliable.
RELIABILITY = "B"


class Interval(NamedTuple):
    """Ends of a 90 % interval and the median between them, in people."""

    low: float
    median: float
    high: float

    @property
    def text(self) -> str:
        """The median and the interval in whole people."""
        return f"{self.median:,.0f} ({self.low:,.0f}-{self.high:,.0f})"


@dataclass(frozen=True)
class StartRow:
    """One quantity of one origin: people at the start, what a count would say, and what was published last."""

    origin: str
    quantity: str
    people: Interval
    counted: Interval
    figure: Figure

    @property
    def inside(self) -> bool:
        """Whether what was published is in the 90 % interval of the count; a bound needs one end only."""
        low, high = self.figure.low, self.figure.high
        if self.figure.bound == "at_least":
            return self.counted.high >= low
        if self.figure.bound == "at_most":
            return self.counted.low <= high
        return low <= self.counted.high and high >= self.counted.low


def largest_stocks(case: Case, number: int = ORIGINS) -> tuple[str, ...]:
    """Origins with the largest last stock in the theatre, then those with the largest count of returned."""
    named = CaseView(case).named
    found: list[str] = []
    for quantity in (STOCK, RETURNED):
        last = {o: last_published_figure(case, quantity, o) for o in named}
        sizes = {o: f.value for o, f in last.items() if f is not None and o not in found}
        found += sorted(sizes, key=lambda o: (-sizes[o], o))
    return tuple(found[:number])


def start_rows(forecast: CountForecast, origins: Sequence[str]) -> Iterator[StartRow]:
    """The start of each origin, for each quantity of which something was published."""
    for origin in origins:
        for quantity in QUANTITIES:
            figure = last_published_figure(forecast.known, quantity, origin)
            if figure is not None:
                count = later_count(forecast, quantity, origin, 0, RELIABILITY)
                people = Interval(*low_median_high(forecast.people(count)))
                counted = Interval(*low_median_high(forecast.model_counts(count)))
                yield StartRow(origin, quantity, people, counted, figure)


def mean_pits(forecast: CountForecast, outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Mean PIT of later counts by place, of what each adds to the last figure published by the as-of date."""
    found: dict[str, list[float]] = defaultdict(list)
    for one in outcomes:
        offset = one.offset or 0.0
        samples = on_scale(forecast.model_counts(one), offset)[None, :]
        found[one.place].append(float(pit(on_scale([one.value], offset), samples, [one.figure], seed=SEED)[0]))
    return {place: float(np.mean(values)) for place, values in sorted(found.items())}


def print_starts(rows: Sequence[StartRow]) -> None:
    """Print the table of starts, and how many figures lie inside, by quantity."""
    print(f"{'origin':<8}{'quantity':<15}{'people':>24}{'as counted':>24}{'published':>12}  {'of':<11}{'inside':<6}")
    for row in rows:
        bound = {"at_least": ">", "at_most": "<"}.get(row.figure.bound, "")
        print(
            f"{row.origin:<8}{row.quantity:<15}{row.people.text:>24}{row.counted.text:>24}"
            f"{bound + f'{row.figure.value:,.0f}':>12}  {row.figure.refers_to.text:<11}{'yes' if row.inside else 'NO'}"
        )
    for quantity in QUANTITIES:
        of = [row.inside for row in rows if row.quantity == quantity]
        if of:
            print(f"{quantity}: {sum(of)} of {len(of)} published figures inside the 90 % interval")


def print_totals(rows: Sequence[StartRow]) -> None:
    """Print how far the medians of totals lie from the last published totals, as counted, over all origins."""
    ratios = np.array([np.log(max(r.counted.median, 1.0) / r.figure.value) for r in rows if r.figure.value > 0])
    print(
        f"totals as counted against the last published, {len(ratios)} origins: geometric mean of the ratio "
        f"{np.exp(ratios.mean()):.2f}, mean distance {100 * np.expm1(np.abs(ratios).mean()):.0f} %"
    )


def print_pits(pits: dict[str, float]) -> None:
    """Print the mean PIT by country and its mean, each country once."""
    if not pits:
        print("no later count of the returned of a country")
        return
    print("mean PIT of returned by country: " + ", ".join(f"{place} {value:.2f}" for place, value in pits.items()))
    print(f"mean over {len(pits)} countries, each once: {np.mean(list(pits.values())):.2f}")


def asked() -> argparse.Namespace:
    """Arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="?", default="isis-2017")
    parser.add_argument("--as-of", default=None)
    parser.add_argument("--origins", default="")
    parser.add_argument("--horizon", type=int, default=60)
    parser.add_argument("--trajectories", type=int, default=400)
    parser.add_argument("--prior-only", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Forecast once, and print the three comparisons."""
    args = asked()
    case = open_case(args.case, as_of=args.as_of)
    origins = tuple(filter(None, args.origins.split(","))) or largest_stocks(case)
    model = build(case, horizon=args.horizon)
    draws = "prior" if args.prior_only else "default"
    run = afterfall.forecast(model, trajectories=args.trajectories, seed=SEED, draws=draws)
    forecast = CountForecast.of(run, case)
    print(f"{case.id} as of {case.as_of}, {args.trajectories} simulations, parameters: {draws}")
    print_starts(list(start_rows(forecast, origins)))
    print_totals([row for row in start_rows(forecast, model.view.named) if row.quantity == TOTAL])
    later = select(open_whole_case(args.case), case.as_of, args.horizon).outcomes
    print_pits(mean_pits(forecast, [o for o in later if o.quantity == RETURNED and o.place in model.view.named]))


if __name__ == "__main__":
    main()
