"""JSON objects against the schemas that come with the package."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from afterfall.report.kit.json_registry import schema


def problems(content: dict[str, Any]) -> list[str]:
    """What is wrong with an object, by the schema that it names; it is read as JSON, without NaN."""
    read = json.loads(json.dumps(content, allow_nan=False))
    validator = jsonschema.Draft202012Validator(schema(read["schema"]))
    return [f"{list(e.absolute_path)}: {e.message[:300]}" for e in validator.iter_errors(read)]
