"""A case folder of the user's own works in every command; a run of it says what to give with ``--case``."""

from __future__ import annotations

import json
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


@pytest.fixture
def doubtful(case: str, tmp_path: Path) -> str:
    """The case with more people returned to Brom than ever left it."""
    figures = tmp_path / "mine" / "figures.csv"
    text = figures.read_text(encoding="utf-8")
    assert text.count("brom,,,25,25,25") == 1
    figures.write_text(text.replace("brom,,,25,25,25", "brom,,,900,900,900"), encoding="utf-8")
    return case


ROW = "900 for Brom (brom), returned; expected no more than the 130 who travelled"


@pytest.mark.parametrize("command", [name for name in OF_A_CASE if name != "check"])
def test_every_command_counts_implausible_rows_once(command: str, shell: Shell, doubtful: str) -> None:
    name, *rest = OF_A_CASE[command]
    done = shell(name, doubtful, *rest)
    assert done.code == 0, done.err
    assert done.err.count("1 warning about rows of own as of 2015-06-30; `afterfall check ./mine --as-of") == 1
    assert ROW not in done.err


def test_check_lists_what_it_is_named_for(shell: Shell, doubtful: str) -> None:
    note = shell("levers", doubtful).err
    check = shlex.split(note.partition("`")[2].partition("`")[0])
    done = shell(*check[1:])
    assert ROW in " ".join(done.out.split())
    assert "about rows" not in done.err


@pytest.mark.parametrize("country", ["brom", "arda"])
def test_outputs_on_a_country_repeat_the_warnings_of_its_rows(shell: Shell, doubtful: str, country: str) -> None:
    asked = ("--country", country, *SMALL)
    for command in (
        ("forecast", doubtful, *asked, "--no-picture"),
        ("why", doubtful, *asked),
        ("brief", doubtful, *asked),
    ):
        assert (ROW in " ".join(shell(*command).out.split())) == (country == "brom"), command
        content = json.loads(shell(*command, "--json").out)
        assert [one["row"] for one in content["warnings"]] == ([12] if country == "brom" else []), command
        assert content["case_warnings"] == 1


def test_the_world_is_forecast_with_all_warnings_in_json(shell: Shell, doubtful: str) -> None:
    done = shell("forecast", doubtful, *SMALL, "--no-picture", "--json")
    assert [one["row"] for one in json.loads(done.out)["warnings"]] == [12]


def test_a_run_of_it_counts_them_too(shell: Shell, doubtful: str) -> None:
    made = shell("forecast", doubtful, *SMALL, "--no-picture")
    folder = next(line.split()[1] for line in made.err.splitlines() if line.startswith("run: "))
    for command, rest in OF_A_RUN.items():
        done = shell(command, folder, *rest, "--case", doubtful)
        assert done.err.count("1 warning about rows of own") == 1, command


def test_rows_published_later_are_not_warned_of(shell: Shell, case: str, tmp_path: Path) -> None:
    figures = tmp_path / "mine" / "figures.csv"
    text = figures.read_text(encoding="utf-8")
    figures.write_text(text.replace("killed,brom,,,30,32,35", "killed,brom,,,900,900,900"), encoding="utf-8")
    assert "warning" not in shell("hindcast", case, "--as-of", "2015-06-30", *SMALL, "--no-picture").err
    assert "2 warnings" in shell("levers", case, "--as-of", "2016-12-31").err
