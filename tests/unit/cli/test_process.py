"""What only a process shows: a closed pipe, an interrupt, quick help, colours."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

import pytest

AFTERFALL = [sys.executable, "-m", "afterfall"]
INTERRUPTED = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # as on a terminal, wherever the tests run
from afterfall.cli import forecasting
from afterfall.cli.entry import main

def interrupted(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(10)

forecasting.forecast = interrupted
sys.argv = ["afterfall", "forecast", "tiny", "--horizon", "3"]
main()
"""


def test_a_closed_pipe_ends_the_command_in_silence() -> None:
    process = subprocess.Popen(
        [*AFTERFALL, "model", "isis-2017", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    errors = process.stderr.read().decode()
    assert process.wait() == 0
    assert errors == ""


def test_an_interrupt_exits_130_and_says_how_to_go_on(tmp_path: object) -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, cwd=str(tmp_path))
    assert done.returncode == 130
    assert "afterfall forecast tiny --horizon 3" in done.stderr
    assert "runs/tiny-" in done.stderr
    assert "Traceback" not in done.stderr


def _seconds(command: list[str]) -> float:
    """Least processor time of a process in three runs: a busy machine does not make it longer."""
    taken = []
    for _ in range(3):
        before = os.times()
        subprocess.run(command, check=True, capture_output=True)
        after = os.times()
        taken.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(taken)


def test_help_is_quick_and_loads_no_compiler() -> None:
    bare = [sys.executable, "-c", "import typer, typer.rich_utils"]
    assert _seconds([*AFTERFALL, "forecast", "--help"]) < 3 * _seconds(bare)
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, afterfall.cli.entry; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert not {"numba", "pandas", "xarray", "altair", "numpy"} & set(loaded)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("1", False)])
def test_colours_on_a_terminal_unless_refused(no_color: str | None, coloured: bool) -> None:
    import pty

    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": "120"} | ({"NO_COLOR": no_color} if no_color else {})
    outer, inner = pty.openpty()
    process = subprocess.Popen([*AFTERFALL, "model", "tiny"], stdout=inner, stderr=subprocess.DEVNULL, env=environment)
    os.close(inner)
    text = b""
    with contextlib.suppress(OSError):  # Linux raises it once the other end is closed
        while chunk := os.read(outer, 65536):
            text += chunk
    os.close(outer)
    assert process.wait() == 0
    assert b"states, in the order people move" in text
    assert (b"\x1b[1;38;" in text) is coloured
