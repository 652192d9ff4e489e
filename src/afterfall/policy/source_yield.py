"""The value of cooperating returnees to counter-terrorism: human sources by five kinds of knowledge, as it ages.

Computed from a run's counters of assessments by disposition and its draws of who cooperates and how fast knowledge ages
(`afterfall.model.mechanisms.human_sources`). New sources arrive evenly between two recorded months, so at the end of
that interval their knowledge has aged by half its length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.model.mechanisms.human_sources import COOPERATION, KNOWLEDGE
from afterfall.policy.paired_differences import Floats
from afterfall.run import Run


@dataclass(frozen=True)
class Yield:
    """Sources of a country by month: all who have cooperated since the as-of date (`sources`), ``(n, months)``.

    `worth` is their value by kind of knowledge, in equivalents of new sources, ``(n, months)``.
    """

    months: Floats
    sources: Floats
    worth: dict[str, Floats]


def source_yield(run: Run, country: str | None) -> Yield:
    """Sources of a country, or of everyone, over a run."""
    months, new = _new_sources(run, country)
    worth = {}
    for kind in KNOWLEDGE:
        fades = np.exp(run.parameter(f"sources.fades.{kind}"))
        worth[kind] = aged(new, months, fades)
    return Yield(months, np.cumsum(new, axis=1), worth)


def aged(new: Floats, months: Floats, fades: Floats) -> Floats:
    """Value ``(n, months)`` of `new` sources per interval ``(n, months)``, ageing at the monthly rate ``fades[n]``."""
    out = np.zeros_like(new)
    for m in range(1, len(months)):
        gap = months[m] - months[m - 1]
        out[:, m] = out[:, m - 1] * np.exp(-fades * gap) + new[:, m] * np.exp(-fades * gap / 2.0)
    return out


def _new_sources(run: Run, country: str | None) -> tuple[Floats, Floats]:
    """Recorded months, and new sources since the previous one, ``(n, months)``; zero at month 0."""
    total: Floats = np.zeros(0)
    months: Floats = np.zeros(0)
    for d in COOPERATION:
        months, values = run.series(f"assessed_{d}_so_far", country)
        share = run.parameter(f"sources.cooperates.{d}")
        came = np.diff(values, axis=1, prepend=values[:, :1])
        total = came * share[:, None] if not total.size else total + came * share[:, None]
    return months, total
