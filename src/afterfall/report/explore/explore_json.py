"""An exploration as one JSON object: stable keys, no rounding; people in all cases are in the table of cases."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from afterfall.exploration.explored import Exploration
from afterfall.exploration.findings import Findings
from afterfall.policy.endpoints import Endpoint
from afterfall.report.explore.explore_words import standing, verdicts
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp


def explore_json(findings: Findings, command: str) -> dict[str, Any]:
    """The object that ``afterfall explore --json`` prints (schema ``explore``)."""
    found = findings.explored
    body = {
        "country": found.plan.country,
        "month": found.plan.month,
        "date": found.date,
        "counterfactual": any(option.policy.counterfactual for option in found.plan.options),
        "design": found.request.design,
        "scenarios": found.scenarios,
        "effective_scenarios": found.effective_scenarios,
        "cases": found.cases,
        "verdicts": verdicts(findings),
        "options": [
            {"option": one["name"], "title": one["title"], "levers": one["levers"]} for one in found.request.options
        ],
        "reference": found.options[0],
        "assumptions": [
            {**{k: v for k, v in asdict(a).items() if k != "scale"}, "by_log": a.by_log} for a in found.assumptions
        ],
        "outcome": findings.outcome.quantity,
        "target": findings.target,
        "robustness": {name: asdict(one) for name, one in zip(found.options, findings.robustness, strict=True)},
        "standings": {
            name: standing(one) for name, one in list(zip(found.options, findings.robustness, strict=True))[1:]
        },
        "preferred": findings.preferred,
        "discoveries": [asdict(one) for one in findings.discoveries],
        "sensitivities": [asdict(one) for one in findings.sensitivities],
        "rank_flips": [asdict(one) for one in findings.flips],
        "outcomes": {o.quantity: _outcome(found, o) for o in found.judged},
        "blocks_found": found.provenance.chunks_found,
        "blocks_computed": found.provenance.chunks_computed,
        "versions": found.provenance.versions,
    }
    return json_object("explore", explore_stamp(found, command), body)


def explore_stamp(found: Exploration, command: str) -> PartialStamp:
    """Where the numbers come from; `run` is the hash of the exploration's request."""
    run = found.request.run
    return PartialStamp(
        case=run.case,
        case_hash=run.case_hash,
        as_of=run.as_of,
        model_version=run.model_version,
        model_hash=run.model_hash,
        draws=run.draws,
        seed=run.seed,
        trajectories=run.trajectories,
        horizon=run.horizon,
        run=found.request.hash,
        command=command,
        case_warnings=len(found.plan.case.warnings),
    )


def _outcome(found: Exploration, outcome: Endpoint) -> dict[str, Any]:
    """Means over scenarios, and the spread of differences from the first option."""
    values = found.outcome_values(outcome)
    gaps = values - values[:, :1]
    better, worse, best = found.better(outcome), found.worse(outcome), found.best(outcome)
    everyone = found.means(outcome.quantity, everyone=True) - found.means(outcome.quantity)
    others = everyone - everyone[:, :1]
    return {
        "label": found.label(outcome.quantity),
        "group": outcome.group,
        "direction": outcome.direction,
        "matters": found.matters(outcome),
        "options": {
            name: {
                "mean": float(found.means(outcome.quantity)[:, i].mean()),
                "judged_difference": float(gaps[:, i].mean()),
                "low90": float(np.quantile(gaps[:, i], 0.05)),
                "high90": float(np.quantile(gaps[:, i], 0.95)),
                "best": float(best[:, i].mean()),
                "better": float(better[:, i].mean()),
                "worse": float(worse[:, i].mean()),
                "others_difference": None if found.plan.country is None else float(others[:, i].mean()),
            }
            for i, name in enumerate(found.options)
        },
    }
