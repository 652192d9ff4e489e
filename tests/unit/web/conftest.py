"""A client of the page's server on `tiny`, with nothing prepared, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")
pytest.importorskip("httpx")

if TYPE_CHECKING:
    from starlette.testclient import TestClient

#: A view that is made quickly.
QUICK = {"case": "tiny", "horizon": "12", "simulations": "20"}


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client whose runs and cases are kept in a folder of the tests."""
    from starlette.testclient import TestClient

    from afterfall.web.answering import Answering
    from afterfall.web.page_app import page_app
    from afterfall.web.prepared_answers import PreparedAnswers

    here = Answering(PreparedAnswers.none(), tmp_path_factory.mktemp("page") / "runs")
    with TestClient(page_app(here), base_url="http://127.0.0.1:8719", raise_server_exceptions=False) as found:
        yield found


@pytest.fixture(scope="session")
def ask(client: TestClient) -> Any:
    """Ask for an answer to the quick view, changed as said; gives status and content."""

    def asked(route: str, **state: Any) -> tuple[int, Any]:
        found = client.get(f"/api/v1/{route}", params={**QUICK, **state})
        return found.status_code, found.json()

    return asked
