"""What a scheduler is asked of before any work: an address, the extra, an answer, workers of the same version."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

import afterfall
from afterfall.model import Model
from afterfall.run import chunks_from_workers, workers
from afterfall.run.chunks_from_workers import keep_from_workers, missing_by_chunk
from afterfall.run.errors import SettingError
from afterfall.run.request import request_of
from afterfall.run.run_making import InMemory, Job
from afterfall.run.workers import LISTED, Workers, check_same, connected, facts


@pytest.mark.parametrize(
    "wrong", ["", "nonsense", "http://127.0.0.1:8786", "127.0.0.1", "tcp://127.0.0.1", "tcp://a b:1", "tcp://h:1/x"]
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(SettingError, match="expected `local` or an address") as found, connected(wrong, None):
        pass
    assert "--scheduler" in found.value.worded(lambda name: f"--{name}")


@pytest.mark.parametrize("right", ["127.0.0.1:8786", "tcp://node-1.example:8786", "tls://[::1]:1", "[fe80::1%eth0]:80"])
def test_addresses_are_known_and_nothing_is_asked_of_them_yet(right: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "find_spec", lambda _: object())
    with connected(right, None) as found:
        assert found is not None
        assert found.scheduler == right


def test_without_a_scheduler_and_with_workers_at_hand_nothing_is_made() -> None:
    own = Workers("tcp://127.0.0.1:1")
    with connected(None, 3) as none, connected(own, 3) as same:
        assert none is None
        assert same is own


def test_threads_belong_to_the_processes_of_this_machine() -> None:
    with (
        pytest.raises(SettingError, match="threads goes with scheduler local"),
        connected("tcp://127.0.0.1:8786", 2),
    ):
        pass


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"pip install 'afterfall\[cluster\]'") as found:
        afterfall.forecast("tiny", trajectories=5, horizon=3, scheduler="local")
    assert found.value.name == "afterfall[cluster]"


def test_workers_that_are_the_same_pass() -> None:
    check_same("tcp://a:1", {"tcp://b:1": facts(), "tcp://c:1": facts()})
    assert {"afterfall", "Python", "system", "numpy", "numba"} <= set(facts())


def test_workers_that_differ_are_refused_all_at_once() -> None:
    other = {**facts(), "numpy": "1.0"}
    absent = Exception("ModuleNotFoundError(\"No module named 'afterfall'\")")
    with pytest.raises(SettingError) as found:
        check_same("tcp://a:1", {"tcp://b:1": facts(), "tcp://c:1": other, "tcp://d:1": absent})
    text = str(found.value)
    assert "2 of 3 workers" in text
    assert f"tcp://c:1: numpy 1.0, expected {facts()['numpy']}" in text
    assert "tcp://d:1: afterfall is not installed" in text
    assert "tcp://b:1" not in text


def test_a_message_lists_a_few_workers() -> None:
    other = {**facts(), "Python": "2.7"}
    with pytest.raises(SettingError, match="and 3 more"):
        check_same("tcp://a:1", {f"tcp://b:{i}": other for i in range(LISTED + 3)})


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where something listens that does not greet, as a web server."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def other_port() -> Iterator[int]:
    """A port where something else greets."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            stream, _ = server.accept()
            with stream:
                stream.sendall(b"220 mail ready\r\n")

        threading.Thread(target=greet, daemon=True).start()
        yield server.getsockname()[1]


def test_what_does_not_answer_as_a_scheduler_is_refused(silent_port: int, other_port: int) -> None:
    pytest.importorskip("distributed")
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    for port in (closed, silent_port, other_port):
        with pytest.raises(SettingError, match=f"127.0.0.1:{port}: no scheduler answers there within 0.5 seconds"):
            _ = Workers(f"tcp://127.0.0.1:{port}", answer=0.5).client


class _Done:
    """A task that has been computed."""

    def __init__(self, key: str, result: object) -> None:
        self.key, self._result = key, result

    def add_done_callback(self, call: Callable[[_Done], None]) -> None:
        call(self)

    def result(self, timeout: float) -> object:  # noqa: ARG002
        return self._result


class _Computes:
    """A client that computes at once."""

    def __init__(self) -> None:
        self.submitted, self.cancelled = list[str](), list[str]()

    def submit(self, call: Callable[..., object], *given: Any, key: str) -> _Done:
        self.submitted.append(key)
        return _Done(key, call(*(one.result(0.0) if isinstance(one, _Done) else one for one in given)))

    def cancel(self, futures: Sequence[_Done], force: bool) -> None:  # noqa: ARG002
        self.cancelled += [future.key for future in futures]


def test_fewer_chunks_are_sent_where_workers_have_gone(tiny: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(chunks_from_workers, "LEAST_AHEAD", 1)
    monkeypatch.setattr(chunks_from_workers, "LOOK_AFTER", 0.0)
    threads = iter([2, 2, *[0] * 100])

    class Going:
        """Workers that go after a while."""

        scheduler, join = "made up", 60.0
        client: Any = _Computes()

        @property
        def threads(self) -> int:
            return next(threads)

    asked: Any = Going()
    client = asked.client
    request = request_of(tiny, trajectories=9, seed=1, chunk_size=1)
    making = InMemory(Job(tiny, request, None, 1, ""))
    with closing(keep_from_workers(asked, [making], missing_by_chunk([making]))) as kept:
        assert next(kept) == 1
        assert len(client.submitted) == 1 + 6  # the order, and three for each thread
        assert sum(kept) == 8
    assert len(client.submitted) == 1 + 9
    assert making.arrays["world"].shape[0] == 9
