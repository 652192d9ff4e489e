"""Conditions on what simulations show, as a user writes them: events of organisations, moves of people, counts.

::

    event split.hts by 2018-02                        an event of an organisation happens by then
    repatriated CAN at least 5 more by 2018-02        so many people of a place move between the as-of date and then
    count returned CAN at least 110 on 2018-02        a count published for that day reaches so many

Falls and mergers are given before a run is made (`conditions`), because they depend on the shared series alone. These
depend on people, so they are given after: the simulations that show them are taken, and the others left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from afterfall.run.conditions import Condition, Given, several_conditions

_EVENT = re.compile(r"event\s+(?P<name>\S+)\s+by\s+(?P<date>\S+)", re.IGNORECASE)
_MOVES = re.compile(
    r"(?P<name>[a-z_]+)\s+(?P<place>\S.*?)\s+at\s+least\s+(?P<least>\d{1,9})\s+more\s+by\s+(?P<date>\S+)", re.IGNORECASE
)
_COUNT = re.compile(
    r"count\s+(?P<name>\S+)\s+(?P<place>\S.*?)\s+at\s+least\s+(?P<least>\d{1,9})\s+on\s+(?P<date>\S+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SeenCondition:
    """A condition on what a simulation shows.

    `kind` is ``event``, ``moves`` or ``count``, `name` an event of the model or a quantity, `place` an origin or the
    world, and `least` the number that is reached; an event has neither.
    """

    kind: Literal["event", "moves", "count"]
    name: str
    date: str
    place: str = ""
    least: int = 0

    @property
    def text(self) -> str:
        """The condition as a user writes it."""
        if self.kind == "event":
            return f"event {self.name} by {self.date}"
        if self.kind == "moves":
            return f"{self.name} {self.place} at least {self.least} more by {self.date}"
        return f"count {self.name} {self.place} at least {self.least} on {self.date}"


def read_seen(text: str) -> SeenCondition | None:
    """Read a condition on what simulations show; None for one of another kind.

    >>> read_seen("repatriated CAN at least 5 more by 2018-02")
    SeenCondition(kind='moves', name='repatriated', date='2018-02', place='CAN', least=5)
    >>> read_seen("raqqa falls 2017-10") is None
    True
    """
    words = " ".join(text.split())
    if found := _EVENT.fullmatch(words):
        return SeenCondition("event", found["name"], found["date"])
    if found := _COUNT.fullmatch(words):
        return SeenCondition("count", found["name"].lower(), found["date"], found["place"], int(found["least"]))
    if found := _MOVES.fullmatch(words):
        return SeenCondition("moves", found["name"].lower(), found["date"], found["place"], int(found["least"]))
    return None


def parted(given: Given) -> tuple[tuple[str | Condition, ...], tuple[SeenCondition, ...]]:
    """Conditions that are given before a run, and those on what its simulations show."""
    every = several_conditions(given)
    read = [read_seen(one) if isinstance(one, str) else None for one in every]
    before = tuple(one for one, seen in zip(every, read, strict=True) if seen is None)
    return before, tuple(one for one in read if one is not None)
