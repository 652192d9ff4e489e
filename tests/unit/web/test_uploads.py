"""Figures of the user's own are checked before anything is written, and accepted ones make a case that can be asked."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.unit.web.conftest import QUICK

HEAD = "quantity,place,value,refers_to\n"


def check(client: TestClient, text: str, **state: Any) -> Any:
    headers = {"content-type": "text/csv"}
    found = client.post("/api/v1/figures/check", params={"case": "tiny", **state}, content=text, headers=headers)
    assert found.status_code == 200, found.text
    return found.json()


def test_good_figures_say_what_they_would_change(client: TestClient) -> None:
    found = check(client, HEAD + "returned,arda,50,2015-05\nrevoked,arda,3,2015-05\n")
    assert found["ok"]
    assert found["rows"] == 2
    first, second = found["effects"]
    assert first["before"] == "40–50 (2015-04)"
    assert first["after"] == "50 (2015-05)"
    assert first["used"].startswith("read for the start")
    assert second["after"] == "<5 (2015-05)"


def test_all_problems_come_at_once_at_rows_of_the_upload(client: TestClient) -> None:
    found = check(client, HEAD + "returned,arda,50,2015-05\nreturnd,ardda,x,2015-05\n")
    assert not found["ok"]
    assert found["token"] is None
    assert {one["row"] for one in found["problems"]} == {3}
    assert {"quantity", "value"} <= {one["column"] for one in found["problems"]}
    assert "returned" in [one["nearest"] for one in found["problems"]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "a,b\n1,2\n",
        HEAD,
        HEAD + "returned,arda\n",
        HEAD + '"returned,arda',
        HEAD + "returned,arda,5,x\n" * 501,
    ],
)
def test_what_is_no_table_of_figures_is_a_report_too(client: TestClient, text: str) -> None:
    found = check(client, text)
    assert not found["ok"]
    assert found["problems"]


def test_accepted_figures_make_a_case_of_the_users_own(client: TestClient) -> None:
    token = check(client, HEAD + "returned,arda,50,2015-05\n")["token"]
    accepted = client.post("/api/v1/figures/accept", params={"token": token}).json()
    assert accepted["case"].startswith("user:tiny-")
    found = client.get("/api/v1/forecast", params={**QUICK, "case": accepted["case"]}).json()
    assert found["stamp"]["kind"] == "user"
    assert found["stamp"]["case_hash"] != client.get("/api/v1/forecast", params=QUICK).json()["stamp"]["case_hash"]
    assert accepted["case"] in [one["name"] for one in client.get("/api/v1/meta").json()["cases"]]
    again = client.post("/api/v1/figures/accept", params={"token": token})
    assert again.json()["case"] == accepted["case"]


def test_a_token_that_was_never_given_is_refused(client: TestClient) -> None:
    assert client.post("/api/v1/figures/accept", params={"token": "0" * 32}).status_code == 404
    assert client.post("/api/v1/figures/accept", params={"token": "../x"}).status_code == 422


def test_only_csv_in_utf8_is_read(client: TestClient) -> None:
    url, csv = "/api/v1/figures/check?case=tiny", {"content-type": "text/csv"}
    assert client.post(url, content="x", headers={"content-type": "application/json"}).status_code == 400
    assert client.post(url, content=b"\xff\xfe", headers=csv).status_code == 400


def test_markup_in_a_cell_stays_text(client: TestClient) -> None:
    found = check(client, HEAD + "<script>alert(1)</script>,arda,50,2015-05\n")
    assert not found["ok"]
    assert "<script>" in found["problems"][0]["found"]
