"""``check``, ``levers``, ``brief`` and ``why`` print one JSON object each, as its shipped schema has it."""

from __future__ import annotations

import json

import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell

SMALL = ("--trajectories", "5", "--horizon", "12")
ASKS = {
    "check": ("check", "tiny"),
    "model": ("model", "tiny"),
    "levers": ("levers", "tiny", "--country", "arda"),
    "brief": ("brief", "tiny", "--country", "arda", *SMALL),
    "why": ("why", "tiny", "--country", "arda", *SMALL),
}


@pytest.mark.parametrize("command", ASKS)
def test_a_command_prints_one_object(command: str, shell: Shell) -> None:
    done = shell(*ASKS[command], "--json")
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert problems(content) == []
    assert content["command"].startswith(f"afterfall {command} tiny")
