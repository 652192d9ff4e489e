"""What a release needs is there, and says one version."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import afterfall

ROOT = Path(__file__).parents[2]


def test_one_version_stands_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    deposit, described = (json.loads((ROOT / name).read_text()) for name in (".zenodo.json", "codemeta.json"))
    assert cited is not None
    found = {project["version"], cited[1], deposit["version"], described["version"], afterfall.__version__}
    assert len(found) == 1, found


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == afterfall.__version__
    assert len(set(headings)) == len(headings)


def test_every_optional_part_is_documented_with_what_needs_it() -> None:
    parts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    page = (ROOT / "docs" / "installing.md").read_text()
    assert [part for part in parts if f"| `{part}` |" not in page] == []


def test_the_policies_that_a_visitor_looks_for_are_there() -> None:
    names = ("CITATION.cff", "codemeta.json", ".zenodo.json", "SECURITY.md", "CONTRIBUTING.md", "LICENSE")
    assert [name for name in names if not (ROOT / name).is_file()] == []
    assert list((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.md"))
