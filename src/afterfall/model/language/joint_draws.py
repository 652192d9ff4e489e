"""Draws of several unknowns that belong together: rows of a posterior computed elsewhere.

A trajectory takes one row, chosen by the name of the draws, so that what was learned together stays together: the rate
of a kind of event, how organisations differ, and how the time ahead differs from an average one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np

from afterfall.engine.program import Floats

#: Decimals that are kept: further ones may differ between machines.
DECIMALS = 9


@dataclass(frozen=True)
class JointDraws:
    """Equally likely rows of several unknowns, on the engine's scale.

    Attributes
    ----------
    name
        Name of the draws: it chooses the row.
    names
        The unknowns: parameters, or effects that no prior is declared for.
    rows
        Values ``(row, unknown)``.
    digest
        Hash of the values.
    """

    name: str
    names: tuple[str, ...]
    rows: Floats = field(repr=False, compare=False)
    digest: str = ""

    def __post_init__(self) -> None:
        values = np.round(self.rows, DECIMALS) + 0.0
        object.__setattr__(self, "rows", values)
        object.__setattr__(self, "digest", hashlib.sha256(values.tobytes()).hexdigest()[:16])
