"""The public verbs: everything a command can do, from Python.

Importing this file also tells runs how notebooks show them.
"""

from __future__ import annotations

from afterfall.report.forecast.notebook_view import as_html
from afterfall.run.forecasting import forecast, open_run
from afterfall.run.result import Run

__all__ = ["Run", "forecast", "open_run"]

Run.html_view = as_html
