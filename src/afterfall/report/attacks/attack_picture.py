"""The picture of attacks: attempts by calendar year in a few places, with the counts that were public and later ones.

Each year is a 90 % and a 50 % interval with its median; years up to the as-of date are drawn paler, as they are what
the model makes of a past that was not public in full. Filled points are counts public at the as-of date, hollow ones
came later and are only there when asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from afterfall.attack.attack_result import Attacks
from afterfall.evaluate.events.attack_counts import LaterCount
from afterfall.report.forecast.forecast_charts import Chart, Rows
from afterfall.report.kit.number_formats import SMALL_CELL
from afterfall.report.kit.theme import look

WIDTH, HEIGHT = 380, 210
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def attack_chart(attacks: Attacks, places: Sequence[str], later: Sequence[LaterCount]) -> Chart:
    """One panel a place."""
    panels = [_panel(attacks, place, later) for place in places]
    title = alt.TitleParams(
        f"Attempted attacks a year (completed, failed and foiled), as of {attacks.run.as_of}",
        subtitle=[
            "Bars: 50% and 90% of futures, tick: median; pale: years before the as-of date as the model has them.",
            "Filled points: counts public at that date. Hollow: published later. Published counts under 5 stand at 5.",
        ],
        anchor="start",
        fontSize=17,
        subtitleFontSize=11,
        subtitleColor=look().muted,
        color=look().ink,
        offset=14,
        subtitlePadding=6,
    )
    request = attacks.run.request
    foot = alt.TitleParams(
        f"afterfall · case {request.case} · seed {request.seed} · {request.trajectories:,} futures · "
        f"run {request.hash}",
        orient="bottom",
        anchor="start",
        fontSize=10,
        fontWeight="normal",
        color=look().muted,
        offset=14,
    )
    inner = alt.hconcat(*panels, spacing=34).properties(title=title)
    framed = alt.vconcat(inner).properties(title=foot, padding=22, background=look().paper)
    return framed.configure(font=look().font).configure_view(stroke=None)


def attack_words(attacks: Attacks, places: Sequence[str]) -> str:
    """What the picture shows, for who cannot see it."""
    names = ", ".join(attacks.name(p) for p in places)
    return f"Attempted attacks by year with 50% and 90% intervals and published counts: {names}."


def _panel(attacks: Attacks, place: str, later: Sequence[LaterCount]) -> Chart:
    rows = _rows(attacks, place)
    known = [(c.year, c.attempts, look().ink) for c in attacks.counts if c.place == place]
    came = [(one.year, one.observed, look().paper) for one in later if one.place == place]
    points = [{"year": str(year), "count": _drawn(count), "fill": fill} for year, count, fill in (*known, *came)]
    colour = look().fill("dispatch")
    x = alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False, labelColor=look().ink))
    axis = alt.Axis(
        gridColor=look().rule, domain=False, ticks=False, labelColor=look().muted, tickMinStep=1, format="d"
    )
    y = alt.Y("low90:Q", axis=axis, title=None)
    opacity = alt.Opacity("strength:Q", scale=None)
    base = alt.Chart(_data(rows))
    layers = [
        base.mark_rule(strokeWidth=3, color=colour).encode(x, y, alt.Y2("high90:Q"), opacity),
        base.mark_rule(strokeWidth=11, color=colour).encode(x, _of(y, "low50"), alt.Y2("high50:Q"), opacity),
        base.mark_tick(thickness=2, size=18, color=look().ink).encode(x, _of(y, "median")),
    ]
    if points:
        mark = alt.Chart(_data(points)).mark_point(shape="diamond", size=90, filled=True, opacity=1, stroke=look().ink)
        layers.append(mark.encode(x, _of(y, "count"), fill=alt.Fill("fill:N", scale=None)))
    heading = alt.TitleParams(attacks.name(place), anchor="start", fontSize=12, color=look().ink)
    return alt.layer(*layers, width=WIDTH, height=HEIGHT).properties(title=heading)


def _rows(attacks: Attacks, place: str) -> Rows:
    """Years of twelve months."""
    years = [int(y) for y in dict.fromkeys(attacks.year_of.tolist()) if (attacks.year_of == y).sum() == 12]
    rows: Rows = []
    for year in years:
        found = np.quantile(attacks.attempts_in(place, year), LEVELS, method="inverted_cdf")
        past = year < attacks.run.as_of.year
        names = ("low90", "low50", "median", "high50", "high90")
        rows.append(
            {"year": str(year), "strength": 0.3 if past else 0.65, **dict(zip(names, map(float, found), strict=True))}
        )
    return rows


def _drawn(count: int) -> float:
    return float(SMALL_CELL if 0 < count < SMALL_CELL else count)


def _of(y: alt.Y, field: str) -> alt.Y:
    copied = y.copy()
    copied.shorthand = f"{field}:Q"
    return copied


def _data(rows: Rows) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]
