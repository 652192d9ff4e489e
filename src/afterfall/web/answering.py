"""Answers by kind: from what is prepared, from what was made before, or made in the engine's turn."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import afterfall
from afterfall.case import case_hash
from afterfall.web.engine_room import EngineRoom, Ticket
from afterfall.web.prepared_answers import PreparedAnswers, PreparedVintage
from afterfall.web.refusals import RequestRefusal
from afterfall.web.view_state import PAGE_SIMULATIONS, ViewQuery

if TYPE_CHECKING:
    from pydantic import BaseModel

    from afterfall.web.jobs import JobBoard
    from afterfall.web.uploads import Uploads
    from afterfall.web.view_runs import ViewRuns

LOG = logging.getLogger("afterfall.web")
#: Simulations that are made before the first comparison, in steps between which others go first.
WARM = (8, 16, 48)
#: Objects of the command line that a view determines.
OBJECT_NAMES = ("forecast", "violence", "attacks", "why", "levers", "check", "brief", "track-record")
Maker = Callable[["Answering", ViewQuery, Ticket], "BaseModel | bytes"]


class Answering:
    """What the routes ask: one method, `answer`, for every kind of answer that a view determines.

    Parameters
    ----------
    prepared
        Prepared answers; by default those of the package.
    folder
        Where runs are kept; by default ``runs``.
    eager
        Whether to open, in the background, what the next comparison of a vintage that is looked at will need.
    """

    def __init__(
        self, prepared: PreparedAnswers | None = None, folder: Path | None = None, *, eager: bool = False
    ) -> None:
        self.room = EngineRoom()
        self.prepared = PreparedAnswers.bundled() if prepared is None else prepared
        self.own: dict[str, Path] = {}
        self.eager = eager
        self._seen: set[str] = set()
        self._folder = Path("runs") if folder is None else folder

    @cached_property
    def runs(self) -> ViewRuns:
        """Runs and sessions; what makes them is loaded on first use, which takes a few seconds."""
        from afterfall.web.view_runs import ViewRuns

        return ViewRuns(self.own)

    @cached_property
    def uploads(self) -> Uploads:
        """Figures of the user's own."""
        from afterfall.web.uploads import Uploads

        return Uploads(self._folder / "own-cases", self.own)

    @cached_property
    def jobs(self) -> JobBoard:
        """Long work."""
        from afterfall.web.jobs import JobBoard

        return JobBoard(self.room, self.runs.source, self._folder, self._folder.parent / "fits")

    def answer(self, kind: str, view: ViewQuery, ticket: Ticket) -> bytes:
        """The answer of a kind to a view, as JSON.

        Raises
        ------
        Stopped
            If the ticket is superseded or cancelled.
        RequestRefusal, ValueError
            If it cannot be made.
        """
        ready = self.prepared.answer(kind, view)
        if ready is not None:
            return ready
        view = self.settled(view)

        def make(own: Ticket) -> bytes:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made = MAKERS[kind](self, view, own)
            return made if isinstance(made, bytes) else made.model_dump_json().encode()

        return self.room.answer(ticket, make)

    def ready(self, kind: str, view: ViewQuery) -> bytes | None:
        """The answer, where it is there already."""
        found = self.prepared.answer(kind, view)
        if found is not None:
            self._look_after(view)
        return found or self.room.kept(self.settled(view).key(kind))

    def settled(self, view: ViewQuery) -> ViewQuery:
        """A view with its number of simulations: that of the prepared answers of its date, where there are any.

        What is computed for a prepared vintage, such as why a number is what it is, is then of the same simulations.
        """
        if view.simulations is not None:
            return view
        found = self.prepared.of_date(view)
        return view.model_copy(update={"simulations": PAGE_SIMULATIONS if found is None else found.simulations})

    def _look_after(self, view: ViewQuery) -> None:
        """In the background, once for each vintage: see whether it is stale, and make the first comparison quick."""
        found = self.prepared.vintage(view)
        if found is None or not self.eager or found.file in self._seen:
            return
        self._seen.add(found.file)
        threading.Thread(target=self._warm, args=(view, found), daemon=True).start()

    def _warm(self, view: ViewQuery, of: PreparedVintage) -> None:
        ticket = self.room.ticket("server", of.file, of.file)
        plain = ViewQuery(case=view.case, as_of=view.as_of)
        try:
            with self.room.engine(ticket), warnings.catch_warnings():
                from afterfall.web.view_runs import sharing

                warnings.simplefilter("ignore")
                session = self.runs.session(plain, ticket)
                model = session.sides.plain
                self.prepared.compare(of, case_hash(model.case), model.model_hash)
                ticket.shown = WARM[0]
                for simulations in WARM:
                    self.room.give_way(ticket)
                    session.warm(simulations, sharing(self.room, ticket))
        except Exception as problem:  # noqa: BLE001  (nobody waits for this: it is said in the log)
            LOG.warning("could not prepare for comparisons of %s: %s", of.file, problem)

    def close(self) -> None:
        """Let go of runs and sessions."""
        if "jobs" in vars(self):
            self.jobs.close()
        if "runs" in vars(self):
            self.runs.close()


def _vintage(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.vintage_answer import vintage_answer

    return vintage_answer(here.runs.model(view, ticket), view)


def _forecast(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.forecast_answer import forecast_answer

    return forecast_answer(*here.runs.run(view, ticket), view)


def _flows(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.flows_answer import flows_answer

    return flows_answer(*here.runs.run(view, ticket), view)


def _violence(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.violence_answer import violence_answer

    run, _ = here.runs.run(view, ticket)
    return violence_answer(afterfall.violence(run), view)


def _attacks(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.attacks_answer import attacks_answer

    run, _ = here.runs.run(view, ticket)
    return attacks_answer(afterfall.attacks(run), view)


def _indicators(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.indicators_answer import indicators_answer

    return indicators_answer(*here.runs.run(view, ticket), view)


def _condition(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.indicators_answer import condition_answer

    if not (view.seen or view.unseen):
        raise RequestRefusal(400, "setting", "Nothing is ticked: give seen or unseen with the id of an event.")
    return condition_answer(*here.runs.run(view, ticket), view)


def _evidence(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.evidence_answer import evidence_answer

    return evidence_answer(*here.runs.run(view, ticket), view)


def _why(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.why_answer import why_answer

    run, _ = here.runs.run(view, ticket)
    country = None if view.world else view.focus
    return why_answer(afterfall.explain(run, quantity=view.quantity, country=country, at=view.at), run, view)


def _track(here: Answering, view: ViewQuery, ticket: Ticket) -> BaseModel:
    from afterfall.web.track_answer import track_answer

    run, _ = here.runs.run(view, ticket)
    return track_answer(run, view)


def _exported(form: str) -> Maker:
    def make(here: Answering, view: ViewQuery, ticket: Ticket) -> bytes:
        from afterfall.web import export_answers

        run, _ = here.runs.run(view, ticket)
        return export_answers.csv_of(run, view) if form == "csv" else export_answers.netcdf_of(run, view)

    return make


def _brief(form: str) -> Maker:
    def make(here: Answering, view: ViewQuery, ticket: Ticket) -> bytes:
        from afterfall.web.export_answers import brief_bytes

        return brief_bytes(here.runs.run(view, ticket)[0], view, form)

    return make


def _object(name: str) -> Maker:
    def make(here: Answering, view: ViewQuery, ticket: Ticket) -> bytes:
        from afterfall.web.command_objects import command_object

        return command_object(name, here.runs, view, ticket)

    return make


MAKERS: dict[str, Maker] = {
    "vintage": _vintage,
    "forecast": _forecast,
    "flows": _flows,
    "violence": _violence,
    "attacks": _attacks,
    "indicators": _indicators,
    "condition": _condition,
    "evidence": _evidence,
    "why": _why,
    "track": _track,
    "track-revealed": _track,
    **{f"export.{form}": _exported(form) for form in ("csv", "nc")},
    "export.json": _object("forecast"),
    **{f"object.{name}": _object(name) for name in OBJECT_NAMES},
    **{f"brief.{form}": _brief(form) for form in ("html", "json", "md")},
}
