"""Charts of an outlook as Vega-Lite: quantile dot plots at one month, fans over time.

One quantity at a date is shown as twenty dots, each a 1-in-20 chance, with the median and the 90 % range in figures; a
path over time as a median with a 50 % and a 90 % band. All rows of a figure share one axis; the rarest pathway is drawn
again, enlarged, on an axis of its own that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from afterfall.report.forecast.outlook import DOTS, Outlook, OutlookLine
from afterfall.report.kit.chart_frame import Chart, Rows, axis, data, framed, of_field, rows_axis, words
from afterfall.report.kit.dot_layout import dot_places
from afterfall.report.kit.likelihood_words import odds
from afterfall.report.kit.number_formats import chance, day, interval, month_year, share, two_figures
from afterfall.report.kit.theme import look

#: The pathway drawn again on its own axis.
ENLARGED = "dispatch"

PLOT_WIDTH = 560
DOT = 11.0
#: A taller stack is drawn with its dots overlapping, at this height in pixels.
TALLEST = 6 * DOT
ROW_GAP = 26.0
LABEL_LEFT = -200.0
FIGURES = {"median": PLOT_WIDTH + 70.0, "90% range": PLOT_WIDTH + 205.0, "mean share": PLOT_WIDTH + 290.0}


def dots(outlook: Outlook) -> Chart:
    """Quantile dot plots of the five pathways at the asked month, the rarest once more enlarged.

    Where all dots of the rarest are at zero, a sentence stands for the enlarged panel.
    """
    rest = next((line for line in outlook.pathways if line.code == ENLARGED), None)
    panels, rare = [_dot_panel(outlook.pathways, heading=True)], []
    if rest is not None:
        often = chance(rest.anyone, outlook.stamp.trajectories)
        if rest.dots[-1] > 0:
            panels.append(_dot_panel((rest,), heading=False, note=f"at least one person: {often}"))
        else:
            rare = [f"At least one person “{rest.label}”: {often}."]
    subtitle = [
        *_given(outlook),
        f"People on {day(outlook.at_date)} (month {outlook.at}). Each dot is a 1-in-{DOTS} chance; the line under the "
        "dots is the 90% interval, its tick the median.",
        "Mean shares are of everyone who travelled or was born there. The other "
        f"{share(sum(f.then.mean_share for f in outlook.fates))}: {other_fates(outlook)}. Means add up; medians need "
        "not.",
        *rare,
    ]
    return framed(alt.vconcat(*panels, spacing=14), finding(outlook), subtitle, outlook.stamp.foot())


def _given(outlook: Outlook) -> list[str]:
    """A line that marks a conditional forecast."""
    found = outlook.stamp.conditioned
    return [] if found is None else [f"Conditional forecast, {found.words}."]


def _dot_panel(lines: Sequence[OutlookLine], *, heading: bool, note: str = "") -> Chart:
    top = axis_end(max(max(float(line.dots[-1]), line.then.high90) for line in lines))
    marks, spans, labels, baseline = _dot_rows(lines, top, 30.0 if heading else 4.0)
    height = baseline + 10.0
    x = alt.X("x:Q", title="people", scale=alt.Scale(domain=[0, top], nice=False), axis=_axis(5, top))
    y = rows_axis(height)
    colour = alt.Color("fill:N", scale=None)
    layers: list[Chart] = [
        alt.Chart(data(spans)).mark_rule(strokeWidth=2.5, opacity=0.55).encode(x, y, alt.X2("x2:Q"), color=colour),
        alt.Chart(data(spans))
        .mark_tick(thickness=2.5, size=11, orient="vertical")
        .encode(alt.X("median:Q"), y, color=colour),
        alt.Chart(data(marks))
        .mark_point(
            filled=True,
            size=(DOT - 0.5) ** 2 * np.pi / 4,
            opacity=1,
            shape="circle",
            stroke=look().paper,
            strokeWidth=1,
        )
        .encode(x, y, color=colour),
    ]
    layers += _row_labels(labels, y, note)
    if heading:
        layers += [
            words([{"y": 6, "text": name}], y, at, "right", "text", look().muted) for name, at in FIGURES.items()
        ]
    return alt.layer(*layers, width=PLOT_WIDTH, height=height)


def _dot_rows(lines: Sequence[OutlookLine], top: float, start: float) -> tuple[Rows, Rows, Rows, float]:
    """Dots, spans and labels of the rows, and the last baseline in pixels from the top."""
    marks: Rows = []
    spans: Rows = []
    labels: Rows = []
    baseline = start
    for line in lines:
        mark = look().pathways[line.code]
        places = dot_places([float(v) for v in line.dots], top / PLOT_WIDTH, DOT)
        tallest = max(height for _, height in places) + 1
        step = min(DOT, TALLEST / tallest)
        baseline += max(tallest * step, 2 * DOT) + ROW_GAP - 10.0
        marks += [{"x": x, "y": baseline - 9.0 - h * step, "fill": mark.fill} for x, h in places]
        spans.append(
            {"x": line.then.low90, "x2": line.then.high90, "median": line.then.median, "y": baseline, "fill": mark.fill}
        )
        labels.append(
            {
                "y": baseline - 9.0,
                "letter": mark.letter,
                "short": mark.short,
                "label": line.label,
                "fill": mark.fill,
                "ink": mark.text,
                "median": two_figures(line.then.median),
                "90% range": interval(line.then.low90, line.then.high90),
                "mean share": share(line.then.mean_share),
            }
        )
    return marks, spans, labels, baseline


def _row_labels(labels: Rows, y: alt.Y, note: str) -> list[Chart]:
    badge = alt.Chart(data(labels)).mark_point(filled=True, shape="square", size=420, opacity=1)
    layers = [
        badge.encode(x=alt.value(LABEL_LEFT), y=y, color=alt.Color("fill:N", scale=None)),
        words(labels, y, LABEL_LEFT, "center", "letter", "white", size=13, weight="bold"),
        words(labels, y, LABEL_LEFT + 20, "left", "short", look().ink, size=13, weight="bold", dy=-7),
    ]
    second = [{**row, "label": "the same dots, enlarged" if note else row["label"]} for row in labels]
    layers.append(words(second, y, LABEL_LEFT + 20, "left", "label", look().muted, dy=8))
    if note:
        rows = [{**row, "note": note} for row in labels]
        layers.append(words(rows, y, FIGURES["mean share"], "right", "note", look().ink, size=13))
    else:
        layers += [
            words(labels, y, at, "right", name, look().ink, size=14, weight="bold" if name == "median" else "normal")
            for name, at in FIGURES.items()
        ]
    return layers


def fans(outlook: Outlook) -> Chart:
    """Fans of the five pathways over time as small multiples on one axis, the rarest once more on its own.

    Where its 90 % interval is zero in every month, a sentence stands for the panel of its own.
    """
    top = axis_end(max(float(line.fan[-1].max()) for line in outlook.pathways))
    panels = [_fan_panel(outlook, line, top, "") for line in outlook.pathways]
    panels += [
        _fan_panel(outlook, line, axis_end(float(line.fan[-1].max())), ", enlarged")
        for line in outlook.pathways
        if line.code == ENLARGED and line.fan[-1].max() > 0
    ]
    enlarged = len(panels) > len(outlook.pathways)
    axis_words = "One vertical axis for all but the enlarged panel." if enlarged else "One vertical axis for all."
    rare = [
        f"“{line.label}” is zero in 95% of simulations or more in every month."
        for line in outlook.pathways
        if line.code == ENLARGED and not enlarged
    ]
    subtitle = [
        *_given(outlook),
        f"People by month from {day(outlook.stamp.as_of)}. Line: median; dark band: 50% of simulations; light band: "
        "90%.",
        f"{axis_words} At the right: median and 90% range at the horizon.",
        *rare,
    ]
    chart = alt.concat(*panels, columns=3, spacing={"row": 26, "column": 34})
    return framed(chart, change(outlook), subtitle, outlook.stamp.foot())


def _fan_panel(outlook: Outlook, line: OutlookLine, top: float, suffix: str) -> Chart:
    mark = look().pathways[line.code]
    title = alt.TitleParams(
        f"{mark.letter}  {mark.short}{suffix}",
        anchor="start",
        fontSize=13,
        color=mark.text,
        offset=8,
        subtitle=line.label,
        subtitleFontSize=11,
        subtitleColor=look().muted,
    )
    return fan_panel(outlook, line, top, title, (mark.fill, mark.text))


def fan_panel(
    outlook: Outlook, line: OutlookLine, top: float, title: alt.TitleParams, colours: tuple[str, str]
) -> Chart:
    """A median with a 50 % and a 90 % band over time, with the last values in figures.

    Parameters
    ----------
    outlook
        The outlook that the line is of, for its months and dates.
    line
        The quantity.
    top
        Where the vertical axis ends, in people.
    title
        What stands above.
    colours
        Of the bands, and of the line.
    """
    fill, ink = colours
    names = ("p5", "p25", "p50", "p75", "p95")
    rows: Rows = [
        {"date": _date_of(outlook, m), **{n: float(v) for n, v in zip(names, line.fan[:, i], strict=True)}}
        for i, m in enumerate(outlook.months)
    ]
    x = alt.X("date:T", title=None, axis=axis(format="%Y", tickCount="year", grid=False, domain=True, ticks=True))
    scale = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("p5:Q", title=None, scale=scale, axis=_axis(4, top, room=40))
    base = alt.Chart(data(rows))
    last = rows[-1]
    end = two_figures(last["p50"]), interval(last["p5"], last["p95"])
    lift = -14 if last["p50"] < 0.15 * top else 0
    layers = [
        base.mark_area(color=fill, opacity=0.22).encode(x, y, alt.Y2("p95:Q")),
        base.mark_area(color=fill, opacity=0.42).encode(x, of_field(y, "p25"), alt.Y2("p75:Q")),
        base.mark_line(color=ink, strokeWidth=2.2).encode(x, of_field(y, "p50")),
        _end_label(last, end[0], x, y, lift, ink, "bold", 13),
        _end_label(last, end[1], x, y, lift + 15, look().muted, "normal", 11),
    ]
    return alt.layer(*layers, width=262, height=150, title=title)


def _end_label(
    row: dict[str, Any], text: str, x: alt.X, y: alt.Y, dy: int, colour: str, weight: Any, size: int
) -> Chart:
    mark = alt.Chart(data([{**row, "text": text}])).mark_text(
        align="left", baseline="middle", dx=6, dy=dy, color=colour, fontWeight=weight, fontSize=size
    )
    return mark.encode(x, of_field(y, "p50"), text="text:N")


def _date_of(outlook: Outlook, month: int) -> str:
    """ISO date of a month, placed linearly so that the axis needs only years to be right."""
    index = outlook.stamp.as_of.year * 12 + outlook.stamp.as_of.month - 1 + month
    return f"{index // 12:04d}-{index % 12 + 1:02d}-{min(outlook.stamp.as_of.day, 28):02d}"


def finding(outlook: Outlook) -> str:
    """The title at one month: which of the five pathways is most often the largest, how often, and how large."""
    code = max(outlook.largest, key=lambda c: outlook.largest[c])
    line = next(one for one in outlook.pathways if one.code == code)
    often = odds(outlook.largest[code], outlook.stamp.trajectories)
    where = (
        f"{outlook.country_name}, {month_year(outlook.at_date)}"
        if outlook.country
        else f"By {month_year(outlook.at_date)}"
    )
    people = interval(line.then.low90, line.then.high90)
    return f"{where}: “{line.label}” is the largest of the five pathways ({often}), with {people} people"


def other_fates(outlook: Outlook, most: int = 4) -> str:
    """The largest of the other fates with their mean shares, ``killed 31%, detained 14%``."""
    largest = sorted(outlook.fates, key=lambda one: -one.then.mean_share)[:most]
    return ", ".join(f"{one.label} {share(one.then.mean_share)}" for one in largest)


def in_words(outlook: Outlook) -> str:
    """What a picture shows, in a sentence with its numbers, for readers who cannot see it."""
    place = outlook.country_name or "the world"
    marks = look().pathways
    lines = "; ".join(
        f"{marks[line.code].short}: median {two_figures(line.then.median)}, 90% "
        f"{interval(line.then.low90, line.then.high90)}"
        for line in outlook.pathways
    )
    return f"People by pathway, {place}, {day(outlook.at_date)}. {lines}."


def change(outlook: Outlook) -> str:
    """The title over time: the pathway whose median changes most between the as-of date and the horizon."""
    line = max(outlook.pathways, key=lambda one: abs(float(one.fan[2, -1] - one.fan[2, 0])))
    first, last = float(line.fan[2, 0]), float(line.fan[2, -1])
    verb = "rises" if last > first else "falls"
    place = f"{outlook.country_name}: " if outlook.country else ""
    return (
        f"{place}“{line.label}” changes most: its median {verb} from {two_figures(first)} to {two_figures(last)} people"
    )


def _axis(ticks: int, top: float, room: int = 0) -> alt.Axis:
    """An axis of people up to `top`, in whole numbers; `room` keeps pixels for its labels, so that panels line up."""
    values = list(range(int(top) + 1)) if top < ticks else alt.Undefined
    return axis(format=",~f", tickCount=ticks, grid=True, minExtent=room, values=values)


def axis_end(largest: float) -> float:
    """Where an axis from zero ends: a little beyond the largest value, never at zero."""
    return max(largest * 1.03, 1.0)
