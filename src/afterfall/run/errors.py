"""What can go wrong with a run, in the user's words."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from pathlib import Path

from afterfall.case.problems import nearest_name

#: What to do about a failure of the file system, by its number.
ADVICE = {
    errno.ENOSPC: "the disk is full: free some space, or choose a folder on another disk",
    errno.EDQUOT: "your quota is used up: remove something of yours, or choose a folder on another disk",
    errno.EACCES: "you may not write there: choose a folder of your own",
    errno.EPERM: "you may not write there: choose a folder of your own",
    errno.EROFS: "that disk can only be read: choose a folder on another one",
    errno.ENOENT: "there is no such folder: make it first, or choose another",
    errno.ENOTDIR: "a part of that path is a file, not a folder: choose another",
    errno.EEXIST: "something of that name is there and is no folder: choose another name",
    errno.EISDIR: "that is a folder: give the name of a file in it",
    errno.ENAMETOOLONG: "the name is too long: choose a shorter one",
    errno.EMFILE: "too many files are open: run fewer things at once",
    errno.EIO: "the disk failed: try another one",
}


def advice(problem: OSError) -> str:
    """What to do about a failure of the file system, in the user's words."""
    return ADVICE.get(problem.errno or 0, "choose another place, or see what the system says of it")


class RunError(Exception):
    """A run could not be computed, kept or read. The text says where, what was found, and what to do."""


class WrongRun(RunError, ValueError):
    """A run that is not what was asked for: not there, not finished, damaged, or of another case or version."""


class SettingError(ValueError):
    """A setting that cannot be used.

    Parameters
    ----------
    text
        What is wrong, with ``{0}``, ``{1}`` and so on where settings are named.
    settings
        Names of the settings as Python knows them, such as ``as_of``.
    """

    def __init__(self, text: str, *settings: str) -> None:
        self.text, self.settings = text, settings
        super().__init__(text.format(*settings))

    def worded(self, name: Callable[[str], str]) -> str:
        """The message with the settings named otherwise, such as ``--as-of`` on a command line."""
        return self.text.format(*map(name, self.settings))


class RunInterrupted(KeyboardInterrupt):
    """A forecast or a fit stopped by the user; `folder` keeps what was finished."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"interrupted; what was finished is kept in {folder}")


class ForecastWarning(UserWarning):
    """Something that a user of a forecast would not expect, though nothing is wrong with it."""


class UnknownName(ValueError):
    """A name that the run does not have; `nearest` is the closest one it has, or None.

    Attributes
    ----------
    kind
        What was looked for, such as ``quantity``.
    found
        The name as given.
    nearest
        The closest valid name, or None.
    """

    def __init__(self, kind: str, found: str, known: Sequence[str]) -> None:
        self.kind, self.found = kind, found
        self.nearest = nearest_name(found, known)
        hint = f"did you mean {self.nearest!r}?" if self.nearest else f"expected one of: {_listed(known)}"
        super().__init__(f"unknown {kind} {found!r}: {hint}")


def _listed(known: Sequence[str], most: int = 12) -> str:
    more = f", and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more
