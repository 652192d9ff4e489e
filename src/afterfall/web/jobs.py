"""Long work: forecasts of many simulations, comparisons and fits, with progress, cancellation, and a folder at the end.

A job takes its turn at the engine like any request, and gives way to pages between chunks of simulations: who moves a
lever does not wait for it. Cancelled, it stops after the chunk that is being made; what is finished stays in the
run folder, and the same job goes on from there.
"""

from __future__ import annotations

import secrets
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import afterfall
from afterfall.web.engine_room import EngineRoom, Ticket
from afterfall.web.refusals import RequestRefusal, Stopped, entry_of
from afterfall.web.schemas import JobAnswer, JobRequest
from afterfall.web.view_state import WORLD, ViewQuery, code_of

if TYPE_CHECKING:
    from afterfall.run import Progress

#: Jobs that are kept in the list, and that may wait or run at once.
MOST_LISTED, MOST_OPEN = 50, 4
State = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(eq=False)
class PageJob:
    """A job: what was asked, how far it is, and how it ended."""

    name: str
    asked: JobRequest
    command: str
    ticket: Ticket
    state: State = "queued"
    message: str = ""
    folder: str | None = None
    run: str | None = None
    found: bytes | None = None
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    first: tuple[int, float] | None = None

    def answer(self) -> JobAnswer:
        """How it is now."""
        seconds = (self.ended or time.monotonic()) - self.began
        return JobAnswer(
            job=self.name,
            kind=self.asked.kind,
            state=self.state,
            stage=self.ticket.stage,
            done=self.ticket.done,
            total=self.ticket.total,
            seconds=round(seconds, 1),
            eta_s=self._eta(),
            message=self.message,
            folder=self.folder,
            run=self.run,
            command=self.command,
        )

    def _eta(self) -> float | None:
        """Seconds that are left, by how long those took that it made itself; None before the second step."""
        if self.state != "running" or self.first is None or self.ticket.done <= self.first[0]:
            return None
        pace = (time.monotonic() - self.first[1]) / (self.ticket.done - self.first[0])
        return round(pace * (self.ticket.total - self.ticket.done), 1)


class JobBoard:
    """The jobs of a server, the newest last.

    Parameters
    ----------
    room
        The engine.
    source
        Gives what a case is opened by.
    runs, fits
        Where runs and fits are kept.
    """

    def __init__(self, room: EngineRoom, source: Callable[[str], str | Path], runs: Path, fits: Path) -> None:
        self._room, self._source, self._runs, self._fits = room, source, runs, fits
        self._jobs: dict[str, PageJob] = {}
        self._lock = threading.Lock()

    def start(self, asked: JobRequest) -> JobAnswer:
        """Start a job.

        Raises
        ------
        RequestRefusal
            If the case is unknown, nothing is compared, or too many jobs are open.
        """
        source = self._source(asked.case)
        if asked.kind == "compare" and not asked.levers and asked.package is None:
            raise RequestRefusal(400, "setting", "Nothing to compare: give levers as NAME=INTENSITY, or package.")
        with self._lock:
            if sum(job.state in ("queued", "running") for job in self._jobs.values()) >= MOST_OPEN:
                raise RequestRefusal(503, "busy", f"{MOST_OPEN} jobs are open: wait for one, or cancel one.")
            name = secrets.token_hex(8)
            job = PageJob(name, asked, command_of(asked), self._room.ticket(f"job-{name}", "job", name))
            self._jobs[name] = job
            ended = [key for key, one in self._jobs.items() if one.ended is not None]
            for key in ended[: max(len(self._jobs) - MOST_LISTED, 0)]:
                del self._jobs[key]
        threading.Thread(target=self._work, args=(job, source), daemon=True).start()
        return job.answer()

    def all(self) -> list[JobAnswer]:
        """All jobs, the newest first."""
        with self._lock:
            return [job.answer() for job in reversed(self._jobs.values())]

    def of(self, name: str) -> JobAnswer:
        """A job.

        Raises
        ------
        RequestRefusal
            If there is none of that name.
        """
        return self._job(name).answer()

    def found(self, name: str) -> bytes:
        """What a job found, as JSON.

        Raises
        ------
        RequestRefusal
            If there is none of that name, or it has found nothing: not yet, or it leaves a run folder alone.
        """
        job = self._job(name)
        if job.found is None:
            raise RequestRefusal(404, "job", f"This job has no result to show: it is {job.state}.")
        return job.found

    def cancel(self, name: str) -> JobAnswer:
        """Let a job end after the step that is being made.

        Raises
        ------
        RequestRefusal
            If there is none of that name.
        """
        job = self._job(name)
        job.ticket.stop("cancelled")
        return job.answer()

    def close(self) -> None:
        """Cancel all."""
        for job in list(self._jobs.values()):
            job.ticket.stop("cancelled")

    def _job(self, name: str) -> PageJob:
        with self._lock:
            if name not in self._jobs:
                raise RequestRefusal(404, "job", "There is no such job on this server.")
            return self._jobs[name]

    def _work(self, job: PageJob, source: str | Path) -> None:
        try:
            with self._room.engine(job.ticket), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                job.state, job.ticket.stage = "running", "opening"
                self._make(job, source)
            job.state = "done"
        except Stopped:
            job.state, job.message = (
                "cancelled",
                "Cancelled: what is finished is kept, and the same job goes on from it.",
            )
        except Exception as problem:  # noqa: BLE001  (whatever it is, the job has ended and says so)
            job.state, job.message = "failed", entry_of(problem)[1].message
        finally:
            job.ended = time.monotonic()

    def _make(self, job: PageJob, source: str | Path) -> None:
        asked, rounds = job.asked, Rounds()

        def report(step: Progress) -> None:
            job.ticket.report(step)
            if asked.kind == "mix":
                job.message = rounds.words(step)
            self._stepped(job)

        if asked.kind == "fit":
            fit = afterfall.fit(source, as_of=asked.as_of, fit_dir=self._fits, progress=self._counted(job))
            job.folder = None if fit.file is None else f"{self._fits.name}/{fit.file.parent.name}"
            return
        shared: dict[str, Any] = {
            "as_of": asked.as_of,
            "horizon": asked.horizon,
            "trajectories": asked.simulations,
            "country": asked.focus,
            "run_dir": self._runs,
            "progress": report,
            "command": job.command,
        }
        if asked.kind == "mix":
            from afterfall.web.mix_answer import mix_answer

            own = {name: value for name in ("mix", "outcome", "against") if (value := getattr(asked, name))}
            mixes = afterfall.best_mix(source, asked.budget, at=asked.at, **own, **shared)
            job.found = mix_answer(mixes, view_of(asked)).model_dump_json().encode()
            job.message = ""
            return
        if asked.kind == "compare":
            found = afterfall.compare(
                source,
                levers=asked.levers,
                package=asked.package,
                against=asked.against,
                given=asked.given,
                at=asked.at,
                **shared,
            )
            run = found.b.run
        else:
            run = afterfall.forecast(source, given=asked.given, **shared)
        job.run = run.request.hash
        job.folder = None if run.path is None else f"{self._runs.name}/{run.path.name}"

    def _stepped(self, job: PageJob) -> None:
        """Between two chunks: note the pace, and give way to whoever waits."""
        if job.first is None and job.ticket.stage == "simulating":
            job.first = job.ticket.done, time.monotonic()
        self._room.give_way(job.ticket)

    def _counted(self, job: PageJob) -> Callable[[int, int], None]:
        def report(done: int, total: int) -> None:
            job.ticket.stage, job.ticket.done, job.ticket.total = "learning", done, total
            job.ticket.check()
            self._stepped(job)

        return report


@dataclass
class Rounds:
    """The rounds of a search, recognised by progress that begins again."""

    number: int = 0
    last: int = -1

    def words(self, step: Progress) -> str:
        """Which round it is."""
        if step.stage == "simulating":
            self.number += step.done < self.last or not self.number
            self.last = step.done
        return f"round {self.number}" if self.number else ""


def view_of(asked: JobRequest) -> ViewQuery:
    """The view whose numbers a job makes."""
    if asked.kind == "fit":
        return ViewQuery(case=asked.case, as_of=asked.as_of)
    shared = asked.model_dump(include={"case", "as_of", "horizon", "at", "given", "package", "against"})
    own = asked.model_dump(include={"budget", "mix", "outcome"}) if asked.kind == "mix" else {"lever": asked.levers}
    return ViewQuery(focus=asked.focus or WORLD, **shared, **own)


def command_of(asked: JobRequest) -> str:
    """The command that does the same."""
    verb = "compare" if asked.kind == "mix" else asked.kind
    return code_of(verb, view_of(asked), asked.case, 0 if verb == "fit" else asked.simulations).command
