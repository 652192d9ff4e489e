"""The picture of violence by place: the record and the months ahead of a few countries, each on an axis of its own.

Grey bars are the record as it was known; the gap after it is what was not yet public. The bands hold 50 % and 90 % of
simulations, the line is the median of each month. Axes are linear near zero and logarithmic beyond, as a month with ten
thousand deaths and one with none stand side by side.
"""

from __future__ import annotations

import altair as alt
import numpy as np

from afterfall.case.dates import month_name
from afterfall.conflict.violence_model import Violence
from afterfall.report.kit.chart_frame import (
    FAN_FIELDS,
    Chart,
    Rows,
    axis,
    data,
    framed,
    of_field,
    panel_title,
    powers_of_ten,
    shown_count,
)
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.kit.theme import look
from afterfall.run.quantile_levels import FAN_LEVELS

WIDTH, HEIGHT, COLUMNS = 330, 120, 2
#: Countries drawn when none is asked for, and months of the record shown before the forecast.
SHOWN, BEHIND = 8, 60
LINEAR = 5


def violence_chart(violence: Violence, countries: list[str]) -> Chart:
    """One panel a country."""
    panels = [_panel(violence, code) for code in countries]
    rows = [alt.hconcat(*panels[i : i + COLUMNS], spacing=26) for i in range(0, len(panels), COLUMNS)]
    return framed(
        alt.vconcat(*rows, spacing=16),
        f"Deaths in state-based conflict a month, as of {violence.run.as_of}",
        [
            "Grey: the record, as far as it was public. Bands: 50% and 90% of simulations; line: median of each month.",
            "Linear to 5, logarithmic beyond. Published counts under 5 are drawn at 5.",
        ],
        [*stamp_of(violence.run).foot(), "Record: UCDP (CC BY 4.0) as served by VIEWS."],
    )


def violence_words(violence: Violence, countries: list[str]) -> str:
    """What the picture shows, for those who cannot see it."""
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
    x = alt.X("month:T", title=None, axis=axis(format="%Y", tickCount="year", grid=False, domain=True, ticks=True))
    colour = look().fill("dispatch")
    y = alt.Y("low90:Q", scale=scale, axis=axis(values=powers_of_ten(largest), format=",~f"), title=None)
    base = alt.Chart(data(ahead))
    layers = [
        alt.Chart(data(behind)).mark_bar(color=look().other_fill, width=3).encode(x, of_field(y, "deaths")),
        base.mark_area(color=colour, opacity=0.18).encode(x, y, alt.Y2("high90:Q")),
        base.mark_area(color=colour, opacity=0.35).encode(x, of_field(y, "low50"), alt.Y2("high50:Q")),
        base.mark_line(color=colour, strokeWidth=1.6).encode(x, of_field(y, "median")),
    ]
    return alt.layer(*layers, width=WIDTH, height=HEIGHT).properties(title=panel_title(violence.names[place]))


def _ahead(violence: Violence, place: int) -> Rows:
    found = np.quantile(violence.deaths[:, :, place], FAN_LEVELS, axis=0, method="inverted_cdf")
    return [
        {"month": month_name(m), **{n: float(found[k, i]) for k, n in enumerate(FAN_FIELDS)}}
        for i, m in enumerate(violence.months)
    ]


def _behind(violence: Violence, code: str) -> Rows:
    record = violence.record
    known = record.deaths[record.position[code], -BEHIND:]
    first = record.last - len(known) + 1
    return [
        {"month": month_name(first + i), "deaths": shown_count(float(d))} for i, d in enumerate(np.nan_to_num(known))
    ]
