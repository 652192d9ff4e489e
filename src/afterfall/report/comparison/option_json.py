"""Options side by side as one JSON object: stable keys, no rounding."""

from __future__ import annotations

from typing import Any

from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_set import OptionSet
from afterfall.report.comparison.comparison_json import cost_json, difference_json, policy_run_json
from afterfall.report.comparison.option_tables import verdicts
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp


def option_json(found: OptionSet, command: str) -> dict[str, Any]:
    """The object that ``afterfall compare --option ... --json`` prints (schema ``options``)."""
    one = found.any
    run = one.a.run
    stamp = PartialStamp(
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
    sides = [one.a, *(c.b for c in found.comparisons)]
    body = {
        "country": one.country,
        "month": one.month,
        "date": run.date(one.month),
        "counterfactual": any(c.counterfactual for c in found.comparisons),
        "verdicts": verdicts(found),
        "options": [{"option": name, **policy_run_json(side)} for name, side in zip(found.names, sides, strict=True)],
        "outcomes": {o.quantity: _outcome(found, o) for o in found.outcomes},
        "dominated": found.dominated(),
        "costs": {
            name: {key: cost_json(cost) for key, cost in c.costs.items()}
            for name, c in zip(found.names[1:], found.comparisons, strict=True)
        },
        "others": {
            name: {key: difference_json(gap) for key, gap in c.others.items()}
            for name, c in zip(found.names[1:], found.comparisons, strict=True)
        },
    }
    return json_object("options", stamp, body)


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
