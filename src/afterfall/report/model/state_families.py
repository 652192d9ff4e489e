"""States gathered into families for the eye: one family for each stage of a life and fate that counts it.

The model has some seventy states; a reader needs to see some fifteen boxes. Gathering by (stage, fate) needs no list of
states, so a new state finds its place by what it declares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from afterfall.model import State, Transition


@dataclass(frozen=True, slots=True)
class Family:
    """States of one stage and one fate; `members` are their labels in the model's order."""

    stage: str
    fate: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """All moves from one family to another (indices into the families).

    `back` says that every one of them goes against the order of the states; `labels` says in words what happens,
    `moves` how many transitions there are.
    """

    source: int
    dest: int
    back: bool
    labels: tuple[str, ...]
    moves: int


def families(states: Sequence[State]) -> tuple[Family, ...]:
    """Families in the order in which their first state appears."""
    found: dict[tuple[str, str], list[str]] = {}
    for state in states:
        found.setdefault((state.stage, state.fate), []).append(state.label)
    return tuple(Family(stage, fate, tuple(labels)) for (stage, fate), labels in found.items())


def links(states: Sequence[State], transitions: Iterable[Transition], among: Sequence[Family]) -> tuple[Link, ...]:
    """Moves between different families, gathered; moves within a family are left out."""
    place = {(family.stage, family.fate): i for i, family in enumerate(among)}
    of = {state.name: place[state.stage, state.fate] for state in states}
    gathered: dict[tuple[int, int], list[Transition]] = {}
    for move in transitions:
        ends = of[move.source], of[move.dest]
        if ends[0] != ends[1]:
            gathered.setdefault(ends, []).append(move)
    return tuple(
        Link(source, dest, all(m.back for m in moves), tuple(Counter(m.label for m in moves)), len(moves))
        for (source, dest), moves in gathered.items()
    )
