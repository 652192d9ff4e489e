"""The server answers to its own page on this machine and to nobody else."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from afterfall.web.safety import HEADERS, MOST_BODY, MOST_QUERY, MOST_REQUESTS, Safety, refused


def request(path: str = "/", query: str = "", **headers: str) -> Request:
    pairs = {"host": "127.0.0.1:8719", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in pairs.items()]
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": raw,
            "scheme": "http",
        }
    )


@pytest.mark.parametrize("host", ["127.0.0.1:8719", "localhost:8719", "[::1]:8719"])
def test_own_hosts_are_answered(host: str) -> None:
    assert refused(request(host=host), 8719) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8719",
        "127.0.0.1.evil.example:8719",
        "127.0.0.1:80",
        "user@127.0.0.1:8719",
        "127.0.0.1:8719/x",
        "[::1",
        "127.0.0.1:99999",
        "",
    ],
)
def test_foreign_hosts_are_refused(host: str) -> None:
    found = refused(request(host=host), 8719)
    assert found is not None
    assert found[0] == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1:8719", "null", "http://127.0.0.1:1"])
def test_foreign_origins_are_refused(origin: str) -> None:
    found = refused(request(origin=origin), 8719)
    assert found is not None
    assert found[:2] == (403, "origin")


def test_its_own_origin_is_answered() -> None:
    assert refused(request(origin="http://127.0.0.1:8719"), 8719) is None


def test_scripts_of_other_sites_are_refused_and_links_are_not() -> None:
    other = {"sec_fetch_site": "cross-site"}
    assert refused(request(**other, sec_fetch_mode="no-cors"), 8719) is not None
    assert refused(request(**other, sec_fetch_mode="navigate"), 8719) is None


def test_long_queries_and_large_bodies_are_refused() -> None:
    assert refused(request(query="a" * (MOST_QUERY + 1)), 8719) is not None
    assert refused(request(content_length=str(MOST_BODY + 1)), 8719) is not None
    assert refused(request(content_length="x"), 8719) is not None


def test_every_answer_has_the_headers_and_no_cookie(client: TestClient) -> None:
    for path in ("/", "/api/v1/meta", "/api/v1/nothing", "/api/v1/forecast?case=nothing"):
        found = client.get(path)
        assert {name: found.headers.get(name) for name in HEADERS} == HEADERS, path
        assert "set-cookie" not in found.headers
    assert client.get("/", headers={"host": "evil.example"}).headers["content-security-policy"]


def test_a_body_without_a_length_is_limited_too(client: TestClient) -> None:
    parts = (b"x" * 65536 for _ in range(8))
    found = client.post("/api/v1/figures/check?case=tiny", content=parts, headers={"content-type": "text/csv"})
    assert found.status_code == 413


def test_requests_are_limited_in_number() -> None:
    async def app(*_: object) -> None: ...

    guard = Safety(app, lambda: None)
    assert [guard._too_many() for _ in range(MOST_REQUESTS)] == [None] * MOST_REQUESTS
    found = guard._too_many()
    assert found is not None
    assert found[0] == 429
