"""As-of dates beyond the data at the shell: refused with exit code 2, or said in the first line of every output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell

from afterfall.cli.app import COMMANDS

ASK = ("--as-of", "2027-01-31")
SAID = "Beyond the data: case isis is kept up to 2026-03-13 and seen from 2027-01-31"


@pytest.mark.parametrize("command", ["check", "model", "forecast", "violence", "fit"])
def test_a_day_beyond_the_data_is_refused(shell: Shell, command: str) -> None:
    outcome = shell(command, "isis", *ASK)
    assert (outcome.code, outcome.out) == (2, "")
    assert "case isis is kept up to 2026-03-13, and 2027-01-31 was asked for" in outcome.err
    assert not any(Path().iterdir())


def test_where_it_is_asked_for_the_first_line_says_so(shell: Shell) -> None:
    outcome = shell("check", "isis", *ASK, "--beyond-data")
    assert outcome.code == 0
    assert outcome.out.splitlines()[0].startswith(SAID)
    assert not shell("check", "isis-2017", "--beyond-data").out.startswith("Beyond")


def test_so_does_the_head_of_a_json_object(shell: Shell) -> None:
    found = json.loads(shell("check", "isis", *ASK, "--beyond-data", "--json").out)
    assert list(found)[2] == "beyond_data"
    assert found["beyond_data"].startswith(SAID)
    assert problems(found) == []


def test_commands_without_a_case_do_not_have_the_option(shell: Shell) -> None:
    assert "--beyond-data" not in shell("reference", "--help").out
    for name in set(COMMANDS) - {"reference", "runs", "benchmark", "import", "serve", "changes"}:
        assert "--beyond-data" in shell(name, "--help").out, name
