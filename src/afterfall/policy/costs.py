"""What a policy takes: capacity used, and what each lever costs in its own unit.

Money is left out where no source gives any: a month of monitoring is comparable over countries, its price is not. An
amount by unit of work is uncertain, lognormal between its percentiles, and drawn by its name, so that both sides of a
comparison pay the same price.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case
from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import PARAMETER, name_key
from afterfall.engine.quantiles import normal_quantile
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Z95
from afterfall.model.levers import Lever, Policy
from afterfall.model.levers.applying import months_in_full
from afterfall.model.levers.declaration import Cost, Evidence, latest
from afterfall.policy.paired_differences import Difference, Floats, difference
from afterfall.policy.people_counts import People


@dataclass(frozen=True, slots=True)
class Costing:
    """What B takes more than A of one thing; `lever` is empty for capacity that is used whatever the policy."""

    lever: str
    unit: str
    status: str
    note: str
    difference: Difference


def capacity_used(a: People, b: People, resources: dict[str, str]) -> dict[str, Costing]:
    """The capacity that both sides use up to the month asked for."""
    return {
        name: Costing("", unit, "counted", "", difference(a.used(name), b.used(name), "neither"))
        for name, unit in resources.items()
    }


def capacity_short(a: People, b: People) -> dict[str, Costing]:
    """Months in which each capacity of the country fell short; nothing for everyone, whose capacities are many."""
    if a.country is None:
        return {}
    rations = [str(r) for r in a.run.dataset["ration"].values]
    return {
        f"beyond.{r}": Costing("", f"months beyond capacity: {r}", "counted", "", gap)
        for r in rations
        for gap in [difference(a.months_beyond(r), b.months_beyond(r), "neither")]
    }


def lever_costs(a: People, b: People, sides: tuple[Policy, Policy], scene: CaseView) -> dict[str, Costing]:
    """Costs of every lever that either side sets."""
    levers = {lever.name: lever for side in sides for lever in side.levers}
    return {
        f"{lever.name}.{cost.name}": _costing(lever, cost, a, b, sides, scene)
        for lever in levers.values()
        for cost in lever.costs
    }


def _costing(lever: Lever, cost: Cost, a: People, b: People, sides: tuple[Policy, Policy], scene: CaseView) -> Costing:
    evidence = latest(cost.evidence, scene.case.as_of)
    price = prices(f"cost.{lever.name}.{cost.name}", evidence, a.seed, a.trajectories)
    if cost.per == "month":
        work = [np.full(len(price), months_in_full(side, lever.name, scene, a.month)) for side in sides]
    else:
        work = [a.used(cost.per), b.used(cost.per)]
    gap = difference(price * work[0], price * work[1], "neither")
    return Costing(lever.name, cost.unit, evidence.status, evidence.note, gap)


def prices(name: str, evidence: Evidence, seed: int, trajectories: Sequence[int]) -> Floats:
    """Draws of an amount ``(n,)``, keyed by its name."""
    keys = np.array([name_key(name)], dtype=np.uint64)
    low, high = math.log(evidence.low), math.log(evidence.high)
    mean, sd = (low + high) / 2.0, (high - low) / (2.0 * Z95)
    normals = [normal_quantile(float(uniforms_for(seed, t, PARAMETER, keys)[0])) for t in trajectories]
    return np.array([math.exp(mean + sd * z) for z in normals])


def unknown_quantities(case: Case, levers: Sequence[Lever], quantities: Sequence[str]) -> list[str]:
    """Costs and side effects of levers that name a quantity the model does not have."""
    known = {*quantities, "month"}
    named = [(x.name, "cost", c.per) for x in levers for c in x.costs]
    named += [(x.name, "side effect", s.quantity) for x in levers for s in x.side_effects]
    return [
        f"lever {lever!r}: {what} names {q!r}, not in case {case.id!r}" for lever, what, q in named if q not in known
    ]
