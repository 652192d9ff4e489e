"""The streams of the process, made fit to print on: whatever they are, a result that is there can be printed.

A stream of an 8-bit locale prints what it can and replaces the rest. A stream that the shell has closed swallows what
is printed. Once whoever reads stdout has had enough, nothing more is written.
"""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from contextlib import suppress
from io import TextIOWrapper

REPLACING = "afterfall.replacing"
#: How a character is written where the stream cannot write it; others lose their accents, or become a question mark.
SPELLED = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e", '"'),
    "\u2026": "...",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u00d7": "x",
    "\u00b7": "-",
    "\u2020": "+",
    "\u2022": "-",
    "\u2192": "->",
    "\u2500": "-",
}


def prepare_streams() -> None:
    """Make stdin, stdout and stderr usable; called before anything is read or printed."""
    _open_closed()
    codecs.register_error(REPLACING, replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=REPLACING)


def replaced(problem: UnicodeError) -> tuple[str, int]:
    """What stands for characters that a stream cannot write, and where to go on: a handler for `codecs`.

    Raises
    ------
    UnicodeError
        The problem itself, where it is one of reading.
    """
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    found = problem.object[problem.start : problem.end]
    return "".join(map(_spelled, found)), problem.end


def silence_stdout() -> None:
    """Drop what is still to be printed: whoever read the output has had enough."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _spelled(character: str) -> str:
    if character in SPELLED:
        return SPELLED[character]
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?"


def _open_closed() -> None:
    """Let streams that the shell has closed lead nowhere, so that no file is opened in their place."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            # The stream lasts as long as the process.
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115
