"""What the server answers when it cannot do what was asked: the words of the command line, as one JSON object.

A bad name, date or number is a 400 with every problem found and the nearest valid names; a form that cannot be read is
a 422; work that a newer request superseded is a 409. A fault of the program is a 500 without its details, which go to
the log: nothing of this machine is sent.
"""

from __future__ import annotations

import logging
import re

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from afterfall.case import CaseError, UnknownPlace
from afterfall.case.text_rules import visible
from afterfall.run.errors import RunError, SettingError, UnknownName
from afterfall.web.schemas import ErrorAnswer, ErrorEntry

LOG = logging.getLogger("afterfall.web")
#: Names of settings in the address, where they differ from those of the verbs.
SETTINGS = {"levers": "lever", "trajectories": "simulations", "country": "focus"}


class RequestRefusal(Exception):
    """An answer with a status of 400 or more."""

    def __init__(self, status: int, kind: str, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.problems = status, kind, message, problems


class Stopped(Exception):
    """Work that was superseded by a newer request of the same page, or whose page went away."""

    def __init__(self, why: str = "superseded") -> None:
        super().__init__(why)
        self.why = why


def error_answer(status: int, entry: ErrorEntry) -> JSONResponse:
    """The answer with an error."""
    return JSONResponse(ErrorAnswer(error=entry).model_dump(), status_code=status)


def entry_of(problem: Exception) -> tuple[int, ErrorEntry]:
    """The status and the words for an exception."""
    if isinstance(problem, RequestRefusal):
        return problem.status, ErrorEntry(kind=problem.kind, message=problem.message, problems=list(problem.problems))
    if isinstance(problem, Stopped):
        return 409, ErrorEntry(
            kind=problem.why, message="A newer request of this page has taken the place of this one."
        )
    if isinstance(problem, CaseError):
        lines = [str(one) for one in problem.problems]
        return 400, ErrorEntry(kind="case", message=_clean(str(problem)), problems=[_clean(one) for one in lines])
    if isinstance(problem, SettingError):
        return 400, ErrorEntry(kind="setting", message=_clean(problem.worded(lambda s: SETTINGS.get(s, s))))
    if isinstance(problem, UnknownPlace):
        return 400, ErrorEntry(kind="place", message=_clean(str(problem)), nearest=list(problem.nearest)[:20])
    if isinstance(problem, UnknownName):
        near = [problem.nearest] if problem.nearest else []
        return 400, ErrorEntry(kind="name", message=_clean(str(problem)), nearest=near)
    if isinstance(problem, ValueError):
        return 400, ErrorEntry(kind="value", message=_clean(str(problem)))
    if isinstance(problem, MemoryError):
        return 503, ErrorEntry(kind="memory", message="Out of memory: ask for fewer simulations or a shorter horizon.")
    if isinstance(problem, RunError | OSError):
        LOG.error("cannot keep or read a run: %s", problem)
        return 503, ErrorEntry(kind="run", message="The run could not be kept or read; the server's log says why.")
    LOG.error("a fault in the program", exc_info=problem)
    return 500, ErrorEntry(kind="fault", message="A fault in the program; the server's log has the details.")


def _clean(text: str) -> str:
    """A message without paths of this machine, and with nothing that acts on a terminal."""
    return visible(re.sub(r"(?<![\w.])/(?:[\w.-]+/)+[\w.-]*", "(a folder)", text))[:4000]


def add_refusals(app: FastAPI) -> None:
    """Let an application answer with these."""

    async def of_form(_: Request, problem: RequestValidationError) -> JSONResponse:
        lines = [f"{'.'.join(str(p) for p in e['loc'][1:]) or e['loc'][0]}: {e['msg']}" for e in problem.errors()]
        message = "A parameter is of the wrong form."
        return error_answer(422, ErrorEntry(kind="form", message=message, problems=[_clean(one) for one in lines[:20]]))

    async def of_http(_: Request, problem: HTTPException) -> JSONResponse:
        kinds = {404: "not-found", 405: "method"}
        return error_answer(
            problem.status_code, ErrorEntry(kind=kinds.get(problem.status_code, "http"), message=str(problem.detail))
        )

    async def of_any(_: Request, problem: Exception) -> JSONResponse:
        return error_answer(*entry_of(problem))

    app.add_exception_handler(RequestValidationError, of_form)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, of_http)  # type: ignore[arg-type]
    for kind in (RequestRefusal, Stopped, ValueError, MemoryError, RunError, OSError, Exception):
        app.add_exception_handler(kind, of_any)
