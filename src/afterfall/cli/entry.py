"""The entry point: runs a command and turns how it ends into an exit code.

Kept apart from the commands so that what a shell relies on (exit codes, a closed pipe, an interrupt) is in one place.
"""

from __future__ import annotations

import errno
import sys
import traceback
from types import TracebackType
from typing import NoReturn

import typer

from afterfall.cli.app import app
from afterfall.cli.failures import BAD_INPUT, FAILURE, INTERRUPTED, Failure, check_arguments, notices
from afterfall.cli.streams import prepare_streams, silence_stdout

#: What to do where the memory of the process is used up.
SMALLER = (
    "ask for fewer --trajectories, a shorter --horizon or fewer --threads, or give the process more memory. What a run "
    "folder holds is kept: the same command goes on from there"
)


def main() -> NoReturn:
    """Run the command line in `sys.argv` and exit: 0 done, 1 failure, 2 bad input or usage, 130 interrupted."""
    prepare_streams()
    sys.excepthook = show_fault
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:
        silence_stdout()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code; without arguments, show the help."""
    try:
        check_arguments(arguments)
        with notices():
            code = app(arguments or ["--help"], prog_name="afterfall", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except typer.TyperException as problem:
        _say(f"{problem.format_message()}\nTry: afterfall --help")
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted")
        return INTERRUPTED
    except SystemExit as ended:
        # typer leaves so when a pipe is closed, with a stdout of its own making.
        if isinstance(ended.__context__, OSError) and ended.__context__.errno == errno.EPIPE:
            return _unread()
        raise
    except Failure as failure:
        _say(str(failure))
        return failure.code
    except BrokenPipeError:
        return _unread()
    except MemoryError:
        _say(f"out of memory; {SMALLER}")
        return FAILURE
    except OSError as problem:
        from afterfall.run.errors import advice

        if problem.errno in (None, errno.ENOMEM):  # no error of a file: a library that could not be loaded, or memory
            _say(f"{problem.strerror or problem or 'the system refused'}; if memory is short, {SMALLER}")
            return FAILURE
        _say(f"{problem.filename or 'file'}: {problem.strerror}; {advice(problem)}")
        return FAILURE


def show_fault(kind: type[BaseException], fault: BaseException, where: TracebackType | None) -> None:
    """Print the traceback of an error in the program, with whatever acts on a terminal escaped."""
    from afterfall.case.text_rules import visible

    sys.stderr.write(visible("".join(traceback.format_exception(kind, fault, where))))


def _unread() -> int:
    """The exit code once nobody reads stdout any more. Python would complain again when it closes the stream."""
    silence_stdout()
    return 0


def _say(message: str) -> None:
    from afterfall.case.text_rules import visible

    sys.stderr.write(f"afterfall: {visible(message)}\n")
