"""Reference rows, the changes made to them, and which source files a build lacks."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from afterfall.importers.reference_tables import (
    Reference,
    SourceFile,
    changes_by_row,
    missing_sources,
    read_reference,
    read_source_files,
)

AUSTRALIA = Reference("origins", 14, {"iso3": "AUS", "low": "150", "as_of": "2014-10"})


def change(row: str, check: str, field: str = "note", value: str = "x") -> dict[str, str]:
    return {"table": "origins", "row": row, "check": check, "field": field, "value": value}


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "origins.csv").write_text("iso3,value,low,high\nAUS,5,,\nBEL,,1,2\n", encoding="utf-8")
    first, second = read_reference(tmp_path, "origins")
    assert (first.row, first.low, first.high) == (2, "5", "5")
    assert (second.row, second.low, second.high) == (3, "1", "2")
    assert first["no such column"] == ""


def test_changes_are_known_by_row_and_by_field() -> None:
    changes = [change("14", "AUS 150 2014-10"), change("14", "AUS 150 2014-10", "published", "2014-11")]
    assert changes_by_row(changes, [AUSTRALIA], "field") == {
        ("origins", 14): {"note": "x", "published": "2014-11"},
    }


def test_every_row_that_has_moved_on_is_listed() -> None:
    changes = [change("14", "AUS 160 2014-10"), change("15", "BEL 1 2015")]
    with pytest.raises(ValueError, match="written for 'AUS 160 2014-10', found 'AUS 150 2014-10'") as problem:
        changes_by_row(changes, [AUSTRALIA], "field")
    assert "('origins', 15): written for 'BEL 1 2015', found None" in str(problem.value)


def test_missing_and_changed_files_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "same.csv").write_bytes(b"a\n")
    (tmp_path / "other.csv").write_bytes(b"b\n")
    right = hashlib.sha256(b"a\n").hexdigest()
    files = [SourceFile(f"{name}.csv", right, ("isis-2017",), "a page") for name in ("same", "other", "absent")]
    changed, absent = missing_sources(tmp_path, files)
    assert changed.startswith("other.csv: found SHA-256")
    assert f"expected {right}" in changed
    assert absent == f"absent.csv: not found; expected SHA-256 {right}; origin: a page"
    assert len(missing_sources(None, files)) == 3


def test_the_list_of_source_files_is_complete() -> None:
    files = read_source_files(Path(__file__).parents[3] / "scripts" / "reference_files.csv")
    assert len({file.file for file in files}) == len(files) >= 20
    for file in files:
        assert len(file.sha256) == 64
        assert file.origin
        assert file.needed_by
    builds = {build for file in files for build in file.needed_by}
    assert builds == {"isis-2017", "mali-2013", "statements", "conflict-record", "outline", "reference-class"}
