"""Notes below the tables: those on how to read them, which a command prints in full only with ``--notes``."""

from __future__ import annotations

from collections.abc import Iterable


class HowToRead(str):
    """A note that explains the tables and says nothing about this result: a reader needs it once."""

    __slots__ = ()


def short_of(notes: Iterable[str]) -> tuple[str, ...]:
    """The notes on this result, and a line on where those that explain the tables are."""
    every = tuple(notes)
    kept = tuple(note for note in every if not isinstance(note, HowToRead))
    return (*kept, *more_notes(len(every) - len(kept)))


def more_notes(number: int) -> tuple[str, ...]:
    """Where `number` more notes are; nothing for none."""
    if number == 0:
        return ()
    noun = "note" if number == 1 else "notes"
    return (f"{number} more {noun} on how to read this: the same command with --notes.",)
