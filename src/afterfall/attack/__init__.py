"""Attacks by country and year, computed from a finished run; nothing feeds back into the run.

`attack_model` simulates, `importance_resampling` conditions on published counts, `attack_result` holds the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.attack.attack_model import attacks
    from afterfall.attack.attack_result import Attacks
    from afterfall.attack.border_crossings import BorderScreening, border_screening

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "attack_model": ["attacks"],
        "attack_result": ["Attacks"],
        "border_crossings": ["BorderScreening", "border_screening"],
    },
)

__all__ = [
    "Attacks",
    "BorderScreening",
    "attacks",
    "border_screening",
]
