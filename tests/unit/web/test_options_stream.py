"""Several options come line by line, are those of the command at the end, and name no file of the machine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.unit.web.conftest import QUICK

import afterfall
from afterfall.report.comparison.option_json import option_json

OPTIONS = ["borders: border=0.9", "prisons: detention-security=0.9"]


def lines_of(client: TestClient, **state: Any) -> list[dict[str, Any]]:
    with client.stream("GET", "/api/v1/options", params={**QUICK, "option": OPTIONS, **state}) as found:
        assert found.status_code == 200
        return [json.loads(line) for line in found.iter_lines()]


def test_the_last_step_is_that_of_the_command(client: TestClient) -> None:
    lines = lines_of(client, focus="arda")
    steps = [line for line in lines if line["kind"] == "options"]
    assert [step["simulations"] for step in steps] == [8, 16, 20]
    assert [step["final"] for step in steps] == [False, False, True]
    assert lines[-1]["state"] == "done"
    last = steps[-1]
    whole = afterfall.compare_options("tiny", OPTIONS, country="arda", horizon=12, trajectories=20)
    told = option_json(whole, last["code"]["command"])
    assert last["verdicts"] == list(told["verdicts"])
    assert [one["name"] for one in last["options"]] == ["borders", "prisons"]
    for one in last["outcomes"]:
        there = told["outcomes"][one["quantity"]]
        for row in one["rows"]:
            assert row["mean"] == pytest.approx(there["differences"][row["name"]]["now"]["mean"], rel=1e-3, abs=1e-9)
            if row["best"] is not None:
                assert row["best"] == pytest.approx(there["standings"][row["name"]]["best"], rel=1e-3)


def test_the_code_gives_the_same(client: TestClient) -> None:
    code = client.get("/api/v1/code", params={**QUICK, "view": "compare", "option": OPTIONS}).json()["code"]
    assert code["command"].startswith("afterfall compare tiny --option 'borders: border=0.9' --option")
    assert code["python"].startswith("afterfall.compare_options('tiny', ['borders: border=0.9', ")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"option": []}, 400),
        ({"option": "x: y.toml"}, 400),
        ({"option": "x: /etc/passwd"}, 422),
        ({"option": "border=1"}, 422),
        ({"seen": "fall:all"}, 400),
    ],
)
def test_what_cannot_be_compared_is_refused(client: TestClient, state: dict[str, Any], status: int) -> None:
    found = client.get("/api/v1/options", params={**QUICK, "option": OPTIONS, **state})
    assert found.status_code == status
    assert found.json()["error"]["message"]


def test_a_wrong_option_ends_the_stream_with_its_words(client: TestClient) -> None:
    last = lines_of(client, option=["x: bordr=0.5"])[-1]
    assert last["state"] == "failed"
    assert "border" in last["text"]
