"""What returnees who cooperate are worth to counter-terrorism: sources by the five kinds of knowledge, as it ages.

Read from a run's counters of assessments by disposition and its draws of who cooperates and how fast knowledge ages
(`afterfall.model.mechanisms.human_sources`). Between two recorded months new sources come in evenly, so what they know
has aged by half the stretch at its end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.model.mechanisms.human_sources import COOPERATION, KNOWLEDGE
from afterfall.policy.paired_differences import Floats
from afterfall.run import Run


@dataclass(frozen=True)
class Yield:
    """Sources of a country by month: `sources` all who ever cooperated since the as-of date, ``(n, months)``.

    `worth` is, by kind of knowledge, how many fresh sources they are worth.
    """

    months: Floats
    sources: Floats
    worth: dict[str, Floats]


def source_yield(run: Run, country: str | None) -> Yield:
    """Sources of a country, or of everyone, over a run."""
    months, new = _new_sources(run, country)
    worth = {}
    for kind in KNOWLEDGE:
        fades = np.exp(np.asarray(run.dataset["parameters"].sel(parameter=f"sources.fades.{kind}").values, dtype=float))
        worth[kind] = aged(new, months, fades)
    return Yield(months, np.cumsum(new, axis=1), worth)


def aged(new: Floats, months: Floats, fades: Floats) -> Floats:
    """Worth ``(n, months)`` of `new` sources a stretch ``(n, months)``, ageing at ``fades[n]`` a month."""
    out = np.zeros_like(new)
    for m in range(1, len(months)):
        gap = months[m] - months[m - 1]
        out[:, m] = out[:, m - 1] * np.exp(-fades * gap) + new[:, m] * np.exp(-fades * gap / 2.0)
    return out


def _new_sources(run: Run, country: str | None) -> tuple[Floats, Floats]:
    """Months, and sources who came in since the month before, ``(n, months)``; none at month 0."""
    axis = "month" if country is None else "origin_month"
    total: Floats = np.zeros(0)
    months: Floats = np.zeros(0)
    for d in COOPERATION:
        series = run.quantity(f"assessed_{d}_so_far", country)
        months = np.asarray(series[axis].values, dtype=float)
        share = np.asarray(run.dataset["parameters"].sel(parameter=f"sources.cooperates.{d}").values, dtype=float)
        came = np.diff(np.asarray(series.values, dtype=float), axis=1, prepend=series.values[:, :1])
        total = came * share[:, None] if not total.size else total + came * share[:, None]
    return months, total
