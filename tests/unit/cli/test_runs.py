"""``afterfall runs``: the list in 80 columns, JSON by its schema, dry runs, removal, and refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell


@pytest.fixture
def names(shell: Shell) -> list[str]:
    """Names of two runs in the folder ``runs``, the newest first."""
    for seed in ("1", "2"):
        assert shell("forecast", "tiny", "--trajectories", "2", "--seed", seed, "--no-picture").code == 0
    return [run["name"] for run in json.loads(shell("runs", "--json").out)["runs"]]


def test_the_list_fits_80_columns_and_adds_up(shell: Shell, names: list[str]) -> None:
    done = shell("runs")
    assert done.code == 0, done.err
    assert done.out.startswith("runs: 2 runs, ")
    assert max(map(len, done.out.splitlines()[:-1])) <= 80
    assert all(name in done.out for name in names)


def test_runs_of_one_comparison_differ_by_their_levers_and_times(shell: Shell) -> None:
    done = shell("compare", "tiny", "--lever", "programmes=0.7", "--trajectories", "2", "--no-picture")
    assert done.code == 0, done.err
    table = " ".join(shell("runs").out.split())
    assert "programmes=0.7" in table
    assert "held at 0.5" in table
    assert re.search(r"\d\d:\d\d", table)


@pytest.mark.usefixtures("names")
def test_json_has_its_schema(shell: Shell) -> None:
    content = json.loads(shell("runs", "--json").out)
    assert problems(content) == []
    assert content["bytes"] == sum(run["bytes"] for run in content["runs"])
    assert [run["seed"] for run in content["runs"]] == [2, 1]
    assert content["removed"] is False


@pytest.mark.usefixtures("names")
def test_a_dry_run_removes_nothing(shell: Shell) -> None:
    done = shell("runs", "--older-than", "0d", "--remove", "--dry-run")
    assert done.code == 0
    assert "2 runs" in done.out
    assert "would be removed" in done.out
    assert len(json.loads(shell("runs", "--json").out)["runs"]) == 2


def test_a_run_is_removed_by_name_and_made_again_by_its_command(shell: Shell, names: list[str]) -> None:
    done = shell("runs", names[0], "--remove")
    assert (done.code, ", removed" in done.out) == (0, True)
    assert not Path("runs", names[0]).exists()
    assert [run["name"] for run in json.loads(shell("runs", "--json").out)["runs"]] == [names[1]]
    assert shell("forecast", "tiny", "--trajectories", "2", "--seed", "2", "--no-picture").code == 0
    assert Path("runs", names[0]).exists()


def test_an_empty_folder_and_an_empty_selection_are_said(shell: Shell) -> None:
    assert shell("runs").out == "runs: no runs\n"
    assert shell("runs", "--unfinished", "--remove").out == "runs: no runs to remove\n"


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--remove"], "say which runs"),
        (["--older-than", "3x"], "--older-than: found '3x'"),
        (["nothing"], "unknown run 'nothing'"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_removed(shell: Shell, arguments: list[str], words: str) -> None:
    done = shell("runs", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in " ".join(done.err.split())
    assert len(json.loads(shell("runs", "--json").out)["runs"]) == 2
