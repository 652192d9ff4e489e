"""Options side by side as one JSON object: stable keys, no rounding."""

from __future__ import annotations

from typing import Any

from afterfall.policy.cost_per_outcome import cost_per_outcome, extra_costs
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_set import OptionSet
from afterfall.report.comparison.comparison_json import cost_json, difference_json, policy_run_json
from afterfall.report.comparison.option_verdicts import verdicts
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp


def option_json(found: OptionSet, command: str) -> dict[str, Any]:
    """The object that ``afterfall compare --option ... --json`` prints (schema ``options``)."""
    return json_object("options", option_stamp(found, command), option_body(found))


def option_stamp(found: OptionSet, command: str) -> PartialStamp:
    """Where the numbers come from."""
    run = found.any.a.run
    return PartialStamp(
        case=run.request.case,
        case_hash=run.request.case_hash,
        as_of=run.as_of,
        model_version=run.request.model_version,
        draws=run.request.draws,
        seed=run.request.seed,
        trajectories=run.request.trajectories,
        horizon=run.request.horizon,
        command=command,
        case_warnings=None if run.model is None else len(run.model.case.warnings),
    )


def option_body(found: OptionSet) -> dict[str, Any]:
    """Everything but the stamp."""
    one = found.any
    sides = [one.a, *(c.b for c in found.comparisons)]
    return {
        "country": one.country,
        "month": one.month,
        "date": one.a.run.date(one.month),
        "counterfactual": any(c.counterfactual for c in found.comparisons),
        "verdicts": verdicts(found),
        "options": [{"option": name, **policy_run_json(side)} for name, side in zip(found.names, sides, strict=True)],
        "outcomes": {o.quantity: _outcome(found, o) for o in found.outcomes},
        "dominated": found.dominated(),
        "costs": {
            name: {key: cost_json(cost) for key, cost in c.costs.items()}
            for name, c in zip(found.names[1:], found.comparisons, strict=True)
        },
        "cost_per_outcome": {found.names[i]: _prices(found, i) for i in range(1, len(found.names))},
        "others": {
            name: {key: difference_json(gap) for key, gap in c.others.items()}
            for name, c in zip(found.names[1:], found.comparisons, strict=True)
        },
    }


def _prices(found: OptionSet, option: int) -> dict[str, Any]:
    """By outcome that is better in one direction, and by cost that differs, the cost of one unit."""
    made: dict[str, Any] = {}
    costs = extra_costs(found, option)
    for outcome in found.judged:
        if found.changes(option, outcome):
            each = {name: cost_per_outcome(found, option, outcome, one) for name, one in costs.items()}
            made[outcome.quantity] = {
                name: {"mean": one.mean, "low90": one.low90, "high90": one.high90, "why_not": one.why_not}
                for name, one in each.items()
            }
    return made


def _outcome(found: OptionSet, outcome: Endpoint) -> dict[str, Any]:
    """Means of all options, the differences of every two, and standings where one direction is better."""
    one, every = found.any, range(len(found.names))
    values = found.values[outcome.quantity]
    standings = None if outcome.direction == "neither" else found.standing(outcome)
    return {
        "label": one.label(outcome.quantity),
        "group": outcome.group,
        "direction": outcome.direction,
        "hindsight": one.is_hindsight(outcome.quantity),
        "matters": found.matters(outcome),
        "means": {found.names[i]: float(values[i].mean()) for i in every},
        "differences": {
            found.names[i]: {found.names[j]: difference_json(found.between(i, j, outcome)) for j in every if j != i}
            for i in every
        },
        "standings": None
        if standings is None
        else {
            name: {key: getattr(s, key) for key in ("best", "alone", "regret", "regret95")}
            for name, s in zip(found.names, standings, strict=True)
        },
    }
