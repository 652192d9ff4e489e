"""The API is described, with the command line's own schemas, and answers to anything within what is described."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from afterfall.report.kit.json_registry import versions


@pytest.fixture(scope="module")
def description(client: TestClient) -> Any:
    return client.get("/api/v1/openapi.json").json()


def test_every_reference_leads_somewhere(description: Any) -> None:
    text = json.dumps(description)
    parts = description["components"]["schemas"]
    found = {one.split('"')[0] for one in text.split('"$ref": "')[1:]}
    assert found
    for one in found:
        name, *rest = one.removeprefix("#/components/schemas/").split("/")
        part = parts[name]
        for key in rest:
            part = part[key]
        assert part, one


def test_objects_of_commands_have_their_own_schemas(description: Any) -> None:
    parts = description["components"]["schemas"]
    assert {f"cli-{name}" for name in versions()} <= parts.keys()
    assert parts["WhyAnswer"]["properties"]["why"] == {"$ref": "#/components/schemas/cli-why"}


def test_every_route_says_what_it_does_and_how_it_refuses(description: Any) -> None:
    for path, methods in description["paths"].items():
        for method, one in methods.items():
            assert one.get("description"), f"{method} {path} has no description"
            assert {"400", "422", "503"} <= one["responses"].keys(), path


def test_the_page_that_is_not_built_says_how(client: TestClient) -> None:
    found = client.get("/")
    assert found.status_code == 200
    assert found.headers["content-type"].startswith("text/html")
