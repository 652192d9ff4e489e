"""Deaths in armed conflict by country and month, computed from a finished run; nothing feeds back into the run.

`conflict_record` holds the data, `hurdle` and `ensemble` are fitted to it (`estimation`), `violence_model` draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.conflict.conflict_record import ConflictRecord, open_record
    from afterfall.conflict.estimation import Estimate, estimate
    from afterfall.conflict.violence_model import Violence, violence

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "violence_model": ["Violence", "violence"],
        "estimation": ["Estimate", "estimate"],
        "conflict_record": ["ConflictRecord", "open_record"],
    },
)

__all__ = [
    "ConflictRecord",
    "Estimate",
    "Violence",
    "estimate",
    "open_record",
    "violence",
]
