"""Scores of first presences: on the dates that chose their structure, and of a run of isis-2017 as of 2017-02-13.

    python benchmarks/world_foundings.py [--trajectories N]

First, on as-of dates with outcomes up to 2016-08-01: the reference class alone, the draw with what is there on the
as-of date lasting, and with it ending too (kept), as ratios of Brier scores and differences of log scores. Then the
run: rank (AUC over all countries and those a tenth Muslim), totals and Brier score within 12, 24, 60 and 70 months,
against the reference class alone and Muslim population alone; active organisations and armed conflicts against none
anywhere; and the time of the draw against that of the run. Every outcome of the run is later than the dates on which
structure may be chosen: nothing is tuned to it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from dataclasses import replace

import numpy as np

import afterfall
from afterfall.case import open_case
from afterfall.evaluate.events.founding_scores import FoundingScores, score_firsts, score_world
from afterfall.evaluate.events.growth_scores import GROWN, score_growth
from afterfall.foundings import world_foundings
from afterfall.foundings.founding_risk import founding_risk
from afterfall.foundings.founding_sampler import CELLS, LASTING
from afterfall.foundings.world_foundings import WorldFoundings, draw_world
from afterfall.model.language.case_view import CaseView
from afterfall.run.months import add_months
from afterfall.run.resolve import model_of

AS_OF, HORIZON, MONTHS = dt.date(2017, 2, 13), 70, (12, 24, 70)
#: As-of dates whose outcomes end by 2016-08-01, with the months that they cover.
EARLY = (
    (dt.date(2014, 1, 1), 23),
    (dt.date(2014, 6, 30), 25),
    (dt.date(2015, 1, 31), 18),
    (dt.date(2015, 7, 31), 12),
    (dt.date(2015, 12, 31), 7),
)
DRAWN = 6000
SHOWN = ("MRT", "ISR", "SDN", "IRN", "CHN")


def main() -> None:
    """Print every score."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--trajectories", type=int, default=200)
    parser.add_argument("--prior-only", action="store_true", help="draw parameters from their priors")
    parser.add_argument("--no-run", action="store_true", help="leave out the run and its cost")
    given = parser.parse_args()
    for day, months in EARLY:
        chosen(day, months)
    late()
    if not given.no_run:
        cost(given.trajectories, "prior" if given.prior_only else "default")


def chosen(day: dt.date, months: int) -> None:
    """Scores on one of the dates that chose the structure."""
    risk = founding_risk(CaseView(open_case("isis-2017", as_of=day)))
    alone = score_firsts("ISIS", day, add_months(day, months))
    show(f"{day}, {months} months: reference alone", alone)
    lasting = replace(risk, present=np.where(risk.present >= CELLS, LASTING, risk.present).astype(np.int16))
    show("  what is there lasts", score_world(draw_world(lasting, day, 1, DRAWN, months), day))
    found = draw_world(risk, day, 1, DRAWN, months)
    scored = score_world(found, day)
    ratio, gain = scored.brier / alone.brier, scored.log_score - alone.log_score
    show("  what is there ends too (kept)", scored, f"; Brier ratio {ratio:.2f}, log score {gain:+.1f}")
    grown(found, day, months)


def late() -> None:
    """Scores of draws as of 2017-02-13, of the case alone."""
    found = draw_world(founding_risk(CaseView(open_case("isis-2017", as_of=AS_OF))), AS_OF, 1, DRAWN, HORIZON)
    for month in MONTHS:
        show(f"{DRAWN} draws, {month} months", score_world(found, AS_OF, month))
        grown(found, AS_OF, month)
    show(f"reference class alone, {HORIZON} months", score_firsts("ISIS", AS_OF, add_months(AS_OF, HORIZON)))
    totals = found.total(HORIZON)
    print(
        f"total within {HORIZON} months: mean {totals.mean():.1f}, quartiles {np.quantile(totals, (0.25, 0.5, 0.75))}"
    )
    for code in SHOWN:
        one = found.country(code, HORIZON)
        print(
            f"{code} within {HORIZON} months: first presence {one.probability:.2f}, active organisation "
            f"{one.organisation:.2f}, armed conflict {one.conflict:.2f}"
        )
    pace = found.rates.pace[:, ::12]
    print(f"pace by year: median {np.round(np.median(pace, axis=0), 2)}, mean {np.round(pace.mean(axis=0), 2)}")
    print("likeliest:", ", ".join(f"{one.code} {one.probability:.2f}" for one in found.countries(HORIZON)[:15]))


def cost(trajectories: int, draws: str) -> None:
    """Scores of a run as of 2017-02-13, and the time of the draw against that of the run."""
    afterfall.forecast("isis-2017", as_of=AS_OF, horizon=HORIZON, draws=draws, trajectories=2)  # compiles
    start = time.perf_counter()
    run = afterfall.forecast("isis-2017", as_of=AS_OF, horizon=HORIZON, draws=draws, trajectories=trajectories)
    ran = time.perf_counter() - start
    model = model_of(run)
    world_foundings(run, model)  # compiles
    start = time.perf_counter()
    found = world_foundings(run, model)
    drew = time.perf_counter() - start
    for month in MONTHS:
        show(f"run, within {month} months", score_world(found, AS_OF, month))
    print(f"{trajectories} trajectories: run {ran:.1f} s, first presences {drew:.2f} s ({100 * drew / ran:.1f} %)")


def grown(found: WorldFoundings, day: dt.date, month: int) -> None:
    """One line each for active organisations and armed conflicts; conflicts by the last whole calendar year."""
    for what in GROWN:
        if what == "conflict" and add_months(day, month).year == day.year:
            continue
        s = score_growth(found, day, month, what)
        print(
            f"    {what}, {s.month} months: AUC {s.auc:.3f}; total mean {s.mean:.1f}, median {s.median:.0f} "
            f"({s.low:.0f} to {s.high:.0f}), observed {len(s.observed)} ({', '.join(s.observed)}); "
            f"Brier {s.brier:.4f}, none anywhere {s.brier_never:.4f}"
        )


def show(name: str, s: FoundingScores, more: str = "") -> None:
    """One line of scores."""
    print(
        f"{name:42s} AUC {s.auc:.3f}, a tenth Muslim {s.auc_tenth:.3f}; total mean {s.expected:.1f}, median "
        f"{s.median:.0f} ({s.low:.0f} to {s.high:.0f}), observed {s.observed}; Brier {s.brier:.4f}, population alone "
        f"{s.brier_population:.4f}; log score {s.log_score:.1f}{more}"
    )


if __name__ == "__main__":
    main()
