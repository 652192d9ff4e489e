"""Errors of runs, with advice on what to do."""

from __future__ import annotations

import errno
from collections.abc import Sequence

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
    """

    def __init__(self, kind: str, found: str, known: Sequence[str]) -> None:
        self.kind, self.found = kind, found
        self.nearest = nearest_name(found, known)
        hint = f"did you mean {self.nearest!r}?" if self.nearest else f"expected one of: {_listed(known)}"
        super().__init__(f"unknown {kind} {found!r}: {hint}")


def _listed(known: Sequence[str], most: int = 12) -> str:
    more = f", and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more
