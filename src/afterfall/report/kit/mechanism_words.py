"""What a mechanism is for, in its own words: the first sentence of its file."""

from __future__ import annotations

import sys


def about(mechanism: str) -> str:
    """The first paragraph of a mechanism's file as one line; empty where no model was built."""
    module = sys.modules.get(f"afterfall.model.mechanisms.{mechanism}")
    text = (module.__doc__ or "") if module else ""
    return " ".join(text.split("\n\n")[0].split())
