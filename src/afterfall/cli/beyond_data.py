"""The option of all commands that see a case from a day: as-of dates beyond the data, and the line that says so.

A case refuses an as-of date later than the day it is kept up to. With ``--beyond-data`` it is let through for whatever
the command opens, a run included, and the first line of the output says so.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

Allowed = Annotated[
    bool,
    typer.Option(
        "--beyond-data", help="Allow an as-of date beyond the day that the case is kept up to; every output says so."
    ),
]
#: Parameters of commands that see a case from a day, or read a run that does.
SEEING = ({"case", "as_of"}, {"source"}, {"run"})
_lines: list[str] = []


def with_beyond_data(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the option, where it sees a case from a day; otherwise the command itself."""
    signature = inspect.signature(command, eval_str=True)
    if not any(names <= set(signature.parameters) for names in SEEING):
        return command

    @functools.wraps(command)
    def allowing(*arguments: Any, beyond_data: bool = False, **options: Any) -> None:
        from afterfall.case.kept import allow_beyond_data

        _lines.clear()
        with allow_beyond_data(beyond_data):
            command(*arguments, **options)

    option = inspect.Parameter("beyond_data", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Allowed)
    every = sorted((*signature.parameters.values(), option), key=lambda one: one.kind)
    allowing.__signature__ = signature.replace(parameters=every)  # type: ignore[attr-defined]
    allowing.__annotations__ = {**command.__annotations__, "beyond_data": Allowed}
    return allowing


def note_beyond_data(line: str) -> None:
    """Keep a line for the top of the output."""
    if line not in _lines:
        _lines.append(line)


def beyond_data_lines() -> tuple[str, ...]:
    """What the output of this command begins with."""
    return tuple(_lines)
