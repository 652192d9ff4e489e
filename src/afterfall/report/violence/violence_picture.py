"""The picture of violence by place: the record and the months ahead of a few countries, each on an axis of its own.

Grey bars are the record as it was known; the gap after it is what was not yet public. The bands hold 50 % and 90 % of
futures, the line is the median of each month. Axes are linear near zero and logarithmic beyond, as a month with ten
thousand deaths and one with none stand side by side.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from afterfall.case.dates import month_name
from afterfall.conflict.violence_model import Violence
from afterfall.report.forecast.forecast_charts import Chart, Rows
from afterfall.report.kit.number_formats import SMALL_CELL
from afterfall.report.kit.theme import look

WIDTH, HEIGHT, COLUMNS = 330, 120, 2
#: Countries drawn when none is asked for, and months of the record shown before the forecast.
SHOWN, BEHIND = 8, 60
LINEAR = 5


def violence_chart(violence: Violence, countries: list[str]) -> Chart:
    """One panel a country."""
    panels = [_panel(violence, code) for code in countries]
    title = alt.TitleParams(
        f"Deaths in state-based conflict a month, as of {violence.run.as_of}",
        subtitle=[
            "Grey: the record, as far as it was public. Bands: 50% and 90% of futures; line: the median of each month.",
            "Linear to 5, logarithmic beyond. Published counts under 5 are drawn at 5.",
        ],
        anchor="start",
        fontSize=17,
        subtitleFontSize=11,
        subtitleColor=look().muted,
        color=look().ink,
        offset=14,
        subtitlePadding=6,
    )
    request = violence.run.request
    foot = alt.TitleParams(
        f"afterfall · case {request.case} · seed {request.seed} · {request.trajectories:,} futures · "
        f"run {request.hash} · record: UCDP (CC BY 4.0) as served by VIEWS",
        orient="bottom",
        anchor="start",
        fontSize=10,
        fontWeight="normal",
        color=look().muted,
        offset=14,
    )
    rows = [alt.hconcat(*panels[i : i + COLUMNS], spacing=26) for i in range(0, len(panels), COLUMNS)]
    inner = alt.vconcat(*rows, spacing=16).properties(title=title)
    framed = alt.vconcat(inner).properties(title=foot, padding=22, background=look().paper)
    return framed.configure(font=look().font).configure_view(stroke=None)


def violence_words(violence: Violence, countries: list[str]) -> str:
    """What the picture shows, for who cannot see it."""
    names = ", ".join(violence.names[violence.countries.index(c)] for c in countries)
    return f"Monthly deaths in state-based conflict, record and forecast with 50% and 90% bands: {names}."


def most_violent(violence: Violence) -> list[str]:
    """The countries to draw when none is asked for: those with the largest median total."""
    total = np.median(violence.deaths.sum(axis=1, dtype=np.int64), axis=0)
    order = sorted(range(len(total)), key=lambda i: (-total[i], violence.countries[i]))
    return [violence.countries[i] for i in order[:SHOWN]]


def _panel(violence: Violence, code: str) -> Chart:
    place = violence.countries.index(code)
    ahead, behind = _ahead(violence, place), _behind(violence, code)
    largest = max([r["high90"] for r in ahead] + [r["deaths"] for r in behind])
    scale = alt.Scale(type="symlog", constant=LINEAR, domain=[0, max(largest, LINEAR) * 1.05], nice=False)
    ticks = [0, *(10**k for k in range(1, 7) if 10**k <= largest)]
    axis = alt.Axis(
        values=ticks, format=",~f", gridColor=look().rule, domain=False, ticks=False, labelColor=look().muted
    )
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", labelColor=look().muted, grid=False))
    colour = look().fill("dispatch")
    y = alt.Y("low90:Q", scale=scale, axis=axis, title=None)
    base = alt.Chart(_data(ahead))
    layers = [
        alt.Chart(_data(behind)).mark_bar(color=look().other_fill, width=3).encode(x, _of(y, "deaths")),
        base.mark_area(color=colour, opacity=0.18).encode(x, y, alt.Y2("high90:Q")),
        base.mark_area(color=colour, opacity=0.35).encode(x, _of(y, "low50"), alt.Y2("high50:Q")),
        base.mark_line(color=colour, strokeWidth=1.6).encode(x, _of(y, "median")),
    ]
    heading = alt.TitleParams(violence.names[place], anchor="start", fontSize=12, color=look().ink)
    return alt.layer(*layers, width=WIDTH, height=HEIGHT).properties(title=heading)


def _of(y: alt.Y, field: str) -> alt.Y:
    copied = y.copy()
    copied.shorthand = f"{field}:Q"
    return copied


def _data(rows: Rows) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def _ahead(violence: Violence, place: int) -> Rows:
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    found = np.quantile(violence.deaths[:, :, place], levels, axis=0, method="inverted_cdf")
    names = ("low90", "low50", "median", "high50", "high90")
    return [
        {"month": month_name(m), **{n: float(found[k, i]) for k, n in enumerate(names)}}
        for i, m in enumerate(violence.months)
    ]


def _behind(violence: Violence, code: str) -> Rows:
    record = violence.record
    known = record.deaths[record.position[code], -BEHIND:]
    first = record.last - len(known) + 1
    return [
        {"month": month_name(first + i), "deaths": float(SMALL_CELL if 0 < d < SMALL_CELL else d)}
        for i, d in enumerate(np.nan_to_num(known))
    ]
