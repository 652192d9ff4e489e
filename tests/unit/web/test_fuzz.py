"""Whatever is sent, the API answers with what it describes or refuses in words; it never fails.

Requests are generated from the API's own description by schemathesis, well-formed ones and others. Those that would
make a large case or a long run are narrowed to `tiny`, a few months and twenty simulations.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

schemathesis = pytest.importorskip("schemathesis")
pytest.importorskip("fastapi")

from afterfall.web.answering import Answering  # noqa: E402
from afterfall.web.page_app import page_app  # noqa: E402
from afterfall.web.prepared_answers import PreparedAnswers  # noqa: E402

#: Requests by route.
EXAMPLES = int(os.environ.get("AFTERFALL_FUZZ_REQUESTS", "12"))
NARROW = {"case": "tiny", "horizon": 3, "simulations": 20}
BIG = ("isis", "isis-2017", "mali-2013", "")
HOST = {"Host": "127.0.0.1"}
FOLDER = tempfile.TemporaryDirectory(prefix="afterfall-fuzz-")
APP = page_app(Answering(PreparedAnswers.none(), Path(FOLDER.name) / "runs"))
SCHEMA = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP, headers=HOST)


def narrowed(query: dict[str, Any]) -> dict[str, Any]:
    """A query of the same form that is answered quickly; what is malformed stays so."""
    found = dict(query)
    if found.get("case", "") in BIG:
        found["case"] = NARROW["case"]
    for name in ("horizon", "simulations"):
        if name not in found or isinstance(found[name], int):
            found[name] = NARROW[name]
    return found


@pytest.mark.slow
@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_request_makes_it_fail(case: Any) -> None:
    if isinstance(case.query, dict) and any(p.name == "horizon" for p in case.operation.query):
        case.query = narrowed(case.query)
    if isinstance(case.body, dict) and case.body.get("case") in BIG:
        case.body["case"] = "tiny"
    found = case.call(headers=HOST)
    assert found.status_code < 500 or found.status_code == 503, (case.as_curl_command(), found.text)
    if found.status_code >= 400:
        error = found.json()["error"]
        assert error["kind"] != "fault"
        assert error["message"]
