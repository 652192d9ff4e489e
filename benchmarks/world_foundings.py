"""Scores of first foundings drawn from runs of isis-2017 as of 2017-02-13, and what they cost.

    python benchmarks/world_foundings.py [--trajectories N]

Prints rank (AUC over all countries and those a tenth Muslim), totals and Brier score within 12, 24, 60 and 70 months,
against the reference class alone and Muslim population alone, and the time of the draw against that of the run. Every
outcome here is later than the dates on which structure may be chosen: nothing is tuned to it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time

import afterfall
from afterfall.evaluate.events.founding_scores import FoundingScores, score_firsts, score_world
from afterfall.foundings import world_foundings
from afterfall.run.resolve import model_of

AS_OF, HORIZON, MONTHS = dt.date(2017, 2, 13), 70, (12, 24, 60, 70)


def main() -> None:
    """Print every score."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--trajectories", type=int, default=500)
    parser.add_argument("--prior-only", action="store_true", help="draw parameters from their priors")
    given = parser.parse_args()
    draws = "prior" if given.prior_only else "default"
    settings = {"as_of": AS_OF, "horizon": HORIZON, "draws": draws}
    afterfall.forecast("isis-2017", trajectories=2, **settings)  # compiles
    start = time.perf_counter()
    run = afterfall.forecast("isis-2017", trajectories=given.trajectories, **settings)
    ran = time.perf_counter() - start
    model = model_of(run)
    world_foundings(run, model)  # compiles
    start = time.perf_counter()
    found = world_foundings(run, model)
    drew = time.perf_counter() - start
    for month in MONTHS:
        show(f"run, within {month} months", score_world(found, AS_OF, month))
    scored = score_world(found, AS_OF, HORIZON)
    show("reference class alone, 70 months", score_firsts("ISIS", AS_OF, scored.until))
    print(
        f"{given.trajectories} trajectories: run {ran:.1f} s, first foundings {drew:.2f} s ({100 * drew / ran:.1f} %)"
    )


def show(name: str, s: FoundingScores) -> None:
    """One line of scores."""
    print(
        f"{name:34s} AUC {s.auc:.3f}, a tenth Muslim {s.auc_tenth:.3f}; total mean {s.expected:.1f}, median "
        f"{s.median:.0f} ({s.low:.0f} to {s.high:.0f}), observed {s.observed}; Brier {s.brier:.4f}, population alone "
        f"{s.brier_population:.4f}"
    )


if __name__ == "__main__":
    main()
