"""The application: routes, refusals, safety, gzip, the built page, and the description of the API."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.staticfiles import StaticFiles

from afterfall import __version__
from afterfall.web.answering import Answering
from afterfall.web.changing_routes import changing
from afterfall.web.refusals import add_refusals
from afterfall.web.routes import API, router
from afterfall.web.safety import Safety
from afterfall.web.schemas import MARK

#: The file of definitions that the shipped schemas share.
SHARED = "shared"

#: The page where none has been built.
NO_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>afterfall</title></head><body>
<h1>afterfall</h1>
<p>The page has not been built in this copy. Build it with <code>make page</code> (this needs Node 20 or newer);
an installed package has it.</p>
<p>The API works: <a href="/api/v1/meta">what can be asked for</a>,
<a href="/api/v1/openapi.json">its description</a>.</p>
</body></html>
"""


def page_app(answering: Answering | None = None, port: Callable[[], int | None] = lambda: None) -> FastAPI:
    """The application.

    Parameters
    ----------
    answering
        What answers; by default with the prepared answers of the package.
    port
        Gives the port that the server listens on; None where any is right.
    """
    here = Answering() if answering is None else answering

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        yield
        here.close()

    app = FastAPI(
        title="afterfall",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=living,
    )
    app.state.answering = here
    app.include_router(router)
    app.include_router(changing)
    add_refusals(app)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=6)
    app.add_middleware(Safety, port=port)

    @app.get(f"{API}/openapi.json", include_in_schema=False)
    def description() -> JSONResponse:
        return JSONResponse(openapi(app))

    static = static_folder()
    if static is None:
        app.add_api_route("/", lambda: HTMLResponse(NO_PAGE), include_in_schema=False)
    else:
        app.mount("/", StaticFiles(directory=static, html=True))
    return app


def static_folder() -> Path | None:
    """The folder of the built page; None where it has not been built."""
    found = resources.files("afterfall.web").joinpath("static")
    path = Path(str(found))
    return path if path.joinpath("index.html").is_file() else None


def openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the API, in which the objects of the command line have the schemas that ship for them."""
    from afterfall.report.kit.json_registry import schema, versions  # loads pandas: only here

    found = get_openapi(title=app.title, version=app.version, routes=app.routes, description=__doc__)
    parts = found["components"]["schemas"]
    text = {name: _placed(one) for name, one in parts.items()}
    for name in versions():
        own = schema(name)
        definitions = own.pop("$defs", {})
        shared = definitions.pop(SHARED, {})
        text[f"cli-{name}"] = _within(own, f"cli-{name}")
        text |= {f"cli-{name}.{key}": _within(one, f"cli-{name}") for key, one in definitions.items()}
        text |= {f"{SHARED}.{key}": _within(one, SHARED) for key, one in shared.get("$defs", {}).items()}
    found["components"]["schemas"] = text
    found["paths"] = _placed(found["paths"])
    return found


def _placed(value: Any) -> Any:
    """A part of the description with marked objects replaced by references to the schemas of the command line."""
    if isinstance(value, dict):
        if MARK in value:
            return {"$ref": f"#/components/schemas/cli-{value[MARK]}"}
        return {key: _placed(one) for key, one in value.items()}
    return [_placed(one) for one in value] if isinstance(value, list) else value


def _within(value: Any, name: str) -> Any:
    """A shipped schema with its references turned to where its parts lie in the description."""
    if isinstance(value, dict):
        left = {key: one for key, one in value.items() if key not in ("$schema", "$id")}
        return {key: _reference(one, name) if key == "$ref" else _within(one, name) for key, one in left.items()}
    return [_within(one, name) for one in value] if isinstance(value, list) else value


def _reference(text: str, name: str) -> str:
    shared = re.fullmatch(rf"urn:afterfall:schema:{SHARED}:\d+#/\$defs/(.+)", text)
    if shared:
        return f"#/components/schemas/{SHARED}.{shared[1]}"
    own = re.fullmatch(r"(?:urn:afterfall:schema:[a-z-]+:\d+)?#/\$defs/(.+)", text)
    return f"#/components/schemas/{name}.{own[1]}" if own else text
