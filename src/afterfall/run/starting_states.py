"""Starting states that are drawn once and kept: a policy acts after the as-of date, so all sides share its start.

The state of a trajectory at the as-of date depends on the case as cut, the seed, the number of the trajectory, and its
parameters other than those of levers. That is the key under which it is kept, for one case. The parameters enter by a
hash of their values, so that another posterior, a fixed parameter or a condition never meets a state not its own. A
kept state is the drawn one, bit for bit. Most cells of a state are empty, so that only the others are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from afterfall.engine.program import Longs
from afterfall.model import nowcast
from afterfall.model.levers.applying import PREFIX

if TYPE_CHECKING:
    from afterfall.case import Case
    from afterfall.model import Draws, Model

#: Bytes of states that are kept; what comes later is drawn each time.
MOST_BYTES = 256 * 2**20
Key = tuple[int, int, bytes]


class Occupied(NamedTuple):
    """The cells of an array that are not zero: their places in the flat array, and their values."""

    shape: tuple[int, ...]
    place: npt.NDArray[np.int64]
    value: Longs

    @classmethod
    def of(cls, whole: Longs) -> Occupied:
        """Those of an array."""
        place = np.flatnonzero(whole)
        return cls(whole.shape, place, whole.ravel()[place])

    def whole(self) -> Longs:
        """The array."""
        out = np.zeros(self.shape, dtype=np.int64)
        out.ravel()[self.place] = self.value
        return out

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self.place.nbytes + self.value.nbytes


@dataclass
class StartingStates:
    """States of one case at its as-of date, by what they depend on. Several threads may ask at once.

    Attributes
    ----------
    case
        The cut case.
    most_bytes
        Bytes after which nothing more is kept. What is kept first stays, since all sides go through the trajectories
        in one order.
    """

    case: Case = field(repr=False)
    most_bytes: int = MOST_BYTES
    _kept: dict[Key, tuple[Occupied, Occupied]] = field(default_factory=dict, repr=False)
    _bytes: int = field(default=0, repr=False)

    def __len__(self) -> int:
        """Number of states that are kept."""
        return len(self._kept)

    def rows(self, model: Model, draws: Draws, *, seed: int) -> tuple[Longs, Longs]:
        """State and counters of every trajectory of some draws: what `nowcast` gives.

        Parameters
        ----------
        model
            A model of the case, under a policy or not.
        draws
            Its parameters, one row a trajectory.
        seed
            Seed of all random draws.

        Returns
        -------
        start, counters
            People by cohort and state, int64 ``(n, C, S)``, and counters by quantity and origin, int64 ``(n, Q, O)``.

        Raises
        ------
        ValueError
            If the model is of another case.
        """
        if model.case is not self.case:
            raise ValueError(f"starting states of case {self.case.id!r}: found a model of another case object")
        keys = _keys(draws, seed)
        absent = [row for row, key in enumerate(keys) if key not in self._kept]
        if not absent:
            found = [self._kept[key] for key in keys]
            return np.stack([start.whole() for start, _ in found]), np.stack([counted.whole() for _, counted in found])
        start, counters = nowcast(model, rows_of(draws, absent), seed=seed, trajectories=_trajectories(draws, absent))
        for i, row in enumerate(absent):
            self._keep(keys[row], Occupied.of(start[i]), Occupied.of(counters[i]))
        if len(absent) == len(keys):
            return start, counters
        return self._filled(keys, dict(zip(absent, zip(start, counters, strict=True), strict=True)))

    def _filled(self, keys: Sequence[Key], drawn: dict[int, tuple[Longs, Longs]]) -> tuple[Longs, Longs]:
        """All rows, of which some were drawn now and the others are kept."""
        rows = [
            drawn[row] if row in drawn else (self._kept[key][0].whole(), self._kept[key][1].whole())
            for row, key in enumerate(keys)
        ]
        return np.stack([start for start, _ in rows]), np.stack([counted for _, counted in rows])

    def _keep(self, key: Key, start: Occupied, counters: Occupied) -> None:
        size = start.nbytes + counters.nbytes
        if key not in self._kept and self._bytes + size <= self.most_bytes:
            self._kept[key] = start, counters
            self._bytes += size


def _keys(draws: Draws, seed: int) -> list[Key]:
    """The key of every row of some draws."""
    before = [i for i, name in enumerate(draws.names) if not name.startswith(PREFIX)]
    shared = np.ascontiguousarray(draws.values[:, before])
    fitted = np.zeros(len(shared), dtype=bool) if draws.fitted is None else draws.fitted
    error = np.zeros(len(shared)) if draws.discrepancy is None else draws.discrepancy
    names = hashlib.blake2b("\0".join(draws.names[i] for i in before).encode(), digest_size=16)
    keys = []
    for row, trajectory in enumerate(draws.trajectories):
        digest = names.copy()
        digest.update(shared[row].tobytes() + fitted[row].tobytes() + error[row].tobytes())
        keys.append((seed, trajectory, digest.digest()))
    return keys


def rows_of(draws: Draws, rows: Sequence[int]) -> Draws:
    """Some rows of draws."""
    return replace(
        draws,
        values=draws.values[list(rows)],
        trajectories=tuple(_trajectories(draws, rows)),
        discrepancy=None if draws.discrepancy is None else draws.discrepancy[list(rows)],
        fitted=None if draws.fitted is None else draws.fitted[list(rows)],
    )


def _trajectories(draws: Draws, rows: Sequence[int]) -> list[int]:
    return [draws.trajectories[row] for row in rows]
