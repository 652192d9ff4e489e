"""Exit codes, and how what went wrong is told: on stderr, in one message, with what to do next.

0 done; 1 failure (a run that cannot be computed or kept); 2 bad input or usage; 130 interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

FAILURE, BAD_INPUT, INTERRUPTED = 1, 2, 130


class Failure(Exception):
    """Ends the command with an exit code and a message for stderr."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def reading_input() -> Iterator[None]:
    """Tell a `ValueError` raised inside as bad input: rooms raise it for what the user gave and nothing else."""
    try:
        yield
    except ValueError as problem:
        raise Failure(str(problem), BAD_INPUT) from problem
