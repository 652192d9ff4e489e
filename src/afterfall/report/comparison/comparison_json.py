"""A comparison as one JSON object: stable keys, no rounding, NaN as null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterfall.policy import Comparison, Difference
from afterfall.policy.costs import CostDifference
from afterfall.policy.sides import PolicyRun
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp


def comparison_json(found: Comparison, command: str) -> dict[str, Any]:
    """The object that ``afterfall compare --json`` prints (schema ``compare``); each side has its run and model."""
    run = found.a.run
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
    body = {
        "country": found.country,
        "month": found.month,
        "date": run.date(found.month),
        "counterfactual": found.counterfactual,
        "a": policy_run_json(found.a),
        "b": policy_run_json(found.b),
        "differences": _differences(found, found.differences),
        "others": _differences(found, found.others),
        "rho": {f"{rho:g}": _differences(found, by_name) for rho, by_name in found.at_rho.items()},
        "costs": {name: cost_json(one) for name, one in found.costs.items()},
        "side_effects": _side_effects(found),
        "evidence": _evidence(found),
    }
    return json_object("compare", stamp, body)


def policy_run_json(one: PolicyRun) -> dict[str, Any]:
    """A policy, and the run made under it."""
    policy = one.policy
    return {
        "name": policy.name,
        "title": policy.title,
        "counterfactual": policy.counterfactual,
        "settings": policy.labels(),
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
            **difference_json(one),
        }
        for name, one in of.items()
    }


def difference_json(one: Difference) -> dict[str, Any]:
    """A paired difference."""
    numbers = ("mean", "median", "low90", "high90", "mean_a", "mean_b", "judged", "prob_same")
    return {
        **{name: getattr(one, name) for name in numbers},
        "prob_better": one.prob_better,
        "direction": one.direction,
        "correlation": one.correlation,
    }


def cost_json(one: CostDifference) -> dict[str, Any]:
    """A cost of one policy against another."""
    numbers = {name: getattr(one.difference, name) for name in ("mean", "median", "low90", "high90")}
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
                    "description": effect.description,
                    "quantity": effect.quantity,
                    "feared": effect.direction,
                    "difference": None if one is None else difference_json(one),
                }
            )
    return rows


def _evidence(found: Comparison) -> dict[str, Any]:
    known = {k.name: k for one in (found.a, found.b) for k in one.model.parameters if k.name.startswith("lever.")}
    return {
        name: {
            "label": one.label,
            "low": one.low,
            "high": one.high,
            "status": one.note.partition(": ")[0],
            "source": one.source,
            "note": one.note.partition(": ")[2],
        }
        for name, one in sorted(known.items())
    }
