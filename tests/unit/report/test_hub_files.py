"""The other files of a hub, by the rules of the hubverse: keys of admin.json, and a model that its schema describes.

The rules are those of admin-schema.json v6.0.0 (required keys, and no others), and of hubValidations'
check_metadata_file_name and check_metadata_matches_schema.
"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from afterfall.report.violence.hub_files import hub_admin, metadata_schema, model_metadata, write_hub_files
from afterfall.report.violence.violence_export import MODEL_ID

REQUIRED = {"schema_version", "name", "maintainer", "contact", "repository", "file_format", "timezone"}
OPTIONAL = {"zoltar_project_id", "citation", "cloud", "additional_metadata"}


def test_admin_has_the_keys_that_a_hub_needs_and_no_others() -> None:
    admin = hub_admin()
    assert REQUIRED <= set(admin) <= REQUIRED | OPTIONAL
    assert set(admin["contact"]) == {"name", "email"}
    assert set(admin["repository"]) == {"host", "owner", "name"}
    assert set(admin["file_format"]) <= {"csv", "parquet", "arrow"}
    assert admin["schema_version"].endswith("/v6.0.0/admin-schema.json")


def test_our_model_is_described_as_the_hub_asks() -> None:
    schema = metadata_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    found = model_metadata(MODEL_ID, "0.1.0")
    assert list(jsonschema.Draft7Validator(schema).iter_errors(found)) == []
    assert list(jsonschema.Draft7Validator(schema).iter_errors({**found, "colour": "red"}))
    assert f"{found['team_abbr']}-{found['model_abbr']}" == MODEL_ID


def test_files_of_a_hub_that_are_there_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "hub-config").mkdir()
    (tmp_path / "hub-config" / "admin.json").write_text("{}", encoding="utf-8")
    admin, schema, model = write_hub_files(tmp_path, MODEL_ID, "0.1.0")
    assert admin.read_text(encoding="utf-8") == "{}"
    assert json.loads(schema.read_text(encoding="utf-8")) == metadata_schema()
    assert model == tmp_path / "model-metadata" / f"{MODEL_ID}.yml"


def test_the_description_is_yaml_of_the_same_content(tmp_path: Path) -> None:
    *_, model = write_hub_files(tmp_path, MODEL_ID, "0.1.0")
    lines = dict(line.split(": ", 1) for line in model.read_text(encoding="utf-8").splitlines())
    assert {key: json.loads(value) for key, value in lines.items()} == model_metadata(MODEL_ID, "0.1.0")
