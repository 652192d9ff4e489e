"""A comparison comes line by line, is what the command gives at the end, and ends when it is not wanted."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.unit.web.conftest import QUICK

import afterfall
from afterfall.live import Refined
from afterfall.report.comparison.comparison_json import comparison_json
from afterfall.report.comparison.difference_words import difference_dots
from afterfall.web.compare_answer import compare_step
from afterfall.web.entries import sent_list
from afterfall.web.view_state import ViewQuery

STATE = {**QUICK, "lever": "detention-security=0.9"}


def lines_of(client: TestClient, **state: Any) -> list[dict[str, Any]]:
    with client.stream("GET", "/api/v1/compare", params={**STATE, **state}) as found:
        assert found.status_code == 200
        assert found.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) for line in found.iter_lines()]


def test_steps_refine_and_the_last_is_that_of_the_command(client: TestClient) -> None:
    lines = lines_of(client, focus="arda")
    steps = [line for line in lines if line["kind"] == "step"]
    assert [step["simulations"] for step in steps] == [8, 16, 20]
    assert [step["final"] for step in steps] == [False, False, True]
    assert lines[-1]["state"] == "done"
    whole = afterfall.compare("tiny", country="arda", levers=["detention-security=0.9"], horizon=12, trajectories=20)
    command = steps[-1]["code"]["command"]
    assert steps[-1]["compare"] == comparison_json(whole, command)
    assert steps[0]["compare"] is None


def test_rows_say_what_they_show(client: TestClient) -> None:
    step = [line for line in lines_of(client) if line["kind"] == "step"][-1]
    assert step["stamp"]["kind"] == "user"
    for row in step["rows"]:
        assert row["label"] in row["text"]
        assert row["dots"] == sorted(row["dots"])
        assert len(row["dots"]) in (0, 20)
        if row["direction"] == "neither":
            assert row["verdict"] == "neither"
    assert any(row["shown"] for row in step["rows"])


def test_dots_are_those_of_the_sentences_one_by_one() -> None:
    found = afterfall.compare("tiny", country="arda", levers=["detention-security=0.9"], horizon=12, trajectories=20)
    made = compare_step(Refined(found, 20, final=False), ViewQuery(**QUICK, focus="arda"), 0)  # type: ignore[arg-type]
    assert {row.quantity: row.dots for row in made.rows} == {
        name: sent_list(difference_dots(found, name)) for name in found.differences
    }


@pytest.mark.parametrize("state", [{"lever": []}, {"given": "merger x"}, {"seen": "fall:all"}])
def test_what_cannot_be_compared_is_refused_before_the_stream(client: TestClient, state: dict[str, Any]) -> None:
    found = client.get("/api/v1/compare", params={**STATE, **state})
    assert found.status_code == 400
    assert found.json()["error"]["kind"] == "setting"


def test_a_wrong_lever_ends_the_stream_with_its_words(client: TestClient) -> None:
    last = lines_of(client, lever="bordr=0.5")[-1]
    assert last["state"] == "failed"
    assert "border" in last["text"]


def test_a_newer_comparison_of_the_page_supersedes_the_older_one(client: TestClient) -> None:
    """The older one is asked for enough simulations to be under way when the newer one comes."""
    ended: list[str] = []
    page = {"X-Afterfall-Page": "p1"}

    def older() -> None:
        state = {**STATE, "simulations": "1000", "horizon": "24"}
        with client.stream("GET", "/api/v1/compare", params=state, headers=page) as found:
            ended.append([json.loads(line) for line in found.iter_lines()][-1]["state"])

    thread = threading.Thread(target=older)
    thread.start()
    room = client.app.state.answering.room  # type: ignore[attr-defined]
    for _ in range(500):
        if ("p1", "compare") in room._latest:
            break
        time.sleep(0.02)
    state = {**STATE, "lever": "border=0.5"}
    with client.stream("GET", "/api/v1/compare", params=state, headers=page) as found:
        newer = [json.loads(line) for line in found.iter_lines()]
    thread.join(60)
    assert newer[-1]["state"] == "done"
    assert ended == ["superseded"]
