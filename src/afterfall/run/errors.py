"""What can go wrong with a run, in the user's words."""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.case.problems import nearest_name


class RunError(Exception):
    """A run could not be computed, kept or read. The text says where, what was found, and what to do."""


class UnknownName(ValueError):
    """A name that the run does not have; `nearest` is the closest one it has, or None.

    Attributes
    ----------
    kind
        What was looked for, such as ``quantity`` or ``country``.
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
