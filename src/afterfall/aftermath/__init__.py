"""What follows the run of people: attacks and violence by place. Computed from a run; nothing feeds back into it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterfall.aftermath.attacking import Attacks, attacks
    from afterfall.aftermath.by_place import Violence, violence
    from afterfall.aftermath.entering import Screening, screening
    from afterfall.aftermath.estimating import Estimate, estimate
    from afterfall.aftermath.record import Record, month_name, month_number, open_record

_HOME = {
    "Attacks": "attacking",
    "attacks": "attacking",
    "Screening": "entering",
    "screening": "entering",
    "Estimate": "estimating",
    "estimate": "estimating",
    "Record": "record",
    "month_name": "record",
    "month_number": "record",
    "open_record": "record",
    "Violence": "by_place",
    "violence": "by_place",
}

__all__ = [
    "Attacks",
    "Estimate",
    "Record",
    "Screening",
    "Violence",
    "attacks",
    "estimate",
    "month_name",
    "month_number",
    "open_record",
    "screening",
    "violence",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its file on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'afterfall.aftermath' has no attribute {name!r}")
    return getattr(import_module(f"afterfall.aftermath.{_HOME[name]}"), name)
