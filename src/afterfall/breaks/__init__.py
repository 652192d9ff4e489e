"""Breaks of custody by custodian, drawn from a finished run; nothing feeds back into the run.

`custodian_risk` says which custodians are at risk and at what rate, `drawn_breaks` draws months and sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.breaks.drawn_breaks import CustodyBreaks, custody_breaks

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__, submod_attrs={"drawn_breaks": ["CustodyBreaks", "custody_breaks"]}
)

__all__ = ["CustodyBreaks", "custody_breaks"]
