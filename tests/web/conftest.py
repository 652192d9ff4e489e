"""The page in a real browser: the built files behind the real safety rules, on stored answers; Chromium of the system.

Nothing is simulated. `served` gives the address; `browser` and `page` drive the Chromium that Playwright finds: that of
the system where there is one, else its own.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
pytest.importorskip("playwright", reason="the page's tests need playwright: pip install '.[dev]'")

import uvicorn
from fastapi import FastAPI, Request, Response
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import StreamingResponse
from starlette.staticfiles import StaticFiles
from tests.web.record_answers import stored

from afterfall.web.page_app import static_folder
from afterfall.web.safety import BRIEF_POLICY, Safety

NO_BROWSER = (
    "no Chromium found. On Debian or Ubuntu: apt-get install chromium. Elsewhere: python -m playwright install chromium"
)
TYPES = {"json": "application/json", "ndjson": "application/x-ndjson", "html": "text/html; charset=utf-8"}
#: The one job of the stored answers.
JOB = "0123456789abcdef"
#: Waiting for something to be seen, in milliseconds: a shared machine may be slow.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


#: What the brief's style says of paper: the stored brief is shown with the style as it is now.
PRINTED = re.compile(r"@media print \{.*?\n\}\n", re.DOTALL)


def style() -> str:
    """The style of the brief."""
    return resources.files("afterfall.report.brief").joinpath("brief.css").read_text(encoding="utf-8")


@dataclass
class Served:
    """Where the page is, what was asked for, and answers that a test changes: by route, a function of the answer."""

    address: str
    asked: list[str] = field(default_factory=list)
    changes: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    begun: list[Any] = field(default_factory=list)
    job: str = "running"

    def was_asked(self, route: str, part: str) -> bool:
        """Whether the page has asked for a route with a part in its query, or does so soon: it waits as typing does."""
        limit = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < limit:
            if any(one.startswith(f"{route}?") and part in one for one in list(self.asked)):
                return True
            time.sleep(0.02)
        return False

    def answer(self, route: str, revealed: bool) -> tuple[bytes, str]:
        """The stored answer of a route, and its type."""
        names = {
            "compare": "compare.ndjson",
            "options": "options.ndjson",
            "brief": "brief.html",
            "track": "track-revealed.json" if revealed else "track.json",
        }
        name = names.get(route, f"{route}.json")
        found = stored(name)
        if route == "brief":
            found = PRINTED.sub(lambda _: PRINTED.findall(style())[0], found.decode()).encode()
        if route in self.changes:
            found = json.dumps(self.changes[route](json.loads(found))).encode()
        return found, TYPES[name.split(".")[1]]


def made_app(served: Served) -> FastAPI:
    """The page on stored answers."""
    app = FastAPI()
    app.add_middleware(GZipMiddleware, minimum_size=800)
    app.add_middleware(Safety, port=lambda: None)

    @app.get("/api/v1/work")
    def work() -> dict[str, Any]:
        return {"state": "idle", "stage": "", "done": 0, "total": 0, "text": ""}

    @app.get("/api/v1/jobs")
    def jobs() -> dict[str, Any]:
        return {"jobs": []}

    @app.post("/api/v1/jobs", status_code=202)
    async def start(request: Request) -> dict[str, Any]:
        served.begun.append(await request.json())
        return job("running")

    @app.get(f"/api/v1/jobs/{JOB}")
    def progress() -> dict[str, Any]:
        return job(served.job)

    @app.delete(f"/api/v1/jobs/{JOB}")
    def cancel() -> dict[str, Any]:
        served.job = "cancelled"
        return job(served.job)

    @app.get(f"/api/v1/jobs/{JOB}/mix")
    def mix() -> Response:
        return Response(stored("mix.json"), media_type=TYPES["json"])

    @app.get("/api/v1/{route}")
    def answer(route: str, request: Request) -> Response:
        served.asked.append(f"{route}?{request.url.query}")
        found, kind = served.answer(route, request.query_params.get("reveal") == "true")
        if route in ("compare", "options"):
            return StreamingResponse(lines(found), media_type=kind, headers={"Content-Encoding": "identity"})
        brief = {"Content-Security-Policy": BRIEF_POLICY, "X-Frame-Options": "SAMEORIGIN"} if route == "brief" else {}
        return Response(found, media_type=kind, headers=brief)

    static = static_folder()
    assert static is not None, "the page is not built: make page"
    app.mount("/", StaticFiles(directory=static, html=True))
    return app


def job(state: str) -> dict[str, Any]:
    """A search for the best mix in a state."""
    return {
        "job": JOB,
        "kind": "mix",
        "state": state,
        "stage": "simulating",
        "done": 40,
        "total": 160,
        "seconds": 2.0,
        "eta_s": None,
        "message": "round 1" if state == "running" else "",
        "folder": None,
        "run": None,
        "command": "afterfall compare tiny",
    }


def lines(answer: bytes) -> Iterator[bytes]:
    """A stream line by line, with a moment between."""
    for line in answer.splitlines(keepends=True):
        yield line
        time.sleep(0.05)


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    """The server, once for all tests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = Served(f"http://127.0.0.1:{port}/")
    running = uvicorn.Server(uvicorn.Config(made_app(served), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.05)
    yield served
    running.should_exit = True
    thread.join(10)


@pytest.fixture
def served(server: Served) -> Iterator[Served]:
    """The server, with nothing asked for and nothing changed yet."""
    server.asked.clear()
    server.begun.clear()
    server.job = "running"
    yield server
    server.changes.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=["--no-sandbox"]
            )
        except Error as error:
            pytest.skip(f"{NO_BROWSER} ({error.message.splitlines()[0]})")
        yield found
        found.close()


@dataclass
class Watched:
    """A page of the browser, what it complained of, and which hosts it asked."""

    page: Page
    complaints: list[str]
    hosts: set[str]

    def open(self, address: str, wait: str = ".card") -> Page:
        """Open an address in a new page, and wait until some of it is visible."""
        self.page.goto("about:blank")
        self.page.goto(address)
        self.page.locator(wait).first.wait_for()
        return self.page


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A page of 1366 by 768 whose complaints and requests are kept."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    found = Watched(page, [], set())
    page.on("console", lambda one: found.complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: found.complaints.append(str(one)))
    page.on("request", lambda one: found.hosts.add(one.url.split("/")[2]) if one.url.startswith("http") else None)
    yield found
    context.close()
