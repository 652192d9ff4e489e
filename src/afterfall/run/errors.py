"""What can go wrong with a run, in the user's words."""

from __future__ import annotations

import errno
from collections.abc import Sequence

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
