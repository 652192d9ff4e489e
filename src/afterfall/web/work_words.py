"""What is being done for a page, in words: while it waits its turn, and while it is worked on."""

from __future__ import annotations

from afterfall.web.engine_room import EngineRoom, Ticket

#: Words for the stages of work.
WORDS = {
    "queued": "waiting",
    "opening": "opening the case and building its model",
    "compiling": "compiling the engine, once on this machine: about a minute",
    "preparing": "preparing",
    "simulating": "simulating",
    "assembling": "reading the run",
    "learning": "learning from the record",
}


def work_words(room: EngineRoom, ticket: Ticket) -> str:
    """What is done for a ticket; while it waits, how many are before it and what the engine does for the first.

    The engine may be busy for a page of the same reader, or for the server itself, which makes the first comparison of
    a case quick.
    """
    before, stage = room.before(ticket)
    if not before:
        return WORDS.get(ticket.stage, ticket.stage)
    doing = f" (now: {WORDS.get(stage, stage)})" if stage and stage != "queued" else ""
    return f"waiting: {before} before this{doing}"
