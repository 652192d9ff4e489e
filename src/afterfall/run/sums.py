"""Quantities by origin that are sums of others, which a run file does not hold twice.

A stock counts the people of some roles in some states. Where those are the states and roles of other stocks put
together (``detained`` is everyone held, by whomever), its numbers by origin follow from theirs. A file stores the finer
stocks, and names for each of the others what it is the sum of, as in ``held_fighters + held_adults``. Whole numbers are
added, so that nothing is lost. Counters are all stored: they also count moves from before the as-of date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from afterfall.model.language.vocabulary import EVERY_ROLE
from afterfall.run.errors import RunError

if TYPE_CHECKING:
    from afterfall.model import Quantity

Array = npt.NDArray[Any]
#: How far from every sum of others a stock is at least, to be one that others can be sums of.
INDEPENDENT = 1e-6
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sums:
    """Which quantities by origin a file holds, and how the others follow.

    Attributes
    ----------
    names
        Names of all quantities, in order.
    texts
        For each what it is the sum of (`in_words`); empty where it is stored.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]

    @classmethod
    def none(cls, names: Sequence[str]) -> Sums:
        """All are stored."""
        return cls(tuple(names), ("",) * len(names))

    @cached_property
    def stored(self) -> list[int]:
        """Positions of the quantities that are stored."""
        return [i for i, text in enumerate(self.texts) if not text]

    @cached_property
    def made_of(self) -> Whole:
        """Every quantity as a sum of the stored ones, ``(quantity, stored)``."""
        place = {self.names[i]: k for k, i in enumerate(self.stored)}
        out = np.zeros((len(self.names), len(self.stored)), dtype=np.int64)
        for i, text in enumerate(self.texts):
            words = (text or self.names[i]).split(" ")
            signed = words if words[0] == "-" else ["+", *words]
            for sign, name in zip(signed[::2], signed[1::2], strict=True):
                out[i, place[name]] = 1 if sign == "+" else -1
        return out

    def split(self, every: Array) -> Array:
        """The stored quantities of an array ``[..., quantity]``.

        Raises
        ------
        RunError
            If another is not the sum that it should be.
        """
        parts = every[..., self.stored]
        for i, text in enumerate(self.texts):
            if text and not np.array_equal(self.summed(parts, i), every[..., i]):
                raise RunError(f"{self.names[i]} by origin is not {text}: this is an error of the program")
        return parts

    def summed(self, parts: Array, i: int) -> Array:
        """Quantity i from the stored ones ``[..., stored]``."""
        out = np.zeros(parts.shape[:-1], dtype=parts.dtype)
        for k in np.flatnonzero(self.made_of[i]):
            out += parts[..., k] if self.made_of[i, k] > 0 else -parts[..., k]
        return out


def sums_of(quantities: Sequence[Quantity]) -> list[str]:
    """For each quantity, the others that it is the sum of, as text; empty where it is stored.

    Of stocks the finest are stored. A stock is a sum if it is one of stored stocks, each once, with a plus or a minus.
    """
    return list(_sums_of(tuple((q.name, q.states if q.kind == "stock" else None, q.roles) for q in quantities)))


@lru_cache(maxsize=16)
def _sums_of(kinds: tuple[tuple[str, frozenset[str] | None, frozenset[str] | None], ...]) -> tuple[str, ...]:
    """The same for names, states (None: no stock) and roles (None: all)."""
    stocks = {i: (states, roles or EVERY_ROLE) for i, (_, states, roles) in enumerate(kinds) if states}
    cells = {i: {(state, role) for state in states for role in roles} for i, (states, roles) in stocks.items()}
    column = {cell: k for k, cell in enumerate(sorted({cell for of in cells.values() for cell in of}))}
    found, stored, rows = [""] * len(kinds), list[int](), np.zeros((0, len(column)))
    for i in sorted(cells, key=lambda i: (len(cells[i]), i)):
        row = np.zeros(len(column))
        row[[column[cell] for cell in cells[i]]] = 1.0
        solved = np.linalg.lstsq(rows.T, row, rcond=None)[0] if stored else np.zeros(0)
        weights = np.rint(solved).astype(np.int64)  # the solver only proposes: this is checked in whole numbers
        exact = np.array_equal(weights @ rows.astype(np.int64), row.astype(np.int64))
        if exact and np.abs(weights).max() <= 1:
            found[i] = in_words([kinds[k][0] for k in stored], weights)
        elif np.abs(solved @ rows - row).max() > INDEPENDENT:
            stored, rows = [*stored, i], np.vstack([rows, row])
    return tuple(found)


def in_words(names: Sequence[str], weights: Whole) -> str:
    """A sum as text.

    >>> in_words(["a", "b", "c"], np.array([1, 0, -1]))
    'a - c'
    """
    signs = {1: "+", -1: "-"}
    text = " ".join(f"{signs[int(w)]} {name}" for name, w in zip(names, weights, strict=True) if w)
    return text.removeprefix("+ ")
