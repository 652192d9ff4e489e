"""The routes that answer to a view. Each waits its turn for the engine without holding up the others."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Header, Query, Request
from pydantic import StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from afterfall.web.answering import Answering
from afterfall.web.meta_answer import meta_answer
from afterfall.web.safety import BRIEF_POLICY
from afterfall.web.schemas import (
    MARK,
    AttacksAnswer,
    CodeAnswer,
    CompareState,
    CompareStep,
    ConditionAnswer,
    ErrorAnswer,
    EvidenceAnswer,
    FlowsAnswer,
    ForecastAnswer,
    IndicatorsAnswer,
    Meta,
    OptionsStep,
    TrackAnswer,
    VintageAnswer,
    ViolenceAnswer,
    WhyAnswer,
    WorkAnswer,
)
from afterfall.web.view_state import PAGE_SIMULATIONS, ViewQuery, code_of
from afterfall.web.work_words import work_words

API = "/api/v1"
#: Seconds between two looks at whether the page is still there.
LOOK = 0.15
JSON = "application/json"
View = Annotated[ViewQuery, Query()]
Page = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")],
    Header(alias="X-Afterfall-Page", description="A random id of the page; its newer requests supersede older ones."),
]
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer} for status in (400, 403, 404, 409, 413, 422, 429, 503)
}
#: Objects of the command line that a view determines.
ObjectName = Literal["forecast", "violence", "attacks", "why", "levers", "check", "brief", "track-record"]
OBJECTS = [{"type": "object", MARK: name} for name in get_args(ObjectName)]
#: The command that says the same as a view of the page.
VERBS = {
    "outlook": "forecast",
    "flows": "forecast",
    "violence": "violence",
    "attacks": "attacks",
    "compare": "compare",
    "drivers": "forecast",
    "track": "track-record",
    "evidence": "model",
    "brief": "brief",
    "why": "why",
}
router = APIRouter(prefix=API, responses=REFUSALS)


def answering_of(request: Request) -> Answering:
    """The answers of the application that a request came to."""
    found: Answering = request.app.state.answering
    return found


async def answered(request: Request, kind: str, view: ViewQuery, page: str, key: str = "") -> bytes:
    """The answer of a kind to a view; cancelled when the page goes away.

    Raises
    ------
    Stopped
        If a newer request of the page takes its place.
    RequestRefusal, ValueError
        If it cannot be made.
    """
    here = answering_of(request)
    ready = await run_in_threadpool(here.ready, kind, view)
    if ready is not None:
        return ready
    ticket = here.room.ticket(page, kind, key or here.settled(view).key(kind))
    work = asyncio.ensure_future(run_in_threadpool(here.answer, kind, view, ticket))
    while not work.done():
        await asyncio.wait({work}, timeout=LOOK)
        if not work.done() and await request.is_disconnected():
            ticket.stop("cancelled")
    return work.result()


async def _json(request: Request, kind: str, view: ViewQuery, page: str) -> Response:
    return Response(await answered(request, kind, view, page), media_type=JSON)


@router.get("/health")
async def health() -> dict[str, bool]:
    """Whether the server is there."""
    return {"ok": True}


@router.get("/meta")
def meta(request: Request) -> Meta:
    """Cases, vintages, words and pathways: the first request of the page."""
    here = answering_of(request)
    version = next((str(v) for k, v in here.prepared.meta.items() if k == "model_version"), "")
    return meta_answer(here.prepared, {name: f"{name} (your own figures)" for name in here.own}, version)


@router.get("/vintage", response_model=VintageAnswer)
async def vintage(request: Request, view: View, page: Page = "") -> Response:
    """Origins, levers, assumptions and conditions of a case as of its date."""
    return await _json(request, "vintage", view, page)


@router.get("/forecast", response_model=ForecastAnswer)
async def forecast(request: Request, view: View, page: Page = "") -> Response:
    """The forecast of the world or one country: judgements, dots, fans."""
    return await _json(request, "forecast", view, page)


@router.get("/flows", response_model=FlowsAnswer)
async def flows(request: Request, view: View, page: Page = "") -> Response:
    """Who goes where: alluvial, map, places abroad."""
    return await _json(request, "flows", view, page)


@router.get("/violence", response_model=ViolenceAnswer)
async def violence(request: Request, view: View, page: Page = "") -> Response:
    """Deaths in armed conflict by country and month."""
    return await _json(request, "violence", view, page)


@router.get("/attacks", response_model=AttacksAnswer)
async def attacks(request: Request, view: View, page: Page = "") -> Response:
    """Attempted attacks by place and year."""
    return await _json(request, "attacks", view, page)


@router.get("/indicators", response_model=IndicatorsAnswer)
async def indicators(request: Request, view: View, page: Page = "") -> Response:
    """Indicators to watch, and events that can be ticked."""
    return await _json(request, "indicators", view, page)


@router.get("/condition", response_model=ConditionAnswer)
async def condition(request: Request, view: View, page: Page = "") -> Response:
    """The forecast among the simulations that have the ticked events."""
    return await _json(request, "condition", view, page)


@router.get("/evidence", response_model=EvidenceAnswer)
async def evidence(request: Request, view: View, page: Page = "") -> Response:
    """Registers of parameters, figures and sources, and the limits."""
    return await _json(request, "evidence", view, page)


@router.get("/track", response_model=TrackAnswer)
async def track(request: Request, view: View, page: Page = "") -> Response:
    """How forecasts from past dates compared with what was published later; hidden until asked for."""
    return await _json(request, "track-revealed" if view.reveal else "track", view, page)


@router.get("/why", response_model=WhyAnswer)
async def why(request: Request, view: View, page: Page = "") -> Response:
    """The chain behind one number, in the words of ``afterfall why``."""
    return await _json(request, "why", view, page)


#: Media types of files.
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": JSON,
    "nc": "application/x-netcdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


@router.get("/objects/{name}", responses={200: {"content": {JSON: {"schema": {"oneOf": OBJECTS}}}}})
async def command_object(request: Request, name: ObjectName, view: View, page: Page = "") -> Response:
    """What the command of that name prints with ``--json``, to the last digit."""
    return await _json(request, f"object.{name}", view, page)


@router.get("/code")
def code(view: View) -> CodeAnswer:
    """The command and the Python for what a view shows, at once."""
    simulations = view.simulations or PAGE_SIMULATIONS
    verb = VERBS[view.view]
    more = {"quantity": view.quantity} if verb == "why" else {}
    return CodeAnswer(code=code_of(verb, view, view.case.removeprefix("user:"), simulations, **more))


@router.get("/export.{form}", response_class=Response)
async def export(request: Request, form: Literal["csv", "json", "nc"], view: View, page: Page = "") -> Response:
    """A file of the view: tidy CSV, the JSON of the command, or a NetCDF of quantiles."""
    data = await answered(request, f"export.{form}", view, page)
    name = re.sub(r"[^A-Za-z0-9-]+", "-", f"afterfall-{view.case}-{view.as_of or 'latest'}-{view.focus}")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(data, media_type=MEDIA[form], headers=headers)


@router.get("/brief", response_class=Response)
async def brief(request: Request, view: View, page: Page = "") -> Response:
    """The brief on the focus country, as a page of its own to be printed, or to be shown within the page."""
    headers = {"Content-Security-Policy": BRIEF_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    data = await answered(request, f"brief.{view.form}", view, page)
    return Response(data, media_type=MEDIA[view.form], headers=headers)


@router.get("/compare", response_model=CompareStep | CompareState)
async def compare(request: Request, view: View, page: Page = "") -> StreamingResponse:
    """A comparison of policies that refines: one JSON object a line; ``kind`` says which."""
    from afterfall.web.compare_stream import checked_comparison, comparison_lines

    here = answering_of(request)
    await run_in_threadpool(checked_comparison, here, view)
    return _stream(comparison_lines(request, here, view, page))


@router.get("/options", response_model=OptionsStep | CompareState)
async def options(request: Request, view: View, page: Page = "") -> StreamingResponse:
    """Several options that refine together: one JSON object a line; ``kind`` says which."""
    from afterfall.web.compare_stream import checked_options, option_lines

    here = answering_of(request)
    await run_in_threadpool(checked_options, here, view)
    return _stream(option_lines(request, here, view, page))


def _stream(lines: AsyncIterator[bytes]) -> StreamingResponse:
    """Lines as they come. Compressed, a line would wait for the next one."""
    headers = {"Content-Encoding": "identity", "Cache-Control": "no-store"}
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


@router.get("/work")
def work(request: Request, page: Page = "") -> WorkAnswer:
    """How far the work for a page is."""
    room = answering_of(request).room
    ticket, before = room.of_page(page)
    if ticket is None:
        return WorkAnswer(state="idle", stage="", done=0, total=0, text="")
    state: Literal["queued", "running"] = "queued" if before else "running"
    text = work_words(room, ticket)
    return WorkAnswer(state=state, stage=ticket.stage, done=ticket.done, total=ticket.total, text=text)
