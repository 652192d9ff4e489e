"""Runs the server on the loopback address, from the port being taken to the page being open in a browser."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from afterfall.web.answering import Answering
from afterfall.web.page_app import page_app

LOOPBACK = "127.0.0.1"


class PortTaken(ValueError):
    """The port that was asked for is in use, or may not be used."""


def serve(*, port: int, open_page: bool, say: Callable[[str], None]) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    port
        The port; 0 for any that is free.
    open_page
        Whether to open the page in the user's browser.
    say
        Called with the address once the server listens.

    Raises
    ------
    PortTaken
        If the port is in use, or may not be used.
    """
    listening = _listening(port)
    found = int(listening.getsockname()[1])
    address = f"http://{LOOPBACK}:{found}/"
    config = uvicorn.Config(
        page_app(Answering(eager=True), port=lambda: found),
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=200,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    logging.getLogger("uvicorn.error").addFilter(_not_of_ending)
    threading.Thread(target=_when_up, args=(server, address, open_page, say), daemon=True).start()
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:  # how it is meant to end
        pass
    finally:
        listening.close()


def _not_of_ending(record: logging.LogRecord) -> bool:
    """Whether a message is more than that work was cut off by Ctrl-C, which is how the server is meant to end."""
    problem = record.exc_info[1] if record.exc_info else None
    return not isinstance(problem, asyncio.CancelledError) and "running task(s)" not in record.getMessage()


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((LOOPBACK, port))
    except OSError as problem:
        made.close()
        why = "is in use" if problem.errno == errno.EADDRINUSE else f"cannot be used ({problem.strerror})"
        raise PortTaken(f"port {port} {why}: give another as --port, or --port 0 for any that is free") from None
    return made


def _when_up(server: uvicorn.Server, address: str, open_page: bool, say: Callable[[str], None]) -> None:
    """Say the address once the server answers, and open it."""
    stop = threading.Event()
    while not server.started:
        if server.should_exit or stop.wait(0.02):
            return
    say(address)
    if open_page:
        webbrowser.open(address)
