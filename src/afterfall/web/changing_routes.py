"""The routes that change something: figures of the user's own, and jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from fastapi import Path as PathPart
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from afterfall.web.refusals import RequestRefusal
from afterfall.web.routes import API, JSON, REFUSALS, answering_of
from afterfall.web.schemas import AcceptedAnswer, FiguresAnswer, JobAnswer, JobList, JobRequest, MixAnswer
from afterfall.web.view_state import OPENING_CASE, CaseText, DateText

Token = Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")]
JobName = Annotated[str, PathPart(pattern=r"^[0-9a-f]{16}$")]
CSV = "text/csv"
changing = APIRouter(prefix=API, responses=REFUSALS)


@changing.post("/figures/check", openapi_extra={"requestBody": {"content": {CSV: {"schema": {"type": "string"}}}}})
async def check_figures(
    request: Request, case: CaseText = OPENING_CASE, as_of: DateText | None = None
) -> FiguresAnswer:
    """The check report of figures (the text of a figures.csv), and what they would change; nothing is written."""
    if request.headers.get("content-type", "").split(";")[0].strip() != CSV:
        raise RequestRefusal(400, "form", f"Send the text of a figures.csv with the content type {CSV}.")
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError:
        raise RequestRefusal(400, "form", "The file is not UTF-8 text.") from None
    here = answering_of(request)
    await run_in_threadpool(here.runs.source, case)
    return await run_in_threadpool(here.uploads.check, case, as_of, text)


@changing.post("/figures/accept")
def accept_figures(request: Request, token: Token) -> AcceptedAnswer:
    """Make a case of the user's own of checked figures."""
    return answering_of(request).uploads.accept(token)


@changing.post("/jobs", status_code=202)
def start_job(request: Request, asked: Annotated[JobRequest, Body()]) -> JobAnswer:
    """Start long work: a forecast of many simulations, a comparison, the best mix of levers, a fit."""
    return answering_of(request).jobs.start(asked)


@changing.get("/jobs")
def list_jobs(request: Request) -> JobList:
    """All jobs of this server, the newest first."""
    return JobList(jobs=answering_of(request).jobs.all())


@changing.get("/jobs/{job}")
def one_job(request: Request, job: JobName) -> JobAnswer:
    """How far a job is."""
    return answering_of(request).jobs.of(job)


@changing.get("/jobs/{job}/mix", response_model=MixAnswer)
def found_mix(request: Request, job: JobName) -> Response:
    """The best mix of levers under a budget, once its job is done."""
    return Response(answering_of(request).jobs.found(job), media_type=JSON)


@changing.delete("/jobs/{job}")
def cancel_job(request: Request, job: JobName) -> JobAnswer:
    """Cancel a job; what is finished is kept."""
    return answering_of(request).jobs.cancel(job)
