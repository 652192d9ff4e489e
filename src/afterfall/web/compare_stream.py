"""A comparison, or several options, as a stream of lines of JSON, each better than the one before.

A thread makes the steps, each in the engine's turn, so that other pages are served between them. While a step is being
made the stream says every second how far it is. The stream ends with a line that says why: done, superseded by a newer
comparison of the same page, cancelled, or failed. When the page goes away, the work ends within a few simulations.
"""

from __future__ import annotations

import asyncio
import threading
import time
import warnings
from collections.abc import AsyncIterator, Callable

from starlette.requests import Request

from afterfall.live.options_refined import OptionRefinement
from afterfall.live.refinement import Refinement
from afterfall.model.levers import open_levers
from afterfall.policy.option_texts import ENDING, read_options
from afterfall.web.answering import Answering
from afterfall.web.compare_answer import compare_step
from afterfall.web.engine_room import Ticket
from afterfall.web.options_answer import options_step
from afterfall.web.refusals import RequestRefusal, Stopped, entry_of
from afterfall.web.schemas import CompareState
from afterfall.web.view_runs import sharing
from afterfall.web.view_state import PAGE_SIMULATIONS, ViewQuery
from afterfall.web.work_words import work_words

#: Seconds between lines that say how far it is, and between looks at whether the page is there.
SAY, LOOK = 1.0, 0.1
#: Simulations of all options together, at most: they are in memory at once.
MOST_OF_ALL = 1200
Send = Callable[[bytes | None], None]
Steps = Callable[[Answering, ViewQuery, str, Ticket, Send], None]


def checked_comparison(here: Answering, view: ViewQuery) -> None:
    """Refuse, before a stream begins, what cannot be compared.

    Raises
    ------
    RequestRefusal
        If nothing is set, or conditions are given.
    """
    if not view.lever and view.package is None:
        raise RequestRefusal(400, "setting", "Nothing to compare: give lever as NAME=INTENSITY, or package.")
    if view.given or view.seen or view.unseen:
        raise RequestRefusal(
            400, "setting", "A comparison takes no conditions: policies may change how likely they are."
        )
    here.runs.source(view.case)


def checked_options(here: Answering, view: ViewQuery) -> None:
    """Refuse, before a stream begins, options that cannot be compared.

    Raises
    ------
    RequestRefusal
        If there is none, one could be read as a file, or conditions are given.
    """
    if not view.option or any(one.strip().endswith(ENDING) for one in view.option):
        raise RequestRefusal(400, "setting", "Nothing to compare: give option as NAME: LEVER=INTENSITY PACKAGE.")
    if view.given or view.seen or view.unseen:
        raise RequestRefusal(400, "setting", "Options take no conditions: policies may change how likely they are.")
    here.runs.source(view.case)


def comparison_lines(request: Request, here: Answering, view: ViewQuery, page: str) -> AsyncIterator[bytes]:
    """Lines of a comparison; what a page stops reading is cancelled."""
    return _lines(request, here, view, page, _steps)


def option_lines(request: Request, here: Answering, view: ViewQuery, page: str) -> AsyncIterator[bytes]:
    """Lines of several options; what a page stops reading is cancelled."""
    return _lines(request, here, view, page, _option_steps)


async def _lines(request: Request, here: Answering, view: ViewQuery, page: str, steps: Steps) -> AsyncIterator[bytes]:
    ticket = here.room.ticket(page, "compare", f"{view.key('compare')} {time.monotonic_ns()}")
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def send(line: bytes | None) -> None:
        loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=_make, args=(here, view, page, ticket, send, steps), daemon=True).start()
    said = time.monotonic()
    try:
        while True:
            try:
                line = await asyncio.wait_for(lines.get(), LOOK)
            except TimeoutError:
                if await request.is_disconnected():
                    return
                if time.monotonic() - said >= SAY:
                    said = time.monotonic()
                    yield _state(here, ticket)
                continue
            if line is None:
                return
            yield line
    finally:
        ticket.stop("cancelled")


def _state(here: Answering, ticket: Ticket) -> bytes:
    """How far it is; while it waits, what the engine does meanwhile."""
    text = work_words(here.room, ticket) if here.room.before(ticket)[0] else ""
    states = ("queued", "opening", "compiling")
    stage = ticket.stage if ticket.stage in states else "simulating"
    state = "queued" if text else stage
    left = ticket.seconds_left if state == "simulating" else None
    found = CompareState(state=state, done=ticket.done, total=ticket.total, seconds_left=left, text=text)  # type: ignore[arg-type]
    return _line(found)


def _line(state: CompareState) -> bytes:
    return state.model_dump_json().encode() + b"\n"


def _make(here: Answering, view: ViewQuery, page: str, ticket: Ticket, send: Send, steps: Steps) -> None:
    """Make the steps on a thread of their own, and say how it ended."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            steps(here, view, page, ticket, send)
        send(_line(CompareState(state="done")))
    except Stopped as stopped:
        state = "superseded" if stopped.why == "superseded" else "cancelled"
        send(_line(CompareState(state=state)))  # type: ignore[arg-type]
    except Exception as problem:  # noqa: BLE001  (whatever it is, the page must hear of it)
        send(_line(CompareState(state="failed", text=entry_of(problem)[1].message)))
    finally:
        send(None)


def _steps(here: Answering, view: ViewQuery, page: str, ticket: Ticket, send: Send) -> None:
    """Steps of a comparison; what a step says is put into words while others have the engine."""
    refinement = None
    while True:
        with here.room.engine(ticket):
            if refinement is None:
                refinement = _refinement(here, view, page, ticket)
                began = time.monotonic()
            ticket.stage = "simulating"
            found = next(refinement, None)
        if found is None:
            ticket.check()
            if refinement.superseded:
                raise Stopped
            return
        ticket.shown = found.simulations
        ticket.check()
        line = compare_step(found, view, round(1000 * (time.monotonic() - began))).model_dump_json().encode()
        ticket.check()
        send(line + b"\n")
        if found.final:
            return


def _refinement(here: Answering, view: ViewQuery, page: str, ticket: Ticket) -> Refinement:
    """The comparison that a view asks for, in which those go first who have no picture yet."""
    room, session = here.room, here.runs.session(view, ticket)
    made = session.compare(
        list(view.lever),
        package=view.package,
        country=None if view.world else view.focus,
        most=view.simulations,
        caller=page,
        sharing=sharing(room, ticket),
    )
    ticket.on_stop(made.cancel)
    return made


def _option_steps(here: Answering, view: ViewQuery, page: str, ticket: Ticket, send: Send) -> None:
    """Steps of all options; between two options of a step others may go first."""
    place = None if view.world else view.focus
    with here.room.engine(ticket):
        session = here.runs.session(view, ticket)
        code = None if place is None else session.sides.plain.view.origin(place)
        options = read_options(session.sides.plain.case, list(view.option), open_levers(()), code)
        most = min(view.simulations or PAGE_SIMULATIONS, MOST_OF_ALL // len(options))
        began = time.monotonic()

        def between(done: int) -> None:
            ticket.stage, ticket.done, ticket.total = "simulating", done, len(options)
            here.room.give_way(ticket)
            ticket.check()

        refinement = OptionRefinement(
            session, options, country=code, most=most, caller=f"{page} options", between=between
        )
        ticket.on_stop(refinement.cancel)
        try:
            for found in refinement:
                ticket.shown = found.simulations
                line = options_step(found, view, round(1000 * (time.monotonic() - began))).model_dump_json().encode()
                ticket.check()
                send(line + b"\n")
        finally:
            refinement.cancel()
        ticket.check()
