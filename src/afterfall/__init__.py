"""afterfall: where the people of a falling proto-state go, as a probability distribution.

Five verbs make five nouns, each from the one before::

    case = open_case("tiny")          # dated, sourced facts, cut at the as-of date
    model = build(case)               # states, hazards, priors
    draws = sample(model, trajectories=10, seed=1)
    run = forecast(model, trajectories=100, seed=1)
    run.pathways(at=24)               # mean, median and 90% interval of each pathway

Names are imported when first used: ``import afterfall`` is quick, and the compiler is loaded only by what needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterfall.api import Run, forecast, open_run
    from afterfall.case import Case, open_case
    from afterfall.model import Draws, Model, build, sample

__version__ = "0.1.0"

_HOME = {
    "Case": "afterfall.case",
    "open_case": "afterfall.case",
    "Draws": "afterfall.model",
    "Model": "afterfall.model",
    "build": "afterfall.model",
    "sample": "afterfall.model",
    "Run": "afterfall.api",
    "forecast": "afterfall.api",
    "open_run": "afterfall.api",
}

__all__ = [
    "Case",
    "Draws",
    "Model",
    "Run",
    "__version__",
    "build",
    "forecast",
    "open_case",
    "open_run",
    "sample",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its room on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'afterfall' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
