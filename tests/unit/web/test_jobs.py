"""Long work goes on, says how far it is, gives way, can be cancelled, and leaves a run folder."""

from __future__ import annotations

import json
import time
from typing import Any

from starlette.testclient import TestClient
from tests.json_schemas import problems
from tests.unit.web.conftest import QUICK

import afterfall
from afterfall.report.comparison.mix_json import mix_json
from afterfall.report.comparison.mix_tables import mix_sentences
from afterfall.run.resolve import opened


def until_ended(client: TestClient, name: str) -> Any:
    for _ in range(600):
        found = client.get(f"/api/v1/jobs/{name}").json()
        if found["state"] not in ("queued", "running"):
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_a_forecast_ends_with_its_run_folder(client: TestClient) -> None:
    asked = {"kind": "forecast", "case": "tiny", "simulations": 60, "horizon": 12}
    begun = client.post("/api/v1/jobs", json=asked)
    assert begun.status_code == 202
    found = until_ended(client, begun.json()["job"])
    assert found["state"] == "done"
    assert (found["done"], found["total"]) == (60, 60)
    folder = client.app.state.answering._folder.parent / found["folder"]  # type: ignore[attr-defined]
    assert opened(folder).request.hash == found["run"]
    assert found["run"] == afterfall.forecast("tiny", horizon=12, trajectories=60).request.hash
    assert found["job"] in [one["job"] for one in client.get("/api/v1/jobs").json()["jobs"]]


def test_a_job_gives_way_and_is_cancelled(client: TestClient) -> None:
    asked = {"kind": "forecast", "case": "tiny", "simulations": 10_000, "horizon": 60}
    name = client.post("/api/v1/jobs", json=asked).json()["job"]
    for _ in range(300):
        if client.get(f"/api/v1/jobs/{name}").json()["stage"] == "simulating":
            break
        time.sleep(0.1)
    view = client.get("/api/v1/forecast", params={**QUICK, "horizon": "7"})
    assert view.status_code == 200
    assert client.get(f"/api/v1/jobs/{name}").json()["state"] == "running"
    client.delete(f"/api/v1/jobs/{name}")
    found = until_ended(client, name)
    assert found["state"] == "cancelled"
    assert 0 < found["done"] < 10_000


def test_what_goes_wrong_is_said(client: TestClient) -> None:
    asked = {"kind": "forecast", "case": "tiny", "given": ["nowhere falls by 2016-01"], "simulations": 20}
    found = until_ended(client, client.post("/api/v1/jobs", json=asked).json()["job"])
    assert found["state"] == "failed"
    assert "nowhere" in found["message"]


def test_the_best_mix_is_the_object_and_the_sentences_of_the_command(client: TestClient) -> None:
    asked = {
        "kind": "mix",
        "case": "tiny",
        "focus": "brom",
        "horizon": 6,
        "simulations": 8,
        "budget": ["monitored=50"],
        "mix": ["border=0.9"],
    }
    begun = client.post("/api/v1/jobs", json=asked).json()
    assert begun["command"] == (
        "afterfall compare tiny --country brom --horizon 6 --trajectories 8 --budget monitored=50 --mix border=0.9"
    )
    found = until_ended(client, begun["job"])
    assert found["state"] == "done"
    answer = client.get(f"/api/v1/jobs/{begun['job']}/mix").json()
    same = afterfall.best_mix("tiny", "monitored=50", mix="border=0.9", country="brom", horizon=6, trajectories=8)
    assert answer["sentences"] == list(mix_sentences(same))
    assert answer["mix"] == json.loads(json.dumps(mix_json(same, begun["command"])))
    assert problems(answer["mix"]) == []
    assert [row["name"] for row in answer["rows"]] == [one.name for one in same.mixes]
    assert all(row["low90"] <= row["gain"] <= row["high90"] for row in answer["rows"])
    assert {len(row["dots"]) for row in answer["rows"]} == {20}


def test_a_mix_is_cancelled_and_a_job_without_a_result_says_so(client: TestClient) -> None:
    asked = {"kind": "mix", "case": "tiny", "focus": "arda", "simulations": 2000}
    name = client.post("/api/v1/jobs", json=asked).json()["job"]
    for _ in range(300):
        if "round" in client.get(f"/api/v1/jobs/{name}").json()["message"]:
            break
        time.sleep(0.1)
    client.delete(f"/api/v1/jobs/{name}")
    assert until_ended(client, name)["state"] == "cancelled"
    refused = client.get(f"/api/v1/jobs/{name}/mix")
    assert refused.status_code == 404
    assert "cancelled" in refused.json()["error"]["message"]


def test_a_mix_that_cannot_be_says_why(client: TestClient) -> None:
    asked = {"kind": "mix", "case": "tiny", "mix": ["bordr"], "simulations": 20}
    found = until_ended(client, client.post("/api/v1/jobs", json=asked).json()["job"])
    assert found["state"] == "failed"
    assert "border" in found["message"]


def test_jobs_that_cannot_be_are_refused(client: TestClient) -> None:
    assert client.post("/api/v1/jobs", json={"kind": "compare", "case": "tiny"}).status_code == 400
    assert client.post("/api/v1/jobs", json={"kind": "forecast", "case": "nothing"}).status_code == 404
    assert client.post("/api/v1/jobs", json={"kind": "forecast", "case": "/etc"}).status_code == 422
    assert client.post("/api/v1/jobs", json={"kind": "rm", "case": "tiny"}).status_code == 422
    assert client.get("/api/v1/jobs/0123456789abcdef").status_code == 404
