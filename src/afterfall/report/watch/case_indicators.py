"""The indicators that a case lists, each with the signals of the model that stand for it, where there are any.

The column ``signal`` of indicators.csv names them, separated by ``;``:

- ``repatriated:TUR`` or ``escaped:WLD``: moves of people of a place (`observable.MOVES`);
- ``returned:WLD``: a published count (`report.headlines.counted`);
- the name of a holding, or of an event of an organisation, as ``afterfall forecast --json`` has it.

One that the run does not have (a holding that fell long ago) stands for nothing in it. An indicator without any is
shown as not mapped: it is something to watch that the model does not simulate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from afterfall.case import Case
from afterfall.case.captor_words import listed
from afterfall.case.records import Indicator
from afterfall.report.watch.observable import MOVES, Observable, moves
from afterfall.run import Run


@dataclass(frozen=True, slots=True)
class Mapped:
    """An indicator of the case, and the keys of the signals that stand for it."""

    indicator: Indicator
    keys: tuple[str, ...]


def named_moves(run: Run, case: Case, known: frozenset[str], month: int) -> Iterator[Observable]:
    """Signals of moves that indicators of the case name and that are not there yet, by key."""
    origins = {str(code) for code in run.dataset["origin"].values}
    for quantity, place in dict.fromkeys(pair for one in case.indicators for pair in _pairs(one)):
        if quantity in MOVES and quantity in run.quantity_names and place in origins:
            made = moves(run, quantity, place, month)
            if made.key not in known:
                yield made


def mapped(case: Case, signals: tuple[Observable, ...]) -> tuple[Mapped, ...]:
    """Every indicator of the case with the signals that stand for it."""
    return tuple(Mapped(one, tuple(s.key for s in signals if _stands_for(s, one))) for one in case.indicators)


def _pairs(one: Indicator) -> tuple[tuple[str, str], ...]:
    named = (name.partition(":") for name in listed(one.signal))
    return tuple((quantity, place) for quantity, colon, place in named if colon)


def _stands_for(signal: Observable, one: Indicator) -> bool:
    words = signal.key.split()
    if signal.kind in ("moves", "count"):
        quantity = words[0] if signal.kind == "moves" else words[1]
        return (quantity, signal.place) in _pairs(one)
    name = words[1] if signal.kind == "event" else words[0]
    return name in listed(one.signal)
