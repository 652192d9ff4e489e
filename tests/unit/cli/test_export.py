"""``afterfall export``: what it writes, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.conftest import Shell


def test_a_case_as_a_data_package(shell: Shell, tmp_path: Path) -> None:
    done = shell("export", "datapackage", "tiny", "package")
    assert done.code == 0, done.err
    assert "written: package/datapackage.json" in done.out
    assert json.loads((tmp_path / "package" / "datapackage.json").read_text(encoding="utf-8"))["name"] == "tiny"
    assert shell("check", "./package").code == 0
    again = shell("export", "datapackage", "tiny", "package")
    assert (again.code, again.out) == (2, "")
    assert "new or empty folder" in again.err


def test_refusals_have_code_2(shell: Shell) -> None:
    for arguments, expected in (
        (("datapackages", "tiny", "p"), "did you mean 'datapackage'?"),
        (("datapackage", "tinny", "p"), "did you mean 'tiny'?"),
        (("netcdf", "no-run", "x.nc"), "no-run"),
        (("datapackage", "tiny", "p", "--as-of", "May"), "--as-of"),
    ):
        done = shell("export", *arguments)
        assert (done.code, done.out) == (2, ""), (arguments, done)
        assert expected in done.err, done.err
