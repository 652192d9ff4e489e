"""Errors of runs, with advice on what to do."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from pathlib import Path

from afterfall.case.problems import nearest_name

#: Advice for an error of the file system, by error number.
ADVICE = {
    errno.ENOSPC: "the disk is full: free some space, or choose a folder on another disk",
    errno.EDQUOT: "your disk quota is used up: delete files, or choose a folder on another disk",
    errno.EACCES: "you have no permission to write there: choose another folder",
    errno.EPERM: "you have no permission to write there: choose another folder",
    errno.EROFS: "the disk is read-only: choose a folder on another disk",
    errno.ENOENT: "there is no such folder: create it first, or choose another",
    errno.ENOTDIR: "part of the path is a file, not a folder: choose another path",
    errno.EEXIST: "a file of that name exists: choose another name",
    errno.EISDIR: "the path is a folder: give the name of a file in it",
    errno.ENAMETOOLONG: "the name is too long: choose a shorter one",
    errno.EMFILE: "too many files are open: run fewer programs at once",
    errno.EIO: "the disk failed: try another disk",
}


def advice(problem: OSError) -> str:
    """Advice for an error of the file system."""
    return ADVICE.get(problem.errno or 0, "choose another folder")


class RunError(Exception):
    """A run could not be computed, written or read. The message says where, what was found, and what to do."""


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
        super().__init__(self.worded(str))

    def worded(self, name: Callable[[str], str]) -> str:
        """The message with the settings named otherwise, such as ``--as-of`` on a command line."""
        worded = self.text
        for number, setting in enumerate(self.settings):
            worded = worded.replace(f"{{{number}}}", name(setting))
        return worded


class WrongRun(RunError, SettingError):
    """A run that is not what was asked for: not there, not finished, damaged, or of another case or version."""


class RunInterrupted(KeyboardInterrupt):
    """A forecast or a fit stopped by the user; `folder` keeps what was finished."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"interrupted; what was finished is kept in {folder}")


class ForecastWarning(UserWarning):
    """Something that a user of a forecast would not expect, though nothing is wrong with it."""


class UnknownName(ValueError):
    """A name that the run does not have.

    Attributes
    ----------
    kind
        The kind of name, such as ``quantity`` or ``country``.
    found
        The name as given.
    nearest
        The closest valid name, or None.
    known
        All valid names.
    """

    def __init__(self, kind: str, found: str, known: Sequence[str]) -> None:
        self.kind, self.found, self.known = kind, found, tuple(known)
        self.nearest = nearest_name(found, known)
        hint = f"did you mean {self.nearest!r}?" if self.nearest else f"expected one of: {_listed(known)}"
        super().__init__(f"unknown {kind} {found!r}: {hint}")


def _listed(known: Sequence[str], most: int = 60) -> str:
    more = f", and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more
