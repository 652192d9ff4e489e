"""A case as a data package: every column described as the case schema has it, and still a case that opens as one.

The rules are those of specs.frictionlessdata.io (data-package, data-resource, table-schema); with *frictionless*
installed, its own validation is run as well.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

import afterfall
from afterfall.case import case_hash, read_case
from afterfall.case.schema import BY_FILE, Column
from afterfall.report.exports.data_package import resource
from afterfall.run import SettingError

TYPES = {"string", "number", "integer", "boolean"}
NAME = re.compile("[a-z0-9._-]+")


def package(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return content


def wrong_cells(folder: Path, described: dict[str, Any]) -> list[str]:
    """Cells that are not what the table schema of their resource says."""
    found = []
    with (folder / described["path"]).open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for field in described["schema"]["fields"]:
        rules = field.get("constraints", {})
        for row in rows:
            cell = row[field["name"]]
            if not cell:
                found += [f"{field['name']} empty"] * bool(rules.get("required"))
                continue
            pattern = re.fullmatch(rules.get("pattern", ".*"), cell, re.DOTALL)
            number = float(cell) if field["type"] in ("number", "integer") else 0.0
            inside = rules.get("minimum", number) <= number <= rules.get("maximum", number)
            listed = cell in rules.get("enum", [cell]) and (field["type"] != "boolean" or cell in ("yes", "no"))
            if not (pattern and inside and listed):
                found.append(f"{described['name']}.{field['name']} {cell}")
    return found


@pytest.fixture(params=["tiny", "isis"])
def exported(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    afterfall.export_case(request.param, to=tmp_path / "package")
    return tmp_path / "package"


def test_every_file_and_column_is_described_and_every_cell_fits(exported: Path) -> None:
    content = package(exported)
    assert content["profile"] == "tabular-data-package"
    assert NAME.fullmatch(content["name"])
    assert {one["path"] for one in content["resources"]} == {p.name for p in exported.iterdir() if p.name in BY_FILE}
    for one in content["resources"]:
        data = (exported / one["path"]).read_bytes()
        assert one["bytes"] == len(data)
        assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert NAME.fullmatch(one["name"])
        header = data.decode("utf-8-sig").splitlines()[0].split(",")
        assert [field["name"] for field in one["schema"]["fields"]] == header
        assert {field["type"] for field in one["schema"]["fields"]} <= TYPES
        assert wrong_cells(exported, one) == []


def test_keys_are_unique_and_references_lead_to_rows(exported: Path) -> None:
    tables = {}
    for one in package(exported)["resources"]:
        with (exported / one["path"]).open(encoding="utf-8-sig", newline="") as handle:
            tables[one["name"]] = list(csv.DictReader(handle))
        keys = [tuple(row[k] for k in one["schema"]["primaryKey"]) for row in tables[one["name"]]]
        assert len(keys) == len(set(keys)), one["name"]
    checked = 0
    for one in package(exported)["resources"]:
        for key in one["schema"].get("foreignKeys", ()):
            to, column = key["reference"]["resource"], key["reference"]["fields"]
            known = {row[column] for row in tables[to]}
            assert {row[key["fields"]] for row in tables[one["name"]]} - {""} <= known
            checked += 1
    assert checked > 10


def test_the_package_is_the_same_case(exported: Path) -> None:
    name = package(exported)["name"]
    assert case_hash(afterfall.open_case(exported)) == case_hash(afterfall.open_case(name))


def test_a_cut_package_has_what_was_public_and_nothing_later(tmp_path: Path) -> None:
    afterfall.export_case("isis", to=tmp_path / "cut", as_of="2017-02-13")
    before = afterfall.open_case("isis", as_of="2017-02-13")
    cut = read_case(tmp_path / "cut")
    assert str(cut.as_of) == package(tmp_path / "cut")["as_of"] == "2017-02-13"
    assert len(cut.figures) == len(before.figures)
    assert max(figure.published.last_day for figure in cut.figures) <= before.as_of
    assert case_hash(afterfall.open_case(tmp_path / "cut")) == case_hash(before)


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingError, match="new or empty folder"):
        afterfall.export_case("tiny", to=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_may_be_empty_is_not_required() -> None:
    described = resource(BY_FILE["regions.csv"], b"region,name\na,A\n", {"regions.csv": b""})
    fields = {field["name"]: field for field in described["schema"]["fields"]}
    assert fields["name"]["constraints"] == {"required": True}
    assert not Column("note", required=False).required
    figures = resource(BY_FILE["figures.csv"], b"figure,note,bound\n", {"figures.csv": b""})
    assert all("required" not in f.get("constraints", {}) for f in figures["schema"]["fields"] if f["name"] != "figure")
    assert "foreignKeys" not in figures["schema"]


def test_frictionless_finds_the_package_valid(exported: Path) -> None:
    frictionless = pytest.importorskip(
        "frictionless", reason="frictionless is not installed: its own validation is not run"
    )
    report = frictionless.validate(str(exported / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
