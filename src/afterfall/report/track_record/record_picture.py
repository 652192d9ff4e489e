"""The picture of the record: what each as-of date predicted for one and the same day, a panel a quantity.

The as-of dates run along the horizontal axis; a panel has the 90 % and 50 % intervals and the median of each date. A
forecast that learns narrows and settles as the day comes near. Beneath, the skill of each date against the
baselines, with its 90 % interval and the line of no difference.
"""

from __future__ import annotations

import altair as alt

from afterfall.evaluate.record.forecast_record import Track
from afterfall.report.kit.chart_frame import FAN_FIELDS, Chart, Rows, axis, data, framed, of_field, panel_title
from afterfall.report.kit.number_formats import day
from afterfall.report.kit.stamp import GROUPS_ONLY
from afterfall.report.kit.theme import look

PANEL = 300, 130
COLUMNS = 3
#: Pathways in their order, then the fates and counters that have published figures.
SHOWN = ("disengage", "remain", "defect", "relocate", "dispatch", "detained", "killed", "returned", "travelled")


def track_picture(record: Track) -> Chart:
    """The picture, as a Vega-Lite chart."""
    by_name = {one.quantity: one for one in record.forecast_changes}
    panels = [_panel(by_name[name].label, name, _predicted(record, name)) for name in SHOWN if name in by_name]
    grid = alt.concat(*panels, columns=COLUMNS, align="all", spacing={"row": 22, "column": 34})
    return framed(
        alt.vconcat(grid, _skill(record), spacing=26),
        f"What each as-of date predicted for {day(record.day)}, and how it scored",
        [
            "People in the world: 90% and 50% interval and median, by the day from which it was forecast. "
            "Beneath: skill in CRPS against the baselines, above 0 is better.",
        ],
        record_foot(record),
    )


def record_foot(record: Track) -> list[str]:
    """Where the numbers of a picture of the whole record come from."""
    request = record.scores[0].run.request
    return [
        f"afterfall · case {request.case} · model {request.model_version} · seed {request.seed} · "
        f"{request.trajectories:,} simulations from each date",
        GROUPS_ONLY,
    ]


def picture_words(record: Track) -> str:
    """What the picture shows, for those who cannot see it."""
    dates = ", ".join(day(one.run.as_of) for one in record.scores)
    return f"Forecasts of {day(record.day)} from {dates}, and their skill against the baselines."


def _predicted(record: Track, name: str) -> Rows:
    one = next(change for change in record.forecast_changes if change.quantity == name)
    pairs = zip(one.as_of, one.quantiles, strict=True)
    return [{"as_of": as_of.isoformat(), **dict(zip(FAN_FIELDS, q, strict=True))} for as_of, q in pairs]


def _x() -> alt.X:
    dates = axis(format="%b %Y", labelAngle=-40, grid=False, tickCount=5, ticks=True)
    return alt.X("as_of:T", title=None, axis=dates, scale=alt.Scale(padding=14))


def _panel(label: str, name: str, rows: Rows) -> Chart:
    base, colour = alt.Chart(data(rows)), look().fill(name)
    y = alt.Y("low90:Q", title=None, axis=axis(format=",~f", tickCount=4), scale=alt.Scale(zero=True))
    marks = (
        base.mark_rule(strokeWidth=3, opacity=0.4, color=colour).encode(_x(), y, y2="high90:Q"),
        base.mark_rule(strokeWidth=8, opacity=0.75, color=colour).encode(_x(), of_field(y, "low50"), y2="high50:Q"),
        base.mark_tick(thickness=2.5, size=14, orient="horizontal", color=look().ink).encode(
            _x(), of_field(y, "median")
        ),
    )
    mark = look().pathways.get(name)
    heading = f"{mark.letter}  {label}" if mark else label
    title = panel_title(heading, look().text(name))
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
    base, colour = alt.Chart(data(rows)), look().fill("disengage")
    equal = alt.Chart(data([{"equal": 0.0}])).mark_rule(color=look().muted, strokeDash=[4, 3]).encode(y="equal:Q")
    y = alt.Y("low:Q", title=None, axis=axis(format=".1f", tickCount=4))
    bars = base.mark_rule(strokeWidth=4, opacity=0.5, color=colour).encode(_x(), y, y2="high:Q")
    points = base.mark_point(filled=True, size=70, color=look().ink, opacity=1).encode(_x(), of_field(y, "skill"))
    title = panel_title("Skill against the baselines")
    width = COLUMNS * PANEL[0] + (COLUMNS - 1) * 34
    return alt.layer(equal, bars, points, width=width, height=PANEL[1]).properties(title=title)
