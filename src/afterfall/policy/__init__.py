"""Policies compared: two sides of one case under the same luck, what differs, and what the instrument can tell."""

from __future__ import annotations

from afterfall.policy.comparing import Comparison, compare
from afterfall.policy.outcomes import Outcome
from afterfall.policy.pairing import Difference, difference

__all__ = ["Comparison", "Difference", "Outcome", "compare", "difference"]
