"""What a policy costs: capacity used, and the cost of each lever in its own unit.

Money is left out unless a source gives it: a month of monitoring is comparable across countries, its price is not. An
amount per unit of work is uncertain, lognormal between its percentiles, and drawn by its name, so both policies of a
comparison pay the same price.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

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
class CostDifference:
    """What B costs more than A in one unit; `lever` is empty for capacity that is used under any policy."""

    lever: str
    unit: str
    status: str
    note: str
    difference: Difference


def capacity_used(a: People, b: People, resources: dict[str, str]) -> dict[str, CostDifference]:
    """Difference in capacity used up to the requested month."""
    return {
        name: CostDifference("", unit, "counted", "", difference(a.used(name), b.used(name), "neither"))
        for name, unit in resources.items()
    }


def capacity_short(a: People, b: People) -> dict[str, CostDifference]:
    """Months in which each capacity of the country was exceeded; empty for everyone, since capacities are national."""
    if a.country is None:
        return {}
    rations = [str(r) for r in a.run.dataset["ration"].values]
    return {
        f"beyond.{r}": CostDifference("", f"months beyond capacity: {r}", "counted", "", gap)
        for r in rations
        for gap in [difference(a.months_over_capacity(r), b.months_over_capacity(r), "neither")]
    }


def lever_costs(a: People, b: People, policies: tuple[Policy, Policy], view: CaseView) -> dict[str, CostDifference]:
    """Costs of every lever that either policy sets."""
    levers = {lever.name: lever for policy in policies for lever in policy.levers}
    return {
        f"{lever.name}.{cost.name}": _cost_difference(lever, cost, a, b, policies, view)
        for lever in levers.values()
        for cost in lever.costs
    }


def _cost_difference(
    lever: Lever, cost: Cost, a: People, b: People, policies: tuple[Policy, Policy], view: CaseView
) -> CostDifference:
    evidence = latest(cost.evidence, view.case.as_of)
    price = prices(f"cost.{lever.name}.{cost.name}", evidence, a.seed, a.trajectories)
    if cost.per == "month":
        work = [np.full(len(price), months_in_full(policy, lever.name, view, a.month)) for policy in policies]
    else:
        work = [a.used(cost.per), b.used(cost.per)]
    gap = difference(price * work[0], price * work[1], "neither")
    return CostDifference(lever.name, cost.unit, evidence.status, evidence.note, gap)


def prices(name: str, evidence: Evidence, seed: int, trajectories: Sequence[int]) -> Floats:
    """Draws of an amount ``(n,)``, keyed by its name."""
    keys = np.array([name_key(name)], dtype=np.uint64)
    low, high = math.log(evidence.low), math.log(evidence.high)
    mean, sd = (low + high) / 2.0, (high - low) / (2.0 * Z95)
    normals = [normal_quantile(float(uniforms_for(seed, t, PARAMETER, keys)[0])) for t in trajectories]
    return np.array([math.exp(mean + sd * z) for z in normals])


def unknown_quantities(case: Case, levers: Sequence[Lever], quantities: Sequence[str]) -> list[str]:
    """Messages for costs and side effects of levers that name a quantity the model does not have."""
    known = {*quantities, "month"}
    named = [(x.name, "cost", c.per) for x in levers for c in x.costs]
    named += [(x.name, "side effect", s.quantity) for x in levers for s in x.side_effects]
    return [
        f"lever {lever!r}: {what} names {q!r}, which case {case.id!r} does not have{_nearest(q, known)}"
        for lever, what, q in named
        if q not in known
    ]


def _nearest(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
