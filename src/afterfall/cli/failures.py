"""Exit codes, and how a command ends that could not do what it was asked: one message on stderr, with what to do next.

0 done; 1 failure (a run that cannot be computed or kept); 2 bad input or usage; 130 interrupted.
"""

from __future__ import annotations

import shlex
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

FAILURE, BAD_INPUT, INTERRUPTED = 1, 2, 130
#: Options whose names differ from those of the verbs' arguments.
OPTIONS = {
    "base_rates": "--base-rate",
    "draws": "--draws or --prior-only",
    "lever_files": "--levers",
    "levers": "--lever",
    "options": "--option",
    "replay": "--from",
}


class Failure(Exception):
    """Ends the command with an exit code and a message for stderr."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def check_files(wrong: Mapping[str, Sequence[tuple[Path, str]]]) -> None:
    """Refuse files that cannot be read or written, by option, all of them at once and before anything is run.

    Raises
    ------
    Failure
        If there are any.
    """
    lines = [f"{option} {path}: {why}" for option, files in wrong.items() for path, why in files]
    if lines:
        raise Failure("\n".join(lines), BAD_INPUT)


def check_arguments(arguments: Sequence[str]) -> None:
    """Refuse an argument without content, which would be read as the current folder.

    Raises
    ------
    Failure
        If there is one; most come from a shell variable that is not set.
    """
    for i, argument in enumerate(arguments):
        before = arguments[i - 1] if i else ""
        if argument == "" or (argument.startswith("--") and argument.endswith("=")):
            option = before if before.startswith("-") else argument.removesuffix("=")
            where = f"the value of {option}" if option else f"argument {i + 1}"
            raise Failure(f"{where} is empty; is a variable of the shell not set?", BAD_INPUT)


def option_name(setting: str) -> str:
    """How a command line names an argument of a verb."""
    return OPTIONS.get(setting, f"--{setting.replace('_', '-')}")


def command() -> str:
    """The command line as a shell would need it."""
    return shlex.join(["afterfall", *sys.argv[1:]])


@contextmanager
def failing() -> Iterator[None]:
    """End the command in the right way on what a verb raises.

    Raises
    ------
    Failure
        With exit code 2 for a `ValueError`, which rooms raise for what the user gave and nothing else; 1 for a
        `RunError` and for an extra that is not installed; 130 for an interrupt.
    """
    from afterfall.run.errors import RunError, RunInterrupted, SettingError

    try:
        yield
    except RunInterrupted as stopped:
        raise Failure(f"{stopped}. To go on where it stopped:\n  {command()}", INTERRUPTED) from None
    except SettingError as problem:
        raise Failure(problem.worded(option_name), BAD_INPUT) from problem
    except ValueError as problem:
        raise Failure(str(problem), BAD_INPUT) from problem
    except RunError as problem:
        raise Failure(str(problem), FAILURE) from problem
    except ImportError as problem:
        if not (problem.name or "").startswith("afterfall["):
            raise
        raise Failure(str(problem), FAILURE) from problem


@contextmanager
def notices() -> Iterator[None]:
    """Print what a user should know, which rooms give as warnings of their own, as notes on stderr."""
    with warnings.catch_warnings():
        usual, said = warnings.showwarning, set[str]()

        def show(message: Warning | str, category: type[Warning], *rest: object, **more: object) -> None:
            if category.__name__ == "BeyondDataWarning":
                from afterfall.cli.beyond_data import note_beyond_data

                note_beyond_data(str(message))
            elif category.__module__.startswith("afterfall."):
                from afterfall.cli.output import stderr

                if str(message) not in said:
                    stderr().print(f"note: {message}")
                said.add(str(message))
            else:
                from afterfall.case.text_rules import visible

                usual(visible(str(message)), category, *rest, **more)  # type: ignore[arg-type]

        warnings.filterwarnings("always", category=UserWarning, module=r"afterfall\.")
        warnings.showwarning = show
        yield
