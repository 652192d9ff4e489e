"""Runs: the request that determines one, its chunks, the folder that holds them, and what can be read from the result.

Names are imported when first used: a command's help needs the default seed, not the compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterfall.run.chunk import simulate, simulate_chunk
    from afterfall.run.dates import add_months, month_at
    from afterfall.run.errors import RunError, UnknownCountry, UnknownName
    from afterfall.run.forecasting import Progress, forecast, open_run
    from afterfall.run.layout import Batch
    from afterfall.run.provenance import Provenance
    from afterfall.run.request import CHUNK_SIZE, DEFAULT_SEED, DEFAULT_TRAJECTORIES, Request, request_of
    from afterfall.run.result import Run
    from afterfall.run.store import RunFolder

_HOME = {
    "Batch": "layout",
    "simulate": "chunk",
    "simulate_chunk": "chunk",
    "add_months": "dates",
    "month_at": "dates",
    "RunError": "errors",
    "UnknownCountry": "errors",
    "UnknownName": "errors",
    "Progress": "forecasting",
    "forecast": "forecasting",
    "open_run": "forecasting",
    "Provenance": "provenance",
    "CHUNK_SIZE": "request",
    "DEFAULT_SEED": "request",
    "DEFAULT_TRAJECTORIES": "request",
    "Request": "request",
    "request_of": "request",
    "Run": "result",
    "RunFolder": "store",
}

__all__ = [
    "CHUNK_SIZE",
    "DEFAULT_SEED",
    "DEFAULT_TRAJECTORIES",
    "Batch",
    "Progress",
    "Provenance",
    "Request",
    "Run",
    "RunError",
    "RunFolder",
    "UnknownCountry",
    "UnknownName",
    "add_months",
    "forecast",
    "month_at",
    "open_run",
    "request_of",
    "simulate",
    "simulate_chunk",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its file on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'afterfall.run' has no attribute {name!r}")
    return getattr(import_module(f"afterfall.run.{_HOME[name]}"), name)
