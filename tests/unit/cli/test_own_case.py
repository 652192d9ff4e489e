"""A case folder of the user's own works in every command; a run of it says what to give with ``--case``."""

from __future__ import annotations

import shlex
import shutil
from importlib import resources
from pathlib import Path

import pytest
from tests.unit.cli.conftest import Shell

SMALL = ("--trajectories", "3", "--horizon", "12")
OF_A_CASE = {
    "check": ("check",),
    "model": ("model",),
    "forecast": ("forecast", *SMALL, "--no-picture"),
    "hindcast": ("hindcast", "--as-of", "2015-06-30", *SMALL, "--no-picture"),
    "levers": ("levers",),
    "compare": ("compare", "--lever", "detention-security=0.9", *SMALL, "--no-picture"),
    "screening": ("screening", "--country", "arda", *SMALL, "--no-picture"),
    "attacks": ("attacks", *SMALL, "--no-picture", "--later"),
    "brief": ("brief", "--country", "arda", *SMALL),
    "why": ("why", *SMALL),
}
OF_A_RUN = {
    "score": ("--no-picture",),
    "spread": (),
    "attacks": ("--no-picture", "--later"),
    "brief": ("--country", "arda"),
    "why": (),
}


@pytest.fixture
def case(tmp_path: Path) -> str:
    with resources.as_file(resources.files("afterfall.case") / "data" / "tiny") as bundled:
        shutil.copytree(bundled, tmp_path / "mine")
    header = tmp_path / "mine" / "case.toml"
    header.write_text(header.read_text(encoding="utf-8").replace('id = "tiny"', 'id = "own"'), encoding="utf-8")
    return "./mine"


@pytest.mark.parametrize("command", OF_A_CASE)
def test_a_command_takes_the_folder(command: str, shell: Shell, case: str) -> None:
    name, *rest = OF_A_CASE[command]
    done = shell(name, case, *rest)
    assert done.code == 0, done.err


def test_a_run_of_it_is_read_with_its_case(shell: Shell, case: str) -> None:
    made = shell("forecast", case, *SMALL, "--no-picture")
    folder = next(line.split()[1] for line in made.err.splitlines() if line.startswith("run: "))
    for command, rest in OF_A_RUN.items():
        without = shell(command, folder, *rest)
        assert without.code == 2, command
        assert (
            f"Give the case or its folder as --case: the run was made by `afterfall forecast {case}" in without.err
        ), command
        done = shell(command, folder, *rest, "--case", case)
        assert done.code == 0, (command, done.err)
    assert shell("forecast", case, "--from", folder, "--no-picture").code == 0


def test_a_brief_names_the_command_that_makes_it_again(shell: Shell, case: str, tmp_path: Path) -> None:
    (tmp_path / case).rename(tmp_path / "my case")
    made = shell("brief", "./my case", "--country", "arda", *SMALL, "--run-dir", "my runs")
    again = made.out.split("To reproduce it: ")[1].split("; then ")[0]
    assert "'./my case'" in again
    done = shell(*shlex.split(again)[1:], "--no-picture")
    assert done.code == 0, done.err
    assert "(finished before, reused)" in done.err


def test_a_note_is_said_once_of_a_folder_beside_a_bundled_case(shell: Shell, case: str, tmp_path: Path) -> None:
    (tmp_path / case).rename(tmp_path / "tiny")
    done = shell("brief", "tiny", "--country", "arda", *SMALL)
    assert done.code == 0
    assert done.err.count("write ./tiny") == 1


def test_a_replay_that_differs_names_the_path(shell: Shell, case: str) -> None:
    made = shell("forecast", case, *SMALL, "--no-picture")
    folder = next(line.split()[1] for line in made.err.splitlines() if line.startswith("run: "))
    figures = Path("mine/figures.csv")
    lines = figures.read_text(encoding="utf-8").splitlines()
    figures.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    done = shell("forecast", case, "--from", folder)
    if done.code:  # the last figure was public by the as-of date
        assert f"afterfall forecast {case} --as-of 2015-06-30" in done.err
