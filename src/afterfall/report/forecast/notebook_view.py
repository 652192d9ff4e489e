"""A run in a notebook: the pathways and fates at the horizon, twenty dots each with median, 90 % range and mean share.

One self-contained piece of HTML without script; the dots are a small SVG in each row, on one axis for the pathways and
one for the fates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from afterfall.report.forecast.outlook import DOTS
from afterfall.report.kit.html_text import html_text
from afterfall.report.kit.number_formats import day, interval, share, two_figures
from afterfall.report.kit.stamp import GROUPS_ONLY, basis_of_run
from afterfall.report.kit.theme import look

if TYPE_CHECKING:
    from afterfall.run.result import Run

#: Width of a strip of dots and diameter of a dot in pixels.
WIDTH, DOT = 220.0, 7.0
HEADINGS = ("people", "", "median", "90% range", "mean share")


def as_html(run: Run) -> str:
    """The HTML of a run."""
    month, request = run.request.horizon, run.request
    table = run.summary(month)
    colours = {"pathway": look().fill("disengage"), "fate": look().other_fill}
    rows = "".join(_rows(run, table[table["group"] == group], colour) for group, colour in colours.items())
    head = "".join(f"<th style='text-align:left'>{name}</th>" for name in HEADINGS)
    return (
        f"<p><b>{html_text(run.title)}</b>: as of {day(request.as_of)}, people on {day(run.date(month))} "
        f"(month {month}); {request.trajectories:,} simulations, seed {request.seed}, run {html_text(request.name)}. "
        f"{html_text(basis_of_run(run))}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p>Each dot is a 1-in-{DOTS} chance; the axis runs from 0 to the largest dot of the colour. Mean shares add "
        f"up; medians need not. {GROUPS_ONLY}</p>"
    )


def _rows(run: Run, table: pd.DataFrame, colour: str) -> str:
    levels = (np.arange(DOTS) + 0.5) / DOTS
    values = {name: np.asarray(run.quantity(str(name)).sel(month=run.request.horizon).values) for name in table.index}
    dots = {name: np.quantile(v, levels, method="inverted_cdf") for name, v in values.items()}
    top = max((float(v[-1]) for v in dots.values()), default=0.0) or 1.0
    figures = {c: table[c].to_numpy(dtype=float) for c in ("median", "low90", "high90", "mean_share")}
    return "".join(
        f"<tr><td style='text-align:left'>{html_text(str(table['label'].iloc[i]))}</td>"
        f"<td>{_strip(dots[name], top, colour)}</td><td><b>{two_figures(figures['median'][i])}</b></td>"
        f"<td>{interval(figures['low90'][i], figures['high90'][i])}</td>"
        f"<td>{share(figures['mean_share'][i])}</td></tr>"
        for i, name in enumerate(table.index)
    )


def _strip(dots: np.ndarray, top: float, colour: str) -> str:
    """Twenty dots, stacked where they would cover each other."""
    taken: dict[int, int] = {}
    marks = []
    for value in dots:
        column = int((WIDTH - DOT) * float(value) / top / DOT)
        height = taken[column] = taken.get(column, -1) + 1
        marks.append((DOT * (column + 0.5), height))
    tallest = max(height for _, height in marks) + 1
    step = min(DOT, 3 * DOT / tallest)
    deep = step * (tallest - 1) + DOT
    drawn = "".join(
        f"<circle cx='{x:.1f}' cy='{deep - DOT / 2 - h * step:.1f}' r='{DOT / 2 - 0.4}' fill='{colour}'/>"
        for x, h in marks
    )
    return f"<svg width='{WIDTH:.0f}' height='{deep:.0f}' aria-hidden='true'>{drawn}</svg>"
