"""``afterfall serve``: the page, on this machine alone."""

from __future__ import annotations

from typing import Annotated

import typer

from afterfall.cli.failures import BAD_INPUT, FAILURE, Failure

EXAMPLES = ("afterfall serve", "afterfall serve --port 0 --no-open")
#: The port where none is given.
DEFAULT_PORT = 8719
NEEDED = "the page needs FastAPI and uvicorn: pip install 'afterfall[web]' ({} is not installed)"


def serve(
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 for any that is free.")
    ] = DEFAULT_PORT,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Serve the page on this machine (127.0.0.1) until interrupted, and open it in the browser.

    Nothing is sent to any other machine. Runs and fits that are started from the page are kept in the folders runs and
    fits, as those of the other commands.
    """
    from afterfall.cli.output import stderr

    try:
        from afterfall.web.serving import PortTaken, serve
    except ModuleNotFoundError as missing:
        if missing.name not in ("fastapi", "starlette", "uvicorn", "pydantic"):
            raise
        raise Failure(NEEDED.format(missing.name), FAILURE) from None

    def say(address: str) -> None:
        typer.echo(address)
        stderr().print("Ctrl-C ends it")

    try:
        serve(port=port, open_page=open_page, say=say)
    except PortTaken as problem:
        raise Failure(str(problem), BAD_INPUT) from None
