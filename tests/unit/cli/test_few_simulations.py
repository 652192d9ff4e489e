"""What is printed of a run with too few simulations for its ranges."""

from __future__ import annotations

import json

import pytest
from tests.unit.cli.conftest import Shell, shell  # noqa: F401

NOTE = "{} simulations: a 90% range needs 100 or more"
SHORT = ("--horizon", "12")
COMMANDS = {
    "forecast": ("forecast", "tiny", "--no-picture"),
    "why": ("why", "tiny"),
    "brief": ("brief", "tiny", "--country", "Arda"),
    "hindcast": ("hindcast", "tiny", "--as-of", "2015-06-30", "--no-picture"),
    "attacks": ("attacks", "tiny", "--no-picture"),
    "screening": ("screening", "tiny", "--country", "Arda", "--no-picture"),
    "track-record": ("track-record", "tiny", "--as-of", "2015-06-30"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_ranges_of_few_simulations_are_noted_once_on_stderr(command: str, shell: Shell) -> None:  # noqa: F811
    done = shell(*COMMANDS[command], *SHORT, "--trajectories", "6")
    assert done.code == 0, done.err
    assert done.err.count(NOTE.format(6)) == 1
    assert "a 90% range needs" not in done.out


def test_a_hundred_are_enough(shell: Shell) -> None:  # noqa: F811
    done = shell(*COMMANDS["forecast"], *SHORT, "--trajectories", "100")
    assert "a 90% range needs" not in done.err
    one = shell(*COMMANDS["forecast"], *SHORT, "--trajectories", "1", "--json")
    assert "1 simulation: a 90% range needs 100 or more" in one.err
    assert json.loads(one.out)["command"]


def test_why_says_that_no_parameter_stands_out_instead_of_an_empty_table(shell: Shell) -> None:  # noqa: F811
    done = shell("why", "tiny", "--country", "Arda", *SHORT, "--trajectories", "3")
    title = "2. parameters that drive its spread, the strongest first"
    section = done.out.split(title)[1].split("3. mechanisms")[0].split("\n")
    assert [line.strip() for line in section if line.strip()] == [
        "parameters",
        "none stands out from the noise of so few simulations, or the number does not vary",
    ]


def test_why_takes_a_country_as_an_argument_or_an_option_not_two(shell: Shell) -> None:  # noqa: F811
    few = (*SHORT, "--trajectories", "3")
    assert shell("why", "tiny", "Arda", *few).out == shell("why", "tiny", "--country", "Arda", *few).out
    two = shell("why", "tiny", "Arda", "--country", "Brom", *few)
    assert two.code == 2
    assert "two countries" in two.err
