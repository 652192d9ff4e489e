"""A comparison as one JSON object: stable keys, no rounding, NaN as null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterfall.policy import Comparison, Difference
from afterfall.policy.comparison import PolicyRun
from afterfall.policy.costs import CostDifference
from afterfall.report.kit.number_formats import json_number

SCHEMA_VERSION = 1


def comparison_json(found: Comparison, command: str) -> dict[str, Any]:
    """The object that ``afterfall compare --json`` prints."""
    run = found.a.run
    stamp = {k: v for k, v in run.stamp.items() if k not in ("run", "model_hash", "command")}
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "comparison",
        **stamp,
        "command": command,
        "country": found.country,
        "month": found.month,
        "date": run.date(found.month).isoformat(),
        "counterfactual": found.counterfactual,
        "a": _policy_run(found.a),
        "b": _policy_run(found.b),
        "differences": _differences(found, found.differences),
        "others": _differences(found, found.others),
        "rho": {f"{rho:g}": _differences(found, by_name) for rho, by_name in found.at_rho.items()},
        "costs": {name: _cost(one) for name, one in found.costs.items()},
        "side_effects": _side_effects(found),
        "evidence": _evidence(found),
    }


def _policy_run(one: PolicyRun) -> dict[str, Any]:
    policy = one.policy
    return {
        "name": policy.name,
        "title": policy.title,
        "counterfactual": policy.counterfactual,
        "settings": list(policy.labels()),
        "run": one.run.request.hash,
        "model_hash": one.run.request.model_hash,
    }


def _differences(found: Comparison, of: Mapping[str, Difference]) -> dict[str, Any]:
    groups = {o.quantity: o.group for o in found.endpoints}
    return {
        name: {
            "label": found.label(name),
            "group": groups[name],
            "hindsight": found.is_hindsight(name),
            **_difference(one),
        }
        for name, one in of.items()
    }


def _difference(one: Difference) -> dict[str, Any]:
    numbers = ("mean", "median", "low90", "high90", "mean_a", "mean_b", "judged", "prob_same")
    return {
        **{name: json_number(getattr(one, name)) for name in numbers},
        "prob_better": one.prob_better,
        "direction": one.direction,
        "correlation": one.correlation,
    }


def _cost(one: CostDifference) -> dict[str, Any]:
    numbers = {name: json_number(getattr(one.difference, name)) for name in ("mean", "median", "low90", "high90")}
    return {"lever": one.lever or None, "unit": one.unit, "status": one.status, "note": one.note, **numbers}


def _side_effects(found: Comparison) -> list[dict[str, Any]]:
    rows = []
    for lever in found.b.policy.levers:
        for effect in lever.side_effects:
            one = found.differences.get(effect.quantity)
            rows.append(
                {
                    "lever": lever.name,
                    "name": effect.name,
                    "says": effect.description,
                    "quantity": effect.quantity,
                    "feared": effect.direction,
                    "difference": None if one is None else _difference(one),
                }
            )
    return rows


def _evidence(found: Comparison) -> dict[str, Any]:
    known = {k.name: k for one in (found.a, found.b) for k in one.model.parameters if k.name.startswith("lever.")}
    return {
        name: {
            "says": one.label,
            "low": one.low,
            "high": one.high,
            "status": one.note.partition(": ")[0],
            "source": one.source,
            "note": one.note.partition(": ")[2],
        }
        for name, one in sorted(known.items())
    }
