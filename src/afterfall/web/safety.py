"""What keeps the server to this machine and its page: host, origin, headers, sizes and rates.

The server listens on the loopback address only. A web page of somebody else could still send requests to it from the
user's browser, so a foreign ``Host`` (DNS rebinding) and a foreign ``Origin`` are refused, and so is a request that the
browser marks as sent by another site. There are no cookies. The page may load from the server alone
(``Content-Security-Policy``). Bodies are limited in size, requests in number.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from afterfall.web.refusals import RequestRefusal, error_answer
from afterfall.web.schemas import ErrorEntry

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
#: The brief holds no script, loads nothing, and may be shown within the page.
BRIEF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: Bytes of a body, of the query; requests in a window of seconds.
MOST_BODY, MOST_QUERY = 256 * 1024, 8 * 1024
MOST_REQUESTS, WINDOW = 600, 60.0
#: Methods that change nothing.
READING = ("GET", "HEAD", "OPTIONS")


def refused(request: Request, port: int | None) -> tuple[int, str, str] | None:
    """Why a request may not be answered: status, kind and words; None where it may.

    `port` is the port that the server listens on, None where it is not known (in tests).
    """
    host = request.headers.get("host", "")
    if not _ours(f"//{host}", port):
        return 403, "host", "This server answers only to the address of this machine, 127.0.0.1."
    origin = request.headers.get("origin")
    if origin is not None and not (origin.startswith("http://") and _ours(origin.removeprefix("http:"), port)):
        return 403, "origin", "This server answers only to its own page."
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not _navigates(request):
        return 403, "origin", "This server answers only to its own page."
    if len(request.url.query) > MOST_QUERY:
        return 413, "too-large", f"The query is longer than {MOST_QUERY:,} characters."
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BODY:
        return 413, "too-large", f"The body is larger than {MOST_BODY // 1024} kB."
    return None


def _ours(url: str, port: int | None) -> bool:
    try:
        parts = urlsplit(url)
        name, found = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = (f"[{name}]" if ":" in name else name) in LOOPBACK
    return known and not (parts.username or parts.path) and (port is None or found == port)


def _navigates(request: Request) -> bool:
    """Whether somebody follows a link to the page itself, which is no request of another page's script."""
    return request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate"


class Safety:
    """Middleware that refuses what must not be answered, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, port: Callable[[], int | None]) -> None:
        self._app, self._port = app, port
        self._times: deque[float] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let the application do so."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        found = refused(request, self._port()) or self._too_many()
        with_headers = self._with_headers(send)
        if found is not None:
            status, kind, words = found
            await error_answer(status, ErrorEntry(kind=kind, message=words))(scope, receive, with_headers)
            return
        await self._app(scope, _limited(receive), with_headers)

    def _too_many(self) -> tuple[int, str, str] | None:
        now = time.monotonic()
        while self._times and now - self._times[0] > WINDOW:
            self._times.popleft()
        if len(self._times) >= MOST_REQUESTS:
            return 429, "too-many", f"More than {MOST_REQUESTS} requests in a minute: wait a little."
        self._times.append(now)
        return None

    @staticmethod
    def _with_headers(send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = {name.lower() for name, _ in message["headers"]}
                added = [(n.lower().encode(), v.encode()) for n, v in HEADERS.items()]
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in found)]
            await send(message)

        return sending


def _limited(receive: Receive) -> Receive:
    """The same messages, ended once a body grows beyond the limit."""
    total = 0

    async def receiving() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > MOST_BODY:
            raise RequestRefusal(413, "too-large", f"The body is larger than {MOST_BODY // 1024} kB.")
        return message

    return receiving
