"""One piece of work at a time, in the order asked, the latest of a page wins, and what is not wanted ends."""

from __future__ import annotations

import threading
import time

import pytest

from afterfall.run import Progress
from afterfall.web.engine_room import MOST_WAITING, EngineRoom, Shelf, Ticket
from afterfall.web.refusals import RequestRefusal, Stopped


def test_an_answer_is_made_once() -> None:
    room, made = EngineRoom(), []

    def make(_: Ticket) -> bytes:
        made.append(1)
        return b"answer"

    assert [room.answer(room.ticket(page, "forecast", "key"), make) for page in "ab"] == [b"answer", b"answer"]
    assert len(made) == 1


def test_a_newer_request_of_a_page_supersedes_the_older_one_and_no_other() -> None:
    room = EngineRoom()
    old, other, same = (
        room.ticket("a", "forecast", "1"),
        room.ticket("b", "forecast", "1"),
        room.ticket("a", "why", "1"),
    )
    room.ticket("a", "forecast", "2")
    assert [old.stopped, other.stopped, same.stopped] == ["superseded", "", ""]
    with pytest.raises(Stopped):
        old.report(Progress("simulating", 1, 2))
    other.report(Progress("simulating", 1, 2))
    assert (other.done, other.total) == (1, 2)


def test_one_at_a_time_in_the_order_asked() -> None:
    room, order, together = EngineRoom(), [], []
    inside = threading.Semaphore(1)
    tickets = [room.ticket(str(i), "forecast", str(i)) for i in range(4)]
    gate = threading.Event()

    def first() -> None:
        with room.engine(tickets[0]):
            gate.wait(5)
            order.append(0)

    def work(i: int) -> None:
        with room.engine(tickets[i]):
            together.append(inside.acquire(blocking=False))
            order.append(i)
            inside.release()

    threads = [threading.Thread(target=first)]
    threads[0].start()
    while room.of_page("0")[0] is None or room._busy is not tickets[0]:
        time.sleep(0.01)
    for i in (3, 1, 2):
        threads.append(threading.Thread(target=work, args=(i,)))
        threads[-1].start()
    while len(room._waiting) < 3:
        time.sleep(0.01)
    gate.set()
    for one in threads:
        one.join(5)
    assert order == [0, 1, 2, 3]
    assert all(together)


def test_who_waits_and_is_superseded_ends() -> None:
    room, ended = EngineRoom(), []
    holder, waiter = room.ticket("a", "x", "1"), room.ticket("b", "x", "1")

    def wait() -> None:
        try:
            with room.engine(waiter):
                ended.append("made")
        except Stopped as stopped:
            ended.append(stopped.why)

    with room.engine(holder):
        thread = threading.Thread(target=wait)
        thread.start()
        room.ticket("b", "x", "2")
        thread.join(5)
    assert ended == ["superseded"]


def test_long_work_gives_way() -> None:
    room, order = EngineRoom(), []
    long, short = room.ticket("job", "job", "1"), room.ticket("b", "x", "1")

    def quick() -> None:
        with room.engine(short):
            order.append("short")

    with room.engine(long):
        room.give_way(long)  # nobody waits
        thread = threading.Thread(target=quick)
        thread.start()
        while not room._waiting:
            time.sleep(0.01)
        room.give_way(long)
        order.append("long")
        assert room._busy is long
    thread.join(5)
    assert order == ["short", "long"]


def test_what_has_no_picture_yet_goes_first_then_what_is_coarsest() -> None:
    room, order = EngineRoom(), []
    holder = room.ticket("holder", "compare", "0")
    tickets = [room.ticket(str(shown), "compare", "1") for shown in (48, 0, 8)]
    for ticket in tickets:
        ticket.shown = int(ticket.page)

    def work(ticket: Ticket) -> None:
        with room.engine(ticket):
            order.append(ticket.shown)

    with room.engine(holder):
        threads = [threading.Thread(target=work, args=(ticket,)) for ticket in tickets]
        for one in threads:
            one.start()
        while len(room._waiting) < 3:
            time.sleep(0.01)
        assert not room.others_first(holder)
        holder.shown = 8
        assert room.others_first(holder)
        assert [room.before(ticket)[0] for ticket in tickets] == [3, 1, 2]
    for one in threads:
        one.join(5)
    assert order == [0, 8, 48]


def test_the_engine_is_let_go_before_the_turn_ends() -> None:
    room = EngineRoom()
    first, second = room.ticket("a", "compare", "1"), room.ticket("b", "compare", "1")
    with room.engine(first):
        room.let_go(first)
        with room.engine(second):
            room.let_go(first)
            assert room._busy is second
    assert room._busy is None


def test_how_long_a_step_still_takes_is_said_at_its_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("afterfall.web.engine_room.time.monotonic", lambda: clock[0])
    ticket = EngineRoom().ticket("a", "compare", "1")
    ticket.made(8, 8)
    ticket.made(0, 200)
    clock[0] = 110.0
    ticket.made(10, 200)
    assert ticket.seconds_left is None
    clock[0] = 120.0
    ticket.made(50, 200)
    ticket.made(49, 200)  # of another thread, late
    assert ticket.seconds_left == 60
    assert (ticket.done, ticket.total) == (50, 200)


def test_what_is_called_when_work_is_stopped() -> None:
    called: list[str] = []
    ticket = EngineRoom().ticket("a", "compare", "1")
    ticket.on_stop(lambda: called.append("first"))
    ticket.stop("cancelled")
    ticket.on_stop(lambda: called.append("late"))
    assert called == ["first", "late"]
    with pytest.raises(Stopped, match="cancelled"):
        ticket.check()


def test_too_many_that_wait_are_refused() -> None:
    room = EngineRoom()
    room._waiting = [Ticket("", "", "", i) for i in range(MOST_WAITING)]
    with pytest.raises(RequestRefusal) as refused:
        room.ticket("a", "forecast", "1")
    assert refused.value.status == 503


def test_answers_used_longest_ago_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afterfall.web.engine_room.MOST_KEPT", 10)
    room = EngineRoom()
    room.keep("a", b"12345")
    room.keep("b", b"12345")
    assert room.kept("a") == b"12345"
    room.keep("c", b"12345")
    assert [room.kept(key) for key in "abc"] == [b"12345", None, b"12345"]


def test_a_shelf_ends_what_falls_off() -> None:
    gone: list[str] = []
    shelf = Shelf[str](2, gone.append)
    for key in ("a", "b", "a", "c"):
        shelf.get(key, lambda key=key: key.upper())
    assert gone == ["B"]
    shelf.clear()
    assert sorted(gone) == ["A", "B", "C"]
