"""What a policy costs: capacity used, its price where one is published, and the cost of each lever in its own unit.

Capacity is in units of work: person-months, places, trials. Where a unit cost is published (`reference.unit_costs`) the
same work is also given in money, in the currency and the prices of the source. Amounts in different currencies are
never added. An amount per unit of work is uncertain, lognormal, and drawn by its name, so both policies of a comparison
pay the same price. The ends of its range are its 5th and 95th percentile. Where an average is published as well, the
range gives the spread only (the standard deviation of the logarithm) and the mean is that average: to take it as the
median would make the mean too high.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case
from afterfall.case.problems import did_you_mean
from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import PARAMETER, name_key
from afterfall.engine.quantiles import normal_quantile
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Z95
from afterfall.model.levers import Lever, Policy
from afterfall.model.levers.applying import months_in_full
from afterfall.model.levers.declaration import latest
from afterfall.policy.endpoints import RESOURCES
from afterfall.policy.paired_differences import Difference, Floats, difference
from afterfall.policy.people_counts import People
from afterfall.reference.unit_costs import unit_cost

#: How the names of costs in money begin.
MONEY = "money."
#: Whose figures price what custodians in the theatre and their donors pay.
CUSTODY = "SYR"
#: What money is spent on, by the quantity that a published unit cost prices.
SPENT_ON = {
    "imprisoned": "prison places",
    "monitored": "monitoring",
    "prosecuted": "inquiries and trials",
    "repatriated": "bringing people home",
    "in_programme": "places in programmes",
    "detained": "holding people in or near the theatre, paid by others",
}


@dataclass(frozen=True, slots=True)
class Spending:
    """What one side spends on one thing up to the requested month.

    Attributes
    ----------
    lever
        The lever that it is for; empty for capacity that is used under any policy.
    unit, status, note
        Its unit, the kind of evidence for an amount per unit of work, and what that rests on.
    amount
        By simulation ``(n,)``.
    currency, price_year
        ISO 4217 code and year of the prices; empty and 0 for what is no money.
    """

    lever: str
    unit: str
    status: str
    note: str
    amount: Floats
    currency: str = ""
    price_year: int = 0


@dataclass(frozen=True, slots=True)
class CostDifference:
    """What B costs more than A in one unit; other fields as in `Spending`."""

    lever: str
    unit: str
    status: str
    note: str
    difference: Difference
    currency: str = ""
    price_year: int = 0


def cost_differences(a: Mapping[str, Spending], b: Mapping[str, Spending]) -> dict[str, CostDifference]:
    """What B spends more than A, by name."""
    return {
        name: CostDifference(
            one.lever,
            one.unit,
            one.status,
            one.note,
            difference(one.amount, b[name].amount, "neither"),
            one.currency,
            one.price_year,
        )
        for name, one in a.items()
    }


def spending(people: People, policy: Policy, levers: Sequence[Lever], view: CaseView) -> dict[str, Spending]:
    """What a side spends: capacity used, months short of it, money where a price is published, and what levers cost.

    Parameters
    ----------
    people
        The people of the country, or everyone, under the policy.
    policy
        The policy.
    levers
        Levers whose costs are wanted, whether the policy sets them or not.
    view
        The case as the model sees it.
    """
    found = {name: Spending("", unit, "counted", "", people.used(name)) for name, unit in RESOURCES.items()}
    return found | _months_short(people) | _money(people, view.case.as_of) | _lever_costs(people, policy, levers, view)


def _months_short(people: People) -> dict[str, Spending]:
    """Months in which each capacity was exceeded; empty for everyone, since capacities are national."""
    if people.country is None:
        return {}
    rations = [str(r) for r in people.run.dataset["ration"].values]
    return {
        f"beyond.{r}": Spending("", f"months beyond capacity: {r}", "counted", "", people.months_over_capacity(r))
        for r in rations
    }


def _money(people: People, day: dt.date) -> dict[str, Spending]:
    """Money for capacity used, where a unit cost was published by the day."""
    found = {}
    for name in RESOURCES:
        price = unit_cost(name, people.country, day)
        if price is None:
            continue
        low, high = price.per_month
        average = price.average_per_month
        drawn = prices(f"cost.{price.id}", low, high, people.seed, people.trajectories, average)
        whose = "" if price.country in (people.country, CUSTODY) else f", as paid in {price.country}"
        found[f"{MONEY}{name}"] = Spending(
            "",
            f"{price.currency} of {price.price_year}: {SPENT_ON[name]}{whose}",
            f"published, {price.grade}",
            f"{price.source}; {price.basis}; {price.url}",
            drawn * people.used(name),
            price.currency,
            price.price_year,
        )
    return found


def _lever_costs(people: People, policy: Policy, levers: Sequence[Lever], view: CaseView) -> dict[str, Spending]:
    """Costs that levers declare for themselves."""
    found = {}
    for lever in levers:
        for cost in lever.costs:
            evidence = latest(cost.evidence, view.case.as_of)
            name = f"{lever.name}.{cost.name}"
            price = prices(f"cost.{name}", evidence.low, evidence.high, people.seed, people.trajectories)
            work = (
                np.full(len(price), months_in_full(policy, lever.name, view, people.month))
                if cost.per == "month"
                else people.used(cost.per)
            )
            found[name] = Spending(lever.name, cost.unit, evidence.status, evidence.note, price * work)
    return found


def prices(
    name: str, low: float, high: float, seed: int, trajectories: Sequence[int], average: float | None = None
) -> Floats:
    """Draws of an amount ``(n,)``, keyed by its name.

    Parameters
    ----------
    name
        Its name.
    low, high
        5th and 95th percentile; with an average, their ratio alone counts.
    seed, trajectories
        Of the simulations.
    average
        Mean of the amount, where it is known.
    """
    keys = np.array([name_key(name)], dtype=np.uint64)
    first, last = math.log(low), math.log(high)
    mean, sd = (first + last) / 2.0, (last - first) / (2.0 * Z95)
    if average is not None:
        mean = math.log(average) - sd**2 / 2.0
    normals = [normal_quantile(float(uniforms_for(seed, t, PARAMETER, keys)[0])) for t in trajectories]
    return np.array([math.exp(mean + sd * z) for z in normals])


def unknown_quantities(case: Case, levers: Sequence[Lever], quantities: Sequence[str]) -> list[str]:
    """Messages for costs and side effects of levers that name a quantity the model does not have."""
    known = {*quantities, "month"}
    named = [(x.name, "cost", c.per) for x in levers for c in x.costs]
    named += [(x.name, "side effect", s.quantity) for x in levers for s in x.side_effects]
    return [
        f"lever {lever!r}: {what} names {q!r}, which case {case.id!r} does not have{did_you_mean(q, known)}"
        for lever, what, q in named
        if q not in known
    ]
