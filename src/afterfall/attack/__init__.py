"""Attacks by country and year, computed from a run of people; nothing feeds back into the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.attack.attack_model import Attacks, attacks
    from afterfall.attack.border_crossings import BorderScreening, border_screening

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "attack_model": ["Attacks", "attacks"],
        "border_crossings": ["BorderScreening", "border_screening"],
    },
)

__all__ = [
    "Attacks",
    "BorderScreening",
    "attacks",
    "border_screening",
]
