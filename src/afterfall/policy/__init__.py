"""Policies compared: two sides of one case under the same luck, what differs, and what the instrument can tell."""

from __future__ import annotations

from afterfall.policy.comparison import Comparison, compare
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.paired_differences import Difference, difference

__all__ = ["Comparison", "Difference", "Endpoint", "compare", "difference"]
