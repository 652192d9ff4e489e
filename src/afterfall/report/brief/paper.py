"""Sizes of paper for a brief: A4, or Letter as in North America."""

from __future__ import annotations

from dataclasses import dataclass

from afterfall.run import UnknownName


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper: its name for users, for typst and for browsers, and its width and height in millimetres."""

    name: str
    typst: str
    css: str
    width: float
    height: float


PAPERS = {
    "a4": Paper("a4", "a4", "A4", 210.0, 297.0),
    "letter": Paper("letter", "us-letter", "letter", 215.9, 279.4),
}
DEFAULT_PAPER = PAPERS["a4"]


def paper_named(name: str) -> Paper:
    """The paper of a name.

    Raises
    ------
    UnknownName
        If there is none; the nearest is given.
    """
    if name.lower() not in PAPERS:
        raise UnknownName("paper", name, list(PAPERS))
    return PAPERS[name.lower()]
