"""Making the prepared answers: what is done is kept, what is of other files is made, one that fails stops no other."""

from __future__ import annotations

import argparse
import json
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from afterfall.web.prepared_answers import PreparedAnswers, PreparedVintage, fingerprint

SCRIPT = Path(__file__).parents[3] / "scripts" / "make_page_data.py"
NAMES = ["tiny@2015-01-31", "tiny@2015-06-30"]


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    if not SCRIPT.is_file():
        pytest.skip("the scripts do not come with the package")
    return runpy.run_path(str(SCRIPT))


def vintage(name: str) -> PreparedVintage:
    """An entry as it would be made now, with 100 simulations."""
    case, _, day = name.partition("@")
    return PreparedVintage(case, day, False, 100, "m", True, True, f"{name}.json.xz", made_from=fingerprint())


def given(folder: Path, *only: str) -> argparse.Namespace:
    return argparse.Namespace(only=list(only), simulations=100, out=folder)


def test_what_is_done_is_not_made_again(script: dict[str, Any], tmp_path: Path) -> None:
    done = vintage(NAMES[0])
    (tmp_path / done.file).write_bytes(b"x")
    to_make = script["to_make"]
    assert to_make(NAMES, {done.file: done}, given(tmp_path)) == NAMES[1:]
    assert to_make(NAMES, {done.file: done}, given(tmp_path, NAMES[0])) == NAMES[:1]
    for other in (replace(done, made_from="of other files"), replace(done, simulations=50)):
        assert to_make(NAMES, {done.file: other}, given(tmp_path)) == NAMES
    (tmp_path / done.file).unlink()
    assert to_make(NAMES, {done.file: done}, given(tmp_path)) == NAMES


def test_one_that_fails_stops_no_other_and_the_index_has_what_was_made(
    script: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def answers(case: str, as_of: str, _: int) -> Any:
        if as_of == "2015-01-31":
            raise ValueError("cannot be made")
        return {"forecast|WLD": {"a": 1}}, vintage(f"{case}@{as_of}")

    script["make"].__globals__["answers"] = answers
    kept: dict[str, PreparedVintage] = {}
    assert script["make"](NAMES, kept, given(tmp_path)) == NAMES[:1]
    assert "cannot be made" in capsys.readouterr().err
    assert [one.as_of for one in PreparedAnswers.of(tmp_path).vintages] == ["2015-06-30"]
    assert json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))["fingerprint"] == fingerprint()
