"""One engine for all pages: a queue that is fair between pages, in which the latest request of each page wins.

A simulation takes every processor, so one piece of work is done at a time. What has no picture yet goes first, then
what rests on the fewest simulations; of those, whoever asked first. A newer request of the same page and kind
supersedes the older one, whether that waits or is being made; a page that goes away cancels its own. Work asks its
ticket between steps whether to go on (`Ticket.go_on`, or `Ticket.report` as the progress callback of a verb) and ends
with `Stopped` if not. Answers are kept as bytes, and runs as long as there is room.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from afterfall.web.refusals import RequestRefusal, Stopped

if TYPE_CHECKING:
    from afterfall.run import Progress

#: Bytes of answers that are kept; requests that may wait at once.
MOST_KEPT, MOST_WAITING = 48 * 2**20, 24
#: Simulations of a step that are made before it is said how long it will still take.
FEWEST_TO_SAY = 16
T = TypeVar("T")


@dataclass(eq=False)
class Ticket:
    """A request in the queue: whose it is, what for, and how far it is.

    `shown` is the number of simulations that its last picture rests on, 0 before the first.
    """

    page: str
    kind: str
    key: str
    number: int
    stage: str = "queued"
    done: int = 0
    total: int = 0
    shown: int = 0
    began: float = field(default_factory=time.monotonic)
    step_began: float = field(default_factory=time.monotonic)
    stopped: str = ""
    _ends: list[Callable[[], object]] = field(default_factory=list, repr=False)

    @property
    def place(self) -> tuple[int, int]:
        """Its place in the queue: the lowest goes first."""
        return self.shown, self.number

    def stop(self, why: str) -> None:
        """Let the work end at its next step."""
        self.stopped = self.stopped or why
        for end in self._ends:
            end()

    def on_stop(self, end: Callable[[], object]) -> None:
        """What to call when the work is no longer wanted; at once, if it is not wanted now."""
        self._ends.append(end)
        if self.stopped:
            end()

    def go_on(self) -> bool:
        """Whether the work is still wanted."""
        return not self.stopped

    def check(self) -> None:
        """End the work here if it is no longer wanted.

        Raises
        ------
        Stopped
            If it is not.
        """
        if self.stopped:
            raise Stopped(self.stopped)

    def made(self, done: int, total: int) -> None:
        """Keep how many simulations of a step are made, of how many: none begins a step.

        Several threads report, so that a number may come after a higher one.
        """
        if done == 0 or total != self.total:
            self.step_began, self.done = time.monotonic(), 0
        self.done, self.total = max(done, self.done), total

    @property
    def seconds_left(self) -> int | None:
        """Seconds that the step will still take at the pace so far; None where too little is made to say."""
        if self.done < FEWEST_TO_SAY:
            return None
        return round((time.monotonic() - self.step_began) * (self.total - self.done) / self.done)

    def report(self, step: Progress) -> None:
        """The progress callback of verbs: keeps how far it is, and ends work that is no longer wanted."""
        self.stage, self.done, self.total = step.stage, step.done, step.total
        self.check()


class EngineRoom:
    """The queue, and the answers that were made."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._waiting: list[Ticket] = []
        self._latest: dict[tuple[str, str], Ticket] = {}
        self._busy: Ticket | None = None
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._numbers = itertools.count()

    def ticket(self, page: str, kind: str, key: str) -> Ticket:
        """A place in the queue; an older one of the same page and kind is superseded.

        Raises
        ------
        RequestRefusal
            If too many wait.
        """
        with self._turn:
            if len(self._waiting) >= MOST_WAITING:
                raise RequestRefusal(503, "busy", "Too many requests wait for the engine: try again in a minute.")
            made = Ticket(page, kind, key, next(self._numbers))
            older = self._latest.get((page, kind))
            if older is not None and older.key != key:
                older.stop("superseded")
            self._latest[page, kind] = made
            self._turn.notify_all()
            return made

    @contextmanager
    def engine(self, ticket: Ticket) -> Iterator[None]:
        """The engine, once it is this ticket's turn.

        Raises
        ------
        Stopped
            If the ticket is superseded or cancelled while it waits.
        """
        with self._turn:
            self._waiting.append(ticket)
            try:
                while self._busy is not None or self._next() is not ticket:
                    ticket.check()
                    self._turn.wait(0.2)
                ticket.check()
                self._busy = ticket
            finally:
                self._waiting.remove(ticket)
                self._turn.notify_all()
        try:
            yield
        finally:
            with self._turn:
                if self._busy is ticket:
                    self._busy = None
                self._turn.notify_all()

    def let_go(self, ticket: Ticket) -> None:
        """Let others have the engine while what is left of a ticket's turn needs only one processor."""
        with self._turn:
            if self._busy is ticket:
                self._busy = None
                self._turn.notify_all()

    def others_first(self, ticket: Ticket) -> bool:
        """Whether somebody waits for a picture that rests on fewer simulations than a ticket's last."""
        with self._turn:
            return any(one.go_on() and one.shown < ticket.shown for one in self._waiting)

    def give_way(self, ticket: Ticket) -> None:
        """Let those who wait go first, and come back when it is this ticket's turn again; at once if nobody waits.

        Raises
        ------
        Stopped
            If the ticket is superseded or cancelled meanwhile.
        """
        with self._turn:
            if not any(one.go_on() for one in self._waiting):
                return
            self._busy, ticket.number = None, next(self._numbers)
            self._waiting.append(ticket)
            self._turn.notify_all()
            try:
                while self._busy is not None or self._next() is not ticket:
                    ticket.check()
                    self._turn.wait(0.2)
                ticket.check()
            finally:
                self._waiting.remove(ticket)
                # Whoever gave way holds the engine again, also where it ends now: it is let go when the work ends.
                if self._busy is None:
                    self._busy = ticket

    def _next(self) -> Ticket:
        """The first in the queue that is still wanted."""
        wanted = [one for one in self._waiting if one.go_on()]
        return min(wanted or self._waiting, key=lambda one: one.place)

    def answer(self, ticket: Ticket, make: Callable[[Ticket], bytes]) -> bytes:
        """The answer of a ticket's key: the one that is kept, or made in this ticket's turn.

        Raises
        ------
        Stopped
            If the ticket is superseded or cancelled before the answer is there.
        """
        if (kept := self.kept(ticket.key)) is not None:
            return kept
        with self.engine(ticket):
            if (kept := self.kept(ticket.key)) is not None:
                return kept
            made = make(ticket)
        self.keep(ticket.key, made)
        return made

    def kept(self, key: str) -> bytes | None:
        """An answer that was made before."""
        with self._turn:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, key: str, answer: bytes) -> None:
        """Keep an answer, and let go of those used longest ago."""
        with self._turn:
            self._size += len(answer) - len(self._answers.get(key, b""))
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while self._size > MOST_KEPT and len(self._answers) > 1:
                self._size -= len(self._answers.popitem(last=False)[1])

    def of_page(self, page: str) -> tuple[Ticket | None, int]:
        """What is being made or waits for a page, and how many are before it."""
        with self._turn:
            if self._busy is not None and self._busy.page == page:
                return self._busy, 0
            mine = [one for one in self._waiting if one.page == page and one.go_on()]
            if not mine:
                return None, 0
            first = min(mine, key=lambda one: one.place)
            before = sum(one.place < first.place for one in self._waiting) + (self._busy is not None)
            return first, before

    def before(self, ticket: Ticket) -> tuple[int, str]:
        """How many are before a ticket that waits, and the stage of the one that the engine is busy with."""
        with self._turn:
            if self._busy is ticket or ticket not in self._waiting:
                return 0, ""
            waiting = sum(one.place < ticket.place and one.go_on() for one in self._waiting)
            return waiting + (self._busy is not None), "" if self._busy is None else self._busy.stage


class Shelf(Generic[T]):
    """A few things that take long to make, the ones used last; what falls off is let go by `end`."""

    def __init__(self, places: int, end: Callable[[T], None] = lambda _: None) -> None:
        self._places, self._end = places, end
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The thing of a key, made where it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            gone = [self._kept.popitem(last=False)[1] for _ in range(len(self._kept) - self._places)]
        for one in gone:
            self._end(one)
        return made

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            gone, self._kept = list(self._kept.values()), OrderedDict()
        for one in gone:
            self._end(one)
