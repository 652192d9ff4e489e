"""What ``afterfall check`` prints, as one JSON object: how much is public, in which state of the case."""

from __future__ import annotations

from typing import Any

from afterfall.case import Case, case_hash
from afterfall.model import MODEL_VERSION, Model
from afterfall.report.kit.case_warnings import warnings_json
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp
from afterfall.report.model.case_counts import case_counts


def case_json(case: Case, model: Model, command: str | None = None) -> dict[str, Any]:
    """The object that ``afterfall check --json`` prints (schema ``check``).

    Parameters
    ----------
    case, model
        A case that has been read without a problem, and the model built from it.
    command
        The command that asked, for the stamp.
    """
    stamp = PartialStamp(
        case=case.id,
        case_hash=case_hash(case),
        as_of=case.as_of,
        model_version=MODEL_VERSION,
        model_hash=model.model_hash,
        command=command,
        case_warnings=len(case.warnings),
    )
    body = {
        "title": case.title,
        "latest_published": case.latest_published,
        "warnings": warnings_json(case.warnings),
        "ignored_files": list(case.strays),
        "counts": {name.replace(" ", "_"): n for name, n in case_counts(case, model).items()},
    }
    return json_object("check", stamp, body)
