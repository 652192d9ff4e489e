"""Long work goes on, says how far it is, gives way, can be cancelled, and leaves a run folder."""

from __future__ import annotations

import time
from typing import Any

from starlette.testclient import TestClient
from tests.unit.web.conftest import QUICK

import afterfall
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


def test_jobs_that_cannot_be_are_refused(client: TestClient) -> None:
    assert client.post("/api/v1/jobs", json={"kind": "compare", "case": "tiny"}).status_code == 400
    assert client.post("/api/v1/jobs", json={"kind": "forecast", "case": "nothing"}).status_code == 404
    assert client.post("/api/v1/jobs", json={"kind": "forecast", "case": "/etc"}).status_code == 422
    assert client.post("/api/v1/jobs", json={"kind": "rm", "case": "tiny"}).status_code == 422
    assert client.get("/api/v1/jobs/0123456789abcdef").status_code == 404
