"""Breaks of custody to come in `isis`: the rate of the reference class, each captor's record, the posterior, chances.

    python benchmarks/breaks_to_come.py --as-of 2024-12-08 --months 15 --trajectories 300

Chances are those of the rates themselves; with simulations, those of a forecast and the people whom breaks move.
"""

from __future__ import annotations

import argparse

import numpy as np

import afterfall
from afterfall.model import Model
from afterfall.model.mechanisms.learned_breaks import captor_risks, held_sites, outcomes
from afterfall.reference import open_reference_class
from afterfall.reference.custody_breaks import custody_rates
from afterfall.report.forecast.breaks_in_run import custody_in_run


def main() -> None:
    """Print everything for one as-of date."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--as-of", default="2024-12-08")
    asked.add_argument("--months", type=int, default=15)
    asked.add_argument("--trajectories", type=int, default=0)
    given = asked.parse_args()
    case = afterfall.open_case("isis", as_of=given.as_of)
    model = afterfall.build(case, horizon=given.months)
    print(f"as of {case.as_of}, within {given.months} months")
    rates(model, given.months)
    if given.trajectories:
        simulated(model, given.months, given.trajectories)


def spread(values: np.ndarray) -> str:
    """Mean and 90 % interval."""
    low, high = np.quantile(values, (0.05, 0.95))
    return f"{values.mean():.3g} ({low:.3g} to {high:.3g})"


def rates(model: Model, months: int) -> None:
    """The class, the record and the posterior of each captor, and the chances at each site."""
    for rate in custody_rates(open_reference_class(model.case.as_of)):
        print(
            f"class: {rate.event}, {rate.stratum}: {rate.events} in {rate.exposure:.1f} {rate.unit}, "
            f"{rate.mean:.3g} ({rate.low:.3g} to {rate.high:.3g})"
        )
    known = outcomes(model.view)
    print("one further break: out", spread(known.out), "retaken", spread(known.retaken))
    print("collapse", spread(known.collapse), "from", known.counts)
    chance, risks = float(known.collapse.mean()), {r.captor.custodians[0]: r for r in captor_risks(model.view)}
    for first, risk in risks.items():
        exposure = f"{risk.record}: {risk.events} in {risk.years:.1f} years" if risk.years else f"as {risk.record}"
        fall = float(-np.expm1(-risk.rate * chance * months / 12.0).mean())
        print(f"captor of {first} ({exposure}): {spread(risk.rate)} a year; collapse {fall:.3f}")
    for site in held_sites(model.view):
        each = risks[site.captor].rate * site.share * (1.0 - chance)
        part = "not counted" if site.part is None else f"{site.part:.2f}"
        print(
            f"  {site.code}: share {site.share:.2f}, part {part}, break {-np.expm1(-each * months / 12.0).mean():.3f}"
        )


def simulated(model: Model, months: int, trajectories: int) -> None:
    """Chances and people in a forecast."""
    run = afterfall.forecast(model, trajectories=trajectories, seed=1, draws="prior")
    found = custody_in_run(run, model, months)
    if found is None:
        print("no breaks in the simulations")
        return
    for line in found.lines:
        held, out = (f"{r.median:.0f} ({r.low90:.0f} to {r.high90:.0f})" for r in (line.held, line.out))
        print(f"{line.kind} {line.code}: {line.by:.3f}; held {held}, of them out {out}")
    for name, label, _ in found.people:
        moved = run.quantity(name).sel(month=months).values
        print(f"{name} ({label}): mean {moved.mean():.0f}, {np.quantile(moved, (0.5, 0.8, 0.95)).round().tolist()}")
    fired = run.dataset["events"].values[:, -len(model.custody_breaks) :]
    print("any break or collapse:", float((fired <= months).any(axis=1).mean()))


if __name__ == "__main__":
    main()
