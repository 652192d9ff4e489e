"""A fit as one JSON object: how the chains did, prior and posterior of each parameter, predictive checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp

if TYPE_CHECKING:
    from afterfall.infer import Checked, Fit, PriorPosterior


def fit_json(fit: Fit, rows: Sequence[PriorPosterior], checks: Sequence[Checked]) -> dict[str, Any]:
    """The object that ``afterfall fit --json`` prints (schema ``fit``)."""
    origin, d = fit.posterior.origin, fit.diagnosis
    stamp = PartialStamp(
        case=origin.case,
        case_hash=origin.case_hash,
        as_of=origin.as_of,
        model_version=origin.model_version,
        seed=origin.seed,
        command=origin.command,
        case_warnings=len(fit.density.model.case.warnings),
    )
    body = {
        "key": origin.key,
        "posterior": fit.posterior.hash,
        "figures": len(fit.density.fit_figures.observed),
        "chains": {
            "chains": origin.chains,
            "warmup": origin.warmup,
            "kept": d.kept,
            "largest_rhat": d.rhat.max(),
            "rhat_above_1_01": d.above,
            "smallest_ess": d.ess.min(),
            "divergences": d.divergences,
            "faults": d.faults,
            "weight": origin.weight,
            "groups": origin.groups,
            "groups_scored": origin.groups_scored,
            "largest_k": origin.largest_k,
            "smallest_effective": origin.smallest_effective,
        },
        "parameters": [
            {
                "name": r.name,
                "unit": r.unit,
                "prior": r.prior,
                "posterior": r.posterior,
                "contraction": r.contraction,
                "information": r.word,
                "rhat": r.rhat,
                "ess": r.ess,
                "source": r.source,
            }
            for r in rows
        ],
        "checks": [
            {"quantity": c.quantity, "figures": c.figures, "inside90": c.inside90, "mean": c.mean} for c in checks
        ],
    }
    return json_object("fit", stamp, body)
