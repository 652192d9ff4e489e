"""``afterfall explore`` as a user types it."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell

NEEDED = "pip install 'afterfall[explore]' to run tests of explorations"
ASKED = ("explore", "tiny", "--country", "Brom", "--option", "border: border=0.9", "--scenarios", "70")
SMALL = ("--trajectories", "2", "--horizon", "6")


@pytest.fixture(autouse=True)
def extra() -> None:
    pytest.importorskip("ema_workbench", reason=NEEDED)


def test_it_says_first_where_options_win_and_fail_and_prints_json(shell: Shell, tmp_path: Path) -> None:
    done = shell(*ASKED, *SMALL, "--cases", "all.csv")
    assert done.code == 0, done.err
    plain = " ".join(done.out.split())
    assert "140 cases: 2 options under 70 sets of assumptions (Latin hypercube)" in plain
    assert plain.index("border: best in") < plain.index("What options change against 'now'")
    for words in ("Robustness", "share that meets the target"):
        assert words in done.out
    (folder,) = (tmp_path / "runs").glob("explore-tiny-*")
    assert {"cases.parquet", "exploration.json", "people.bin", "provenance.json"} <= {p.name for p in folder.iterdir()}
    assert (folder / "brom-trade-off-month-6.svg").exists()
    assert (tmp_path / "all.csv").exists()
    again = shell(*ASKED, *SMALL, "--json", "--no-picture")
    assert "reused" in again.err
    content = json.loads(again.out)
    assert problems(content) == []
    assert content["cases"] == 140
    assert content["run"] == folder.name.removeprefix("explore-tiny-")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--over", "lever.border.met=1..2", "--over", "leaving.movr"), "did you mean 'leaving.mover'"),
        (("--outcome", "undetcted"), "did you mean 'undetected'"),
        (("--design", "latin"), "expected one of: lhs, sobol"),
        (("--design", "sobol"), "power of two"),
        (("--cases", "all.xlsx"), ".parquet or .csv"),
    ],
)
def test_bad_input_exits_two_and_writes_nothing(shell: Shell, tmp_path: Path, more: Any, words: str) -> None:
    done = shell(*ASKED, *SMALL, *more)
    assert done.code == 2
    assert words in done.err
    assert not (tmp_path / "runs").exists()


def test_without_options_it_says_what_is_expected(shell: Shell) -> None:
    done = shell("explore", "tiny")
    assert done.code == 2
    assert "--option" in done.err


def test_without_the_extra_it_says_what_to_install(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "afterfall.exploration.explore_libraries.find_spec", lambda n: None if n == "SALib" else real(n)
    )
    done = shell(*ASKED, *SMALL)
    assert done.code == 1
    assert "pip install 'afterfall[explore]'" in done.err
