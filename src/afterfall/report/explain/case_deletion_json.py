"""The influence of published figures on a forecast (case deletion) as one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afterfall.case import case_hash
from afterfall.model import MODEL_VERSION
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp

if TYPE_CHECKING:
    from afterfall.infer.case_deletion import CaseDeletion
    from afterfall.model import Model


def influence_json(found: CaseDeletion, model: Model, command: str) -> dict[str, Any]:
    """The object that ``afterfall influence --json`` prints (schema ``influence``)."""
    number = found.number
    stamp = PartialStamp(
        case=model.case.id,
        case_hash=case_hash(model.case),
        as_of=model.case.as_of,
        model_version=MODEL_VERSION,
        seed=found.seed,
        trajectories=found.trajectories,
        command=command,
        case_warnings=len(model.case.warnings),
    )
    body = {
        "posterior": None if found.posterior is None else found.posterior.hash,
        "quantity": number.quantity,
        "country": number.country,
        "month": number.month,
        "mean": found.mean,
        "low90": found.low90,
        "high90": found.high90,
        "figures": [
            {
                "figure": m.figure.figure,
                "quantity": m.figure.quantity,
                "place": m.figure.place,
                "source": m.figure.source,
                "mean": m.mean,
                "shift": m.shift,
                "error": m.error,
                "pareto_k": m.khat,
                "method": m.way,
                "trusted": m.trusted,
            }
            for m in found.moved
        ],
        "not_deleted": [{"figure": f.figure, "reason": why} for f, why in found.not_deleted],
    }
    return json_object("influence", stamp, body)
