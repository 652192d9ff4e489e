"""What only a process shows: a closed pipe, an interrupt, quick help, colours."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter

import pytest
from rich.cells import cell_len

AFTERFALL = [sys.executable, "-m", "afterfall"]
INTERRUPTED = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # as on a terminal, wherever the tests run
from afterfall.cli.entry import main
from afterfall.run import forecasting

def interrupted(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(10)

forecasting.simulate_chunk = interrupted
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
    # What is there is the note on warnings of the case, written before anything was printed.
    assert [line.partition(" ")[0] for line in errors.splitlines()] == ["note:"]


def test_an_interrupt_exits_130_and_says_how_to_go_on(tmp_path: object) -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, cwd=str(tmp_path))
    assert done.returncode == 130
    assert "afterfall forecast tiny --horizon 3" in done.stderr
    assert "runs/tiny-" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", ["--help | head -1", "model tiny --json | true", "check tiny >&-", "check tiny 2>&-"]
)
def test_closed_streams_are_quiet(command: str) -> None:
    line = f"set -o pipefail; {shlex.join(AFTERFALL)} {command}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_failure_keeps_its_code_where_nothing_can_be_said() -> None:
    done = subprocess.run(["bash", "-c", f"{shlex.join(AFTERFALL)} check no-such-case >&- 2>&- <&-"])
    assert done.returncode == 2


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_an_8_bit_locale_prints_what_it_can(encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([*AFTERFALL, "model", "tiny"], capture_output=True, env=environment)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    done.stdout.decode(encoding)


def test_json_for_an_8_bit_locale_is_whole() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    there = subprocess.run([*AFTERFALL, "check", "isis-2017", "--json"], capture_output=True, env=environment)
    plain = subprocess.run(
        [*AFTERFALL, "check", "isis-2017", "--json"],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    assert json.loads(there.stdout) == json.loads(plain.stdout)


def test_an_interrupt_while_importing_is_a_message() -> None:
    script = """
import sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from afterfall.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "afterfall: interrupted\n")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory")
def test_a_limit_of_memory_leaves_pictures_undrawn_with_a_message() -> None:
    script = """
import resource
from afterfall.report.kit import saving
resource.setrlimit(resource.RLIMIT_AS, (12 * 2**30,) * 2)
saving._check_memory()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 1
    assert "MemoryError: the memory of this process is limited" in done.stderr


AFTERFALL_HELP = """
import sys
from afterfall.cli import main as command
sys.argv = ["afterfall", "forecast", "--help"]
"""
BARE_HELP = """
import sys, typer
command = typer.Typer()
command.command()(lambda: None)
sys.argv = ["bare", "--help"]
"""
REPORT_MODULES = """
try:
    command()
except SystemExit as ended:
    assert not ended.code
print(*sys.modules, file=sys.stderr)
"""


def _modules_after_help(script: str) -> set[str]:
    """Modules that a process has loaded once it has printed its help: the same on every machine, however busy."""
    done = subprocess.run([sys.executable, "-c", script + REPORT_MODULES], check=True, capture_output=True, text=True)
    assert "Usage" in done.stdout
    return set(done.stderr.split())


def test_help_loads_little_and_no_compiler() -> None:
    loaded, bare = _modules_after_help(AFTERFALL_HELP), _modules_after_help(BARE_HELP)
    assert not {"numba", "pandas", "xarray", "altair", "numpy"} & loaded
    ours = {name.split(".")[1] for name in loaded if name.startswith("afterfall.")}
    assert ours == {"cli", "api", "defaults"}  # nothing of the rooms that compute; `api` loads them when asked
    assert len(loaded) < 1.7 * len(bare)  # 1.42 as this was written; numpy alone would add 0.35


#: Runs a command once as into a file, then in a process of its own on each of some pseudo-terminals, and says what each
#: showed. The processes are forked from one that has loaded everything, which spares each of them two seconds.
ON_TERMINALS = """
import contextlib, fcntl, io, json, os, pty, struct, sys, termios
from afterfall.cli.entry import main, run

def shown(command, width, environment):
    process, terminal = pty.fork()
    if not process:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.environ.update(environment)
        sys.argv = ["afterfall", *command]
        main()
    text = b""
    try:
        while chunk := os.read(terminal, 65536):
            text += chunk
    except OSError:  # Linux raises it once the other end is closed
        pass
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    os.close(terminal)
    return code, text.decode()

jobs = json.loads(sys.argv[1])
with contextlib.redirect_stdout(io.StringIO()) as plain:
    assert run(jobs[0][0]) == 0
print(json.dumps([plain.getvalue(), [shown(*one) for one in jobs]]))
"""
TERMINALS = [(width, term) for width in (40, 80, 120) for term in ("dumb", "xterm-256color")]
Screens = dict[tuple[int, str], str]


@pytest.fixture(scope="module", params=["model", "levers"])
def screens(request: pytest.FixtureRequest) -> tuple[str, Screens]:
    """What a command prints into a file, and on terminals that say nothing of their width in COLUMNS."""
    command = [request.param, "tiny"]
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")}
    jobs = json.dumps([(command, width, {"TERM": term}) for width, term in TERMINALS])
    forked = [sys.executable, "-c", ON_TERMINALS, jobs]
    plain, found = json.loads(subprocess.run(forked, check=True, capture_output=True, text=True, env=kept).stdout)
    assert [code for code, _ in found] == [0] * len(TERMINALS)
    bare = [re.sub("\x1b[^m]*m", "", text).replace("\r", "") for _, text in found]
    return plain, dict(zip(TERMINALS, bare, strict=True))


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(("width", "term"), TERMINALS)
def test_every_number_is_readable_at_every_width(width: int, term: str, screens: tuple[str, Screens]) -> None:
    plain, shown = screens[0], screens[1][width, term]
    number = re.compile(r"(?<![\w.])\d[\d,.]*(?!\w)")
    assert number.findall(plain)
    assert not Counter(number.findall(plain)) - Counter(number.findall(shown))
    assert all(cell_len(line) <= width for line in shown.splitlines())


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("1", False)])
def test_colours_on_a_terminal_unless_refused(no_color: str | None, coloured: bool) -> None:
    import pty

    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": "120"} | ({"NO_COLOR": no_color} if no_color else {})
    outer, inner = pty.openpty()
    command = [*AFTERFALL, "model", "tiny", "--all"]
    process = subprocess.Popen(command, stdout=inner, stderr=subprocess.DEVNULL, env=environment)
    os.close(inner)
    text = b""
    with contextlib.suppress(OSError):  # Linux raises it once the other end is closed
        while chunk := os.read(outer, 65536):
            text += chunk
    os.close(outer)
    assert process.wait() == 0
    assert b"The model of The Dusk League" in text
    assert (b"\x1b[1;38;" in text) is coloured
