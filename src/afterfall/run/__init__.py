"""Runs: the request that determines a run, its chunks, the folder that holds them, and the result.

Names are imported on first use: a command's help needs the default seed, not the compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

from afterfall.defaults import DEFAULT_SEED, DEFAULT_TRAJECTORIES

if TYPE_CHECKING:
    from afterfall.run.chunk import simulate, simulate_chunk
    from afterfall.run.errors import (
        ForecastWarning,
        RunError,
        RunInterrupted,
        SettingError,
        UnknownName,
        WrongRun,
    )
    from afterfall.run.forecasting import Progress, forecast, open_run
    from afterfall.run.months import add_months, month_at
    from afterfall.run.provenance import Provenance
    from afterfall.run.request import CHUNK_SIZE, Request, request_of
    from afterfall.run.result import Run
    from afterfall.run.run_layout import Batch
    from afterfall.run.store import RunFolder

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "chunk": ["simulate", "simulate_chunk"],
        "months": ["add_months", "month_at"],
        "errors": [
            "ForecastWarning",
            "RunError",
            "RunInterrupted",
            "SettingError",
            "UnknownName",
            "WrongRun",
        ],
        "forecasting": ["Progress", "forecast", "open_run"],
        "run_layout": ["Batch"],
        "provenance": ["Provenance"],
        "request": ["CHUNK_SIZE", "Request", "request_of"],
        "result": ["Run"],
        "store": ["RunFolder"],
    },
)

__all__ = [
    "CHUNK_SIZE",
    "DEFAULT_SEED",
    "DEFAULT_TRAJECTORIES",
    "Batch",
    "ForecastWarning",
    "Progress",
    "Provenance",
    "Request",
    "Run",
    "RunError",
    "RunFolder",
    "RunInterrupted",
    "SettingError",
    "UnknownName",
    "WrongRun",
    "add_months",
    "forecast",
    "month_at",
    "open_run",
    "request_of",
    "simulate",
    "simulate_chunk",
]
