"""Options explored over uncertain assumptions: designs, explored cases, robustness, scenario discovery, sensitivity."""

from __future__ import annotations

from afterfall.exploration.assumptions import Assumption
from afterfall.exploration.explored import Exploration
from afterfall.exploration.exploring import explore_case

__all__ = ["Assumption", "Exploration", "explore_case"]
