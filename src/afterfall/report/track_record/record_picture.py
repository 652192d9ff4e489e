"""The picture of the record: what each as-of date said of one and the same day, a panel a quantity.

The as-of dates run along the horizontal axis; a panel has the 90 % and 50 % intervals and the median of each date. A
forecast that learns narrows and settles as the day comes near. Beneath, the skill of each date against the naive
forecasts, with its 90 % interval and the line of a draw.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from afterfall.evaluate.record.forecast_record import Track
from afterfall.report.forecast.forecast_charts import Chart, Rows
from afterfall.report.kit.number_formats import day
from afterfall.report.kit.theme import look

PANEL = 300, 130
COLUMNS = 3
#: Pathways in their order, then the fates and counters that figures speak of.
SHOWN = ("disengage", "remain", "defect", "relocate", "dispatch", "detained", "killed", "returned", "travelled")
ENDS = ("low90", "low50", "median", "high50", "high90")


def track_picture(record: Track) -> Chart:
    """The picture, as a Vega-Lite chart."""
    by_name = {one.quantity: one for one in record.forecast_changes}
    panels = [_panel(by_name[name].label, name, _predicted(record, name)) for name in SHOWN if name in by_name]
    grid = alt.concat(*panels, columns=COLUMNS, align="all", spacing={"row": 22, "column": 34})
    title = alt.TitleParams(
        f"What each as-of date said of {day(record.day)}, and how it scored",
        subtitle=[
            "People in the world: 90% and 50% interval and median, by the day from which it was forecast. "
            "Beneath: skill in CRPS against the naive forecasts, above 0 is a win.",
        ],
        anchor="start",
        fontSize=19,
        subtitleFontSize=12,
        subtitleColor=look().muted,
        color=look().ink,
        offset=18,
    )
    whole = alt.vconcat(grid, _skill(record), spacing=26).properties(title=title, padding=24, background=look().paper)
    return whole.configure(font=look().font).configure_view(stroke=None)


def picture_words(record: Track) -> str:
    """What the picture shows, for who cannot see it."""
    dates = ", ".join(day(one.run.as_of) for one in record.scores)
    return f"Forecasts of {day(record.day)} from {dates}, and their skill against naive forecasts."


def _predicted(record: Track, name: str) -> Rows:
    one = next(forecast_changes for forecast_changes in record.forecast_changes if forecast_changes.quantity == name)
    pairs = zip(one.as_of, one.quantiles, strict=True)
    return [{"as_of": as_of.isoformat(), **dict(zip(ENDS, q, strict=True))} for as_of, q in pairs]


def _data(rows: Rows) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", title=None)


def _x() -> alt.X:
    axis = alt.Axis(format="%b %Y", labelAngle=-40, grid=False, tickCount=5, labelColor=look().muted, domain=False)
    return alt.X("as_of:T", title=None, axis=axis, scale=alt.Scale(padding=14))


def _panel(label: str, name: str, rows: Rows) -> Chart:
    base, colour = alt.Chart(_data(rows)), look().fill(name)
    y = alt.Y("low90:Q", title=None, axis=_axis(",~f"), scale=alt.Scale(zero=True))
    marks = (
        base.mark_rule(strokeWidth=3, opacity=0.4, color=colour).encode(_x(), y, y2="high90:Q"),
        base.mark_rule(strokeWidth=8, opacity=0.75, color=colour).encode(
            _x(), alt.Y("low50:Q", title=None), y2="high50:Q"
        ),
        base.mark_tick(thickness=2.5, size=14, orient="horizontal", color=look().ink).encode(_x(), _y("median")),
    )
    mark = look().pathways.get(name)
    heading = f"{mark.letter}  {label}" if mark else label
    title = alt.TitleParams(heading, anchor="start", fontSize=13, color=look().text(name))
    return alt.layer(*marks, width=PANEL[0], height=PANEL[1]).properties(title=title)


def _skill(record: Track) -> Chart:
    rows = [
        {
            "as_of": one.run.as_of.isoformat(),
            "skill": one.overall[0].skill.skill,
            "low": one.overall[0].skill.low90,
            "high": one.overall[0].skill.high90,
        }
        for one in record.scores
        if one.overall[0].skill.figures
    ]
    base, colour = alt.Chart(_data(rows)), look().fill("disengage")
    draw = alt.Chart(_data([{"draw": 0.0}])).mark_rule(color=look().muted, strokeDash=[4, 3]).encode(y="draw:Q")
    y = alt.Y("low:Q", title=None, axis=_axis(".1f"))
    bars = base.mark_rule(strokeWidth=4, opacity=0.5, color=colour).encode(_x(), y, y2="high:Q")
    points = base.mark_point(filled=True, size=70, color=look().ink, opacity=1).encode(
        _x(), alt.Y("skill:Q", title=None)
    )
    title = alt.TitleParams("Skill against the naive forecasts", anchor="start", fontSize=13, color=look().ink)
    width = COLUMNS * PANEL[0] + (COLUMNS - 1) * 34
    return alt.layer(draw, bars, points, width=width, height=PANEL[1]).properties(title=title)


def _axis(form: str) -> alt.Axis:
    return alt.Axis(format=form, tickCount=4, gridColor=look().rule, domain=False, ticks=False, labelColor=look().muted)
