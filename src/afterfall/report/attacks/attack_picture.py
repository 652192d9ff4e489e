"""The picture of attacks: attempts by calendar year in a few places, with the counts that were public and later ones.

Each year has a 90 % and a 50 % interval with its median. Years up to the as-of date are drawn paler: their counts were
not all public, and the rest is simulated. Filled points are counts public at the as-of date; hollow points were
published later and are drawn only on request.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np

from afterfall.attack.attack_result import Attacks
from afterfall.evaluate.events.attack_counts import LaterCount
from afterfall.report.kit.chart_frame import (
    FAN_FIELDS,
    Chart,
    Rows,
    axis,
    data,
    framed,
    of_field,
    panel_title,
    shown_count,
)
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.kit.theme import look
from afterfall.run.quantile_levels import FAN_LEVELS

WIDTH, HEIGHT, BETWEEN = 380, 210, 34


def attack_chart(attacks: Attacks, places: Sequence[str], later: Sequence[LaterCount]) -> Chart:
    """One panel a place; one that stands alone is as wide as two."""
    width = WIDTH if len(places) > 1 else 2 * WIDTH + BETWEEN
    panels = [_panel(attacks, place, later, width) for place in places]
    return framed(
        alt.hconcat(*panels, spacing=BETWEEN),
        f"Attempted attacks a year (completed, failed and foiled), as of {attacks.run.as_of}",
        [
            "Bars: 50% and 90% of simulations, tick: median; pale: years before the as-of date as the model has them.",
            "Filled points: counts public at that date. Hollow: published later. Counts under 5 are drawn at 5.",
        ],
        stamp_of(attacks.run).foot(),
    )


def attack_words(attacks: Attacks, places: Sequence[str]) -> str:
    """What the picture shows, for those who cannot see it."""
    names = ", ".join(attacks.name(p) for p in places)
    return f"Attempted attacks by year with 50% and 90% intervals and published counts: {names}."


def _panel(attacks: Attacks, place: str, later: Sequence[LaterCount], width: int) -> Chart:
    rows = _rows(attacks, place)
    known = [(c.year, c.attempts, look().ink) for c in attacks.counts if c.place == place]
    came = [(one.year, one.observed, look().paper) for one in later if one.place == place]
    points = [{"year": str(year), "count": shown_count(count), "fill": fill} for year, count, fill in (*known, *came)]
    colour = look().fill("dispatch")
    x = alt.X("year:N", title=None, axis=axis(labelAngle=0, labelColor=look().ink))
    y = alt.Y("low90:Q", axis=axis(tickMinStep=1, format="d"), title=None)
    opacity = alt.Opacity("strength:Q", scale=None)
    base = alt.Chart(data(rows))
    layers = [
        base.mark_rule(strokeWidth=3, color=colour).encode(x, y, alt.Y2("high90:Q"), opacity),
        base.mark_rule(strokeWidth=11, color=colour).encode(x, of_field(y, "low50"), alt.Y2("high50:Q"), opacity),
        base.mark_tick(thickness=2, size=18, color=look().ink).encode(x, of_field(y, "median")),
    ]
    if points:
        mark = alt.Chart(data(points)).mark_point(shape="diamond", size=90, filled=True, opacity=1, stroke=look().ink)
        layers.append(mark.encode(x, of_field(y, "count"), fill=alt.Fill("fill:N", scale=None)))
    return alt.layer(*layers, width=width, height=HEIGHT).properties(title=panel_title(attacks.name(place)))


def _rows(attacks: Attacks, place: str) -> Rows:
    """Years of twelve months."""
    years = [int(y) for y in dict.fromkeys(attacks.year_of.tolist()) if (attacks.year_of == y).sum() == 12]
    rows: Rows = []
    for year in years:
        found = np.quantile(attacks.attempts_in(place, year), FAN_LEVELS, method="inverted_cdf")
        past = year < attacks.run.as_of.year
        rows.append(
            {
                "year": str(year),
                "strength": 0.3 if past else 0.65,
                **dict(zip(FAN_FIELDS, map(float, found), strict=True)),
            }
        )
    return rows
