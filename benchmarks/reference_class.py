"""Scores of the reference class: first presences, rates against a constant, and totals against what followed.

    python benchmarks/reference_class.py [--quick]

Structure is chosen on the first table (as-of dates up to 2015, outcomes up to 2016-08-01). Everything later is
reported. `docs/reference-class.md` quotes what this prints.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence

import numpy as np

from afterfall.evaluate.events.event_totals import later_totals
from afterfall.evaluate.events.founding_scores import POPULATION_ONLY, FoundingScores, rolling, score_firsts
from afterfall.evaluate.events.rate_checks import rate_gains
from afterfall.reference.country_years import CANDIDATES, COVARIATES, RISKS
from afterfall.reference.custody_breaks import SIZES, break_groups
from afterfall.reference.event_rate import RECALLED_WEIGHT
from afterfall.reference.founding_fit import DEVIATIONS, GRID, period_grid
from afterfall.reference.organisation_events import EVENTS, organisation_counts, shared_events
from afterfall.reference.pooled_rates import GroupCounts, fit_pooled, posterior_draws, predictive_gain
from afterfall.reference.reference_class import open_reference_class

PERIODS = {
    "autoregression (kept)": GRID,
    "no period effect": ((0.5, 0.01, 1.0),),
    "independent years": period_grid((0.0,)),
    "random walk": tuple((0.999, s, float(np.exp(-0.5 * s**2))) for s in DEVIATIONS),
}
SETS = {
    "population alone": POPULATION_ONLY,
    "and neighbours": COVARIATES[:2],
    "and another (kept)": COVARIATES,
    "and instability": CANDIDATES,
    "instability, not another": (*COVARIATES[:2], "instability"),
}
TEST = (dt.date(2017, 2, 13), dt.date(2022, 12, 31))
WINDOWS = (
    (dt.date(2012, 1, 1), dt.date(2014, 1, 1)),
    (dt.date(2014, 8, 1), dt.date(2016, 8, 1)),
    (dt.date(2017, 2, 13), dt.date(2022, 2, 13)),
)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="leave out the rolling origins and leaving one out")
    quick = parser.parse_args().quick
    if not quick:
        choose()
    test()
    if not quick:
        left_out()
    totals()
    weights()


def choose() -> None:
    """Rolling origins 2010 to 2015, two years each, none after 2016-08-01."""
    print("Choosing the period effect: origins 2010 to 2015, outcomes to 2016-08-01")
    for name, grid in PERIODS.items():
        _rolled(name, rolling(RISKS, grid=grid))
    print("Choosing the covariates, on the same origins")
    for name, covariates in SETS.items():
        _rolled(name, rolling(RISKS, covariates=covariates))


def _rolled(name: str, scores: Sequence[FoundingScores]) -> None:
    for family in RISKS:
        own = [s for s in scores if s.family == family]
        print(
            f"  {name:26s}{family:5s} log score {sum(s.log_score for s in own):8.1f}"
            f"  AUC {np.nanmean([s.auc for s in own]):.3f}, a tenth Muslim "
            f"{np.nanmean([s.auc_tenth for s in own]):.3f}"
            f"  total {sum(s.expected for s in own):.1f} of {sum(s.observed for s in own)}"
            f"  CRPS of the total {np.mean([s.total_crps for s in own]):.2f}"
        )


def test() -> None:
    """First presences 2017 to 2022, as of 2017-02-13."""
    print(f"First presences from {TEST[0]} to {TEST[1]}")
    for family in RISKS:
        s = score_firsts(family, *TEST)
        print(
            f"  {family:5s} AUC {s.auc:.3f}, a tenth Muslim {s.auc_tenth:.3f}  total {s.expected:.1f} (median "
            f"{s.median:.0f}, {s.low:.0f} to {s.high:.0f}) of {s.observed}: factor {s.factor:.2f}, median "
            f"{s.median_factor:.2f}  Brier {s.brier:.4f}, population alone {s.brier_population:.4f}"
        )


def left_out() -> None:
    """Log predictive density of organisations and countries left out, against a constant rate."""
    known = open_reference_class()
    print("Gain in log predictive density over a constant rate, each organisation, state or family left out in turn")
    for name, gain in rate_gains(known).items():
        print(f"  {name:34s}{gain:8.1f}")
    for event in EVENTS:
        gain = predictive_gain(organisation_counts(event, known)[0], shared_events(event, known))
        print(f"  {event:34s}{gain:8.1f}")
    for size in SIZES:
        parts = [weighted for weighted, _ in break_groups(known, size).values()]
        columns = zip(*((p.events, p.years, p.events_losing, p.years_losing) for p in parts), strict=True)
        gain = predictive_gain(GroupCounts(*map(np.concatenate, columns)))
        print(f"  {f'prison break of {size} or more':34s}{gain:8.1f}")


def totals() -> None:
    """Events forecast and observed in three windows."""
    for as_of, until in WINDOWS:
        print(f"Forecast as of {as_of}, observed by {until}")
        for t in later_totals(as_of, until):
            brier = "" if np.isnan(t.brier) else f"  Brier {t.brier:.4f}, constant {t.brier_constant:.4f}"
            if not np.isnan(t.brier_never):
                brier += f", never {t.brier_never:.4f}, listed rate {t.brier_listed:.4f}"
            print(
                f"  {t.event:34s}{t.expected:6.1f} ({t.low:.0f} to {t.high:.0f}, width {t.width:.1f})"
                f"  observed {t.observed:3d}  {'inside ' if t.inside else 'OUTSIDE'}  gain {t.gain:6.1f}{brier}"
            )


def weights() -> None:
    """How rates move with the weight of recalled rows."""
    print(f"Weight of a recalled row: 0.25, {RECALLED_WEIGHT} (kept), 1")
    known = open_reference_class(TEST[0])
    for event in EVENTS:
        found = []
        for weight in (0.25, RECALLED_WEIGHT, 1.0):
            calm, ratio = posterior_draws(fit_pooled(organisation_counts(event, known, weight)[0]))
            found.append(f"{calm.mean():.3f} x {ratio.mean():.1f}")
        print(f"  {event:34s}{'; '.join(found)}")
    for family in RISKS:
        scores = [score_firsts(family, *TEST, recalled_weight=weight) for weight in (0.25, RECALLED_WEIGHT, 1.0)]
        print(f"  first presence, {family:5s} " + "; ".join(f"{s.expected:.1f}, AUC {s.auc:.3f}" for s in scores))


if __name__ == "__main__":
    main()
