"""A model as one JSON object: states, transitions, organisations, quantities, and parameters with their sources."""

from __future__ import annotations

from typing import Any

from afterfall.case import Case
from afterfall.model import MODEL_VERSION, Model, known_later
from afterfall.model.language.parameters import Known
from afterfall.model.observation.data_usage import data_usage
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp
from afterfall.report.model.organisation_declarations import organisation_declarations_json


def model_json(model: Model, case_hash: str, command: str | None = None) -> dict[str, Any]:
    """The object that ``afterfall model --json`` prints (schema ``model``)."""
    case = model.case
    body = {
        "states": [{"name": s.name, "label": s.label, "fate": s.fate, "stage": s.stage} for s in model.states],
        "transitions": [
            {
                "source": t.source,
                "dest": t.dest,
                "label": t.label,
                "mechanism": t.mechanism,
                "rate": t.rate.name,
                "choice": t.choice.name if t.choice else None,
                "capacity": t.capacity,
                "roles": sorted(t.roles) if t.roles is not None else None,
                "back": t.back,
                "counts": list(t.counts),
            }
            for t in model.transitions
        ],
        **organisation_declarations_json(model),
        "quantities": [
            {
                "name": q.name,
                "label": q.label,
                "definition": q.definition,
                "unit": q.unit,
                "kind": q.kind,
                "group": q.group,
                "hindsight": q.hindsight and known_later(q.name, case.as_of),
            }
            for q in model.quantities
        ],
        "parameters": [_parameter(case, p) for p in model.parameters],
        "records": _records(case),
    }
    stamp = PartialStamp(
        case=case.id,
        case_hash=case_hash,
        as_of=case.as_of,
        model_version=MODEL_VERSION,
        model_hash=model.model_hash,
        command=command,
        case_warnings=len(case.warnings),
    )
    return json_object("model", stamp, body)


def _parameter(case: Case, p: Known) -> dict[str, Any]:
    """A parameter: its prior, and where that comes from."""
    return {
        "name": p.name,
        "label": p.label,
        "unit": p.unit,
        "distribution": p.distribution,
        "low": p.low,
        "high": p.high,
        "source": p.source,
        "source_title": case.source(p.source).title if p.source else None,
        "grade": p.grade or None,
        "note": p.note or None,
        "uninformed": p.uninformed,
    }


def _records(case: Case) -> list[dict[str, Any]]:
    """Kinds of figures and policies: what reads them, and what later ones score."""
    return [
        {
            "record": r.record,
            "kind": r.kind,
            "public": r.number,
            "forecast_reads_for": r.forecast or None,
            "fit_reads_for": r.fit or None,
            "later_ones_score": r.scored or None,
        }
        for r in data_usage(case)
    ]
