"""The entry point: runs a command and turns how it ends into an exit code.

Kept apart from the commands so that what a shell relies on (exit codes, a closed pipe, an interrupt) is in one place.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

from afterfall.cli.app import app
from afterfall.cli.failures import BAD_INPUT, FAILURE, INTERRUPTED, Failure, notices


def main() -> NoReturn:
    """Run the command line in `sys.argv` and exit: 0 done, 1 failure, 2 bad input or usage, 130 interrupted."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code; without arguments, show the help."""
    try:
        with notices():
            code = app(arguments or ["--help"], prog_name="afterfall", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except typer.TyperException as problem:
        _say(f"{problem.format_message()}\nTry: afterfall --help")
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Failure as failure:
        _say(str(failure))
        return failure.code
    except BrokenPipeError:
        # Whoever read the output has had enough. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        from afterfall.run.errors import advice

        _say(f"{problem.filename or 'file'}: {problem.strerror}; {advice(problem)}")
        return FAILURE


def _say(message: str) -> None:
    from afterfall.case.text_rules import visible

    sys.stderr.write(f"afterfall: {visible(message)}\n")
