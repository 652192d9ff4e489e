"""Policies compared: two runs of one case with common random numbers; screening and its accuracy."""

from __future__ import annotations

from afterfall.policy.comparison import Comparison, compare, compare_each
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.paired_differences import Difference, difference

__all__ = ["Comparison", "Difference", "Endpoint", "compare", "compare_each", "difference"]
