"""`afterfall serve` prints its address, answers on this machine, ends with Ctrl-C, and refuses a port that is taken."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from afterfall.cli.entry import run


def test_a_port_in_use_is_said_and_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["serve", "--port", str(port), "--no-open"]) == 2
    assert f"port {port} is in use: give another as --port" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_what_is_no_port_ends_with_2(port: str) -> None:
    assert run(["serve", "--port", port, "--no-open"]) == 2


def test_it_serves_until_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "afterfall", "serve", "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as served:
        assert served.stdout is not None
        address = served.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{address}api/v1/health", timeout=30) as found:
            assert found.read() == b'{"ok":true}'
        served.send_signal(signal.SIGINT)
        assert served.wait(30) == 0
    assert list(tmp_path.iterdir()) == []
