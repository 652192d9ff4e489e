"""An outlook as one JSON object with stable keys, and a model likewise. NaN and infinity become null.

The keys are a promise: a key may be added under the same ``schema_version``, none renamed or removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from afterfall.model import Model
from afterfall.report.forecast.organisation_tables import shards_json
from afterfall.report.forecast.outlook import Fall, Outlook, OutlookLine, Spread
from afterfall.report.kit.number_formats import json_number
from afterfall.report.model.organisation_declarations import company_json

SCHEMA_VERSION = 1


def outlook_json(outlook: Outlook) -> dict[str, Any]:
    """The object that ``afterfall forecast --json`` prints."""
    stamp = outlook.stamp
    return {
        "schema_version": SCHEMA_VERSION,
        "case": stamp.case,
        "title": outlook.title,
        "as_of": stamp.as_of.isoformat(),
        "at": outlook.at,
        "at_date": outlook.at_date.isoformat(),
        "horizon_months": stamp.horizon,
        "trajectories": stamp.trajectories,
        "seed": stamp.seed,
        "country": outlook.country,
        "total": json_number(outlook.total.mean),
        "pathways": _lines(outlook.pathways),
        "fates": _lines(outlook.fates),
        "counters": _lines(outlook.counters),
        "holdings": [_fall(fall) for fall in outlook.falls],
        "overflow": [
            {"ration": o.name, "label": o.label, "mean": o.mean, "largest": o.largest} for o in outlook.overflow
        ],
        **shards_json(outlook.shards),
        "uninformed_parameters": list(outlook.priors.uninformed),
        "parameters": outlook.priors.parameters,
        "draws": stamp.draws,
        "case_hash": stamp.case_hash,
        "model_version": stamp.model_version,
        "model_hash": stamp.model_hash,
        "run": stamp.run,
        "command": stamp.command,
    }


def _lines(lines: Sequence[OutlookLine]) -> dict[str, Any]:
    return {
        line.code: {
            **_spread(line.then),
            "probability_anyone": line.anyone,
            "now": _spread(line.now),
            "label": line.label,
            "hindsight": line.hindsight,
        }
        for line in lines
    }


def _spread(spread: Spread) -> dict[str, float | None]:
    return {name: json_number(value) for name, value in asdict(spread).items()}


def _fall(fall: Fall) -> dict[str, Any]:
    return {
        "holding": fall.name,
        "label": fall.label,
        "probability_within_horizon": json_number(fall.within),
        "median_month": json_number(fall.median),
        "low90_month": json_number(fall.low90),
        "high90_month": json_number(fall.high90),
    }


def model_json(model: Model, case_hash: str) -> dict[str, Any]:
    """The object that ``afterfall model --json`` prints: states, transitions, quantities and priors."""
    case = model.case
    return {
        "schema_version": SCHEMA_VERSION,
        "case": case.id,
        "as_of": case.as_of.isoformat(),
        "case_hash": case_hash,
        "model_hash": model.model_hash,
        "states": [{"name": s.name, "label": s.label, "fate": s.fate, "stage": s.stage} for s in model.states],
        "transitions": [
            {
                "source": t.source,
                "dest": t.dest,
                "label": t.label,
                "mechanism": t.mechanism,
                "rate": t.rate.name,
                "choice": t.choice.name if t.choice else None,
                "ration": t.capacity,
                "roles": sorted(t.roles) if t.roles is not None else None,
                "back": t.back,
                "counts": list(t.counts),
            }
            for t in model.transitions
        ],
        **company_json(model),
        "quantities": [
            {
                "name": q.name,
                "label": q.label,
                "definition": q.definition,
                "unit": q.unit,
                "kind": q.kind,
                "group": q.group,
                "hindsight": q.hindsight,
            }
            for q in model.quantities
        ],
        "parameters": [
            {
                "name": p.name,
                "label": p.label,
                "unit": p.unit,
                "distribution": p.distribution,
                "low": json_number(p.low),
                "high": json_number(p.high),
                "source": p.source,
                "source_title": case.source(p.source).title if p.source else None,
                "grade": p.grade or None,
                "note": p.note or None,
                "uninformed": p.uninformed,
            }
            for p in model.parameters
        ],
    }
