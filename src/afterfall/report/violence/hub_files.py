"""The other files of a modelling hub: who runs it, what describes a model, and the description of ours.

A hub is a folder with ``hub-config`` (``admin.json``, ``tasks.json``, ``model-metadata-schema.json``),
``model-metadata/TEAM-MODEL.yml`` and ``model-output/TEAM-MODEL/ORIGIN_DATE-TEAM-MODEL.parquet``. Files of a hub that
are there already are left as they are, so that an export can be written into a clone of a hub.

Sources: hubverse schemas v6.0.0, https://github.com/hubverse-org/schemas; hubValidations,
https://hubverse-org.github.io/hubValidations/.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ADMIN_SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v6.0.0/admin-schema.json"
#: A time zone of the schema whose hours are those of UTC all year; it does not know UTC itself.
UTC = "Africa/Abidjan"
#: What whoever hands a forecast in must put in its place.
NAME, ADDRESS = "put-your-name-here", "put-your-address-here@example.org"


def hub_admin() -> dict[str, Any]:
    """``admin.json`` of a hub that would take the export; names and address are to be filled in."""
    return {
        "schema_version": ADMIN_SCHEMA,
        "name": "Deaths in armed conflict",
        "maintainer": NAME,
        "contact": {"name": NAME, "email": ADDRESS},
        "repository": {"host": "github", "owner": NAME, "name": "conflict-deaths-hub"},
        "file_format": ["parquet"],
        "timezone": UTC,
    }


def metadata_schema() -> dict[str, Any]:
    """``model-metadata-schema.json``: what a hub asks of the description of a model."""
    text = {"type": "string", "minLength": 1}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Description of a model",
        "type": "object",
        "properties": {
            "team_name": text,
            "team_abbr": {"type": "string", "pattern": "^[a-zA-Z0-9_]+$", "maxLength": 16},
            "model_name": text,
            "model_abbr": {"type": "string", "pattern": "^[a-zA-Z0-9_]+$", "maxLength": 16},
            "model_version": text,
            "model_contributors": {"type": "array", "items": {"type": "object"}},
            "license": text,
            "designated_model": {"type": "boolean"},
            "methods": {"type": "string", "maxLength": 200},
            "data_inputs": text,
        },
        "required": ["team_name", "team_abbr", "model_name", "model_abbr", "license", "designated_model", "methods"],
        "additionalProperties": False,
    }


def model_metadata(model_id: str, version: str) -> dict[str, Any]:
    """The description of our model, by that schema."""
    team, model = model_id.split("-")
    return {
        "team_name": "afterfall",
        "team_abbr": team,
        "model_name": "Own past, neighbours and the run of a case",
        "model_abbr": model,
        "model_version": version,
        "license": "Apache-2.0",
        "designated_model": True,
        "methods": "Deaths by country and month: an ensemble of own history and a hurdle regression, given a run.",
        "data_inputs": "UCDP deaths by country and month, as VIEWS publishes them (CC BY 4.0)",
    }


def write_hub_files(folder: Path, model_id: str, version: str) -> tuple[Path, ...]:
    """Write the files that are not there yet, and return the paths of all."""
    written = {
        folder / "hub-config" / "admin.json": _json(hub_admin()),
        folder / "hub-config" / "model-metadata-schema.json": _json(metadata_schema()),
        folder / "model-metadata" / f"{model_id}.yml": _yaml(model_metadata(model_id, version)),
    }
    for path, text in written.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return tuple(written)


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _yaml(content: dict[str, Any]) -> str:
    """A flat mapping as YAML: JSON strings are YAML strings."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in content.items())
