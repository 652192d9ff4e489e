"""What a scheduler is asked of before any work: an address, the extra, an answer, workers of the same version."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

import afterfall
from afterfall.run import workers
from afterfall.run.errors import SettingError
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
