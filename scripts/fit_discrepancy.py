"""Estimates the model discrepancy of bundled cases, from as-of dates up to 2015-12 and figures published by 2016-08.

    python scripts/fit_discrepancy.py [--trajectories 200] [CASE ...]

Forecasts the cases from every calibration date and rewrites their part of
``src/afterfall/evaluate/figures/discrepancy.toml``: one table for each date by which something could be estimated. The
parts of other cases stay. Run it after a change of the model. It uses nothing published after that date. The file also
records the models and draws of the forecasts; a test fails when they have changed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import textwrap
from collections.abc import Collection
from pathlib import Path

from afterfall.case import Case, cut, open_case
from afterfall.evaluate.core.outcomes import select
from afterfall.evaluate.figures.model_discrepancy import FILE, DiscrepancyMixture, PastPrediction, fit_discrepancy
from afterfall.evaluate.figures.predicted_figures import reported_figure
from afterfall.model import build
from afterfall.run import DEFAULT_SEED, Run, forecast

OUT = Path(__file__).parents[1] / "src" / "afterfall" / "evaluate" / "figures" / FILE
HORIZON = 60


def main() -> None:
    """Estimate and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=["isis-2017"])
    parser.add_argument("--trajectories", type=int, default=200)
    asked = parser.parse_args()
    lines = [
        "# Made by scripts/fit_discrepancy.py: by case and day, the triples that each quantity averages:",
        "# share of wide errors, their size, share of repeats.",
    ]
    estimated = {whole.id: _tables(whole, asked.trajectories) for whole in map(_whole, asked.cases)}
    for tables in (*kept(OUT.read_text(encoding="utf-8"), estimated), *estimated.values()):
        lines += tables
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"written: {OUT}")


def kept(content: str, estimated: Collection[str]) -> list[list[str]]:
    """The tables of the cases that were not estimated this time."""
    tables = [table.splitlines() for table in content.split("\n\n") if table.startswith("[")]
    return [["", *table] for table in tables if table[0].strip("[]").split(".")[0] not in estimated]


def _whole(name: str) -> Case:
    return open_case(name, as_of=dt.date.max)


def _tables(whole: Case, trajectories: int) -> list[str]:
    dates, last = whole.evaluation.calibration, whole.evaluation.calibrated_by
    if not dates or last is None:
        raise SystemExit(f"{whole.id}: add calibration and calibrated_by to [evaluation] of its case.toml")
    runs = {day: _run(whole, day, trajectories) for day in dates}
    lines = []
    for published_by in (*dates[1:], last):
        known = cut(whole, published_by)
        predictions = [
            PastPrediction(outcome, reported_figure(run, outcome))
            for day, run in runs.items()
            if day < published_by
            for outcome in select(known, day, HORIZON).outcomes
        ]
        lines += ["", f"[{whole.id}.{published_by.isoformat()}]"]
        for quantity, found in fit_discrepancy(predictions, seed=DEFAULT_SEED).items():
            lines += [f"{quantity} = [", *_listed(found), "]"]
    for day, run in runs.items():
        made_by = (f'model = "{run.request.model_hash}"', f'draws = "{run.request.draws}"')
        lines += ["", f"[{whole.id}.forecast.{day.isoformat()}]", *made_by]
    return lines


def _listed(mixture: DiscrepancyMixture) -> list[str]:
    """The lines of a mixture in TOML, with no break within a triple."""
    triples = " ".join(f"[{one.share},{one.size},{one.repeats}]," for one in mixture)
    return textwrap.wrap(triples, 118, initial_indent="  ", subsequent_indent="  ")


def _run(whole: Case, day: dt.date, trajectories: int) -> Run:
    months = select(whole, day, HORIZON).months
    print(f"{whole.id} as of {day}", flush=True)
    return forecast(build(cut(whole, day), horizon=HORIZON, record_months=months), trajectories=trajectories)


if __name__ == "__main__":
    main()
