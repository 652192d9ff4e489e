"""``afterfall import``: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.json_schemas import problems
from tests.made_up import public_files as made
from tests.made_up.public_files import put
from tests.unit.cli.conftest import Shell


def test_the_list_names_every_source_in_80_columns(shell: Shell) -> None:
    done = shell("import", "--list")
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= 80
    for name in (
        "ucdp-ged",
        "acled",
        "unhcr-solutions",
        "eurostat-asylum",
        "frontex-crossings",
        "views-actuals",
        "hxl",
    ):
        assert name in done.out


def test_without_a_place_to_write_to_it_reports_and_writes_nothing(shell: Shell, tmp_path: Path) -> None:
    put(tmp_path, "ged.csv", made.ged())
    done = shell("import", "ucdp-ged", "ged.csv", "--published", "2016-07", "--country", "Yemen")
    assert done.code == 0, done.err
    assert "Read 5, skipped 3. Licence: CC BY 4.0." in done.out
    assert "Nothing is written" in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["ged.csv"]


def test_rows_and_report_are_written(shell: Shell, tmp_path: Path) -> None:
    put(tmp_path, "acled.csv", made.ACLED)
    done = shell("import", "acled", "acled.csv", "--out", "new", "--report", "rows.csv")
    assert done.code == 0, done.err
    with (tmp_path / "new" / "figures.csv").open(encoding="utf-8", newline="") as handle:
        assert [row["value"] for row in csv.DictReader(handle)] == ["3", "2"]
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as handle:
        assert [row["outcome"] for row in csv.DictReader(handle)] == ["read", "read", "skipped"]


def test_json_has_its_schema(shell: Shell, tmp_path: Path) -> None:
    put(tmp_path, "ibc.csv", made.FRONTEX)
    done = shell("import", "frontex-crossings", "ibc.csv", "--published", "2016-04", "--json")
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert problems(content) == []
    assert (content["read"], content["skipped"]) == (2, 3)
    assert content["tables"]["covariates"][0]["covariate"] == "crossings_by:SYR"


def test_refusals_have_code_2_and_one_report(shell: Shell, tmp_path: Path) -> None:
    put(tmp_path, "ged.csv", made.ged())
    for arguments, expected in (
        (("ucdp-gad", "ged.csv"), "did you mean 'ucdp-ged'?"),
        (("acled", "ged.csv", "--published", "2016"), "the columns are those of ucdp-ged"),
        (("ucdp-ged", "ged.csv"), "published: found no date"),
        (("ucdp-ged",), "expected SOURCE and FILE"),
        (("ucdp-ged", "ged.csv", "--into", "a", "--out", "b"), "leave one out"),
        (("ucdp-ged", "ged.csv", "--published", "2016", "--into", "no-case"), "no-case"),
    ):
        done = shell("import", *arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert expected in done.err, done.err
    assert [path.name for path in tmp_path.iterdir()] == ["ged.csv"]
