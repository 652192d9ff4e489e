"""The picture of one country: the forecast of published counts over time, and the counts before and after it was made.

A panel for each quantity with later figures. Bands are the 50 % and 90 % interval of what a published count was
forecast to say, from the as-of date on. Published counts are hollow if they were public then, filled if they came
later, and filled in red if the 90 % interval of that figure missed it. Counts under 5 stand at 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from afterfall.evaluate.record.country_forecast import CountryForecast
from afterfall.evaluate.record.scoring import Scores
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
from afterfall.report.kit.number_formats import day
from afterfall.report.kit.skill_words import QUANTITIES
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.kit.theme import look

PANEL = 380, 200
COLUMNS = 2
SUBTITLE = (
    "Blue: what published counts were forecast to say, 90% and 50% interval and median. Dashed: people, by the model, "
    "reported or not.",
    "Points: published counts. Hollow: public on the as-of date (grey line). Filled: published later; red: outside the "
    "90% interval.",
)


def country_picture(forecasts: Sequence[CountryForecast], scores: Scores) -> Chart:
    """The picture, as a Vega-Lite chart: one country, one quantity at least."""
    span = _span(forecasts, scores)
    panels = [_panel(one, scores, span) for one in forecasts]
    grid = alt.concat(*panels, columns=COLUMNS, spacing={"row": 26, "column": 40})
    return framed(grid, headline(forecasts, scores), SUBTITLE, stamp_of(scores.run).foot())


def headline(forecasts: Sequence[CountryForecast], scores: Scores) -> str:
    """The title: how many of the later figures the 90 % intervals contained."""
    later = [count.inside90 for one in forecasts for count in one.counts if count.inside90 is not None]
    return (
        f"{forecasts[0].name}, forecast as of {day(scores.run.as_of)}: 90% intervals contain {sum(later)} of "
        f"{len(later)} later figures"
    )


def country_words(forecasts: Sequence[CountryForecast], scores: Scores) -> str:
    """What the picture shows, for those who cannot see it."""
    listed = ", ".join(QUANTITIES[one.quantity] for one in forecasts)
    return f"{headline(forecasts, scores)}. Panels: {listed}."


def _span(forecasts: Sequence[CountryForecast], scores: Scores) -> list[str]:
    """First and last day of all panels."""
    days = [when for one in forecasts for when in (*one.dates, *(count.date for count in one.counts))]
    return [min([*days, scores.run.as_of]).isoformat(), max(days).isoformat()]


def _panel(one: CountryForecast, scores: Scores, span: Sequence[str]) -> Chart:
    fan = [
        {"date": when.isoformat(), "people": float(head), **dict(zip(FAN_FIELDS, map(float, q), strict=True))}
        for when, head, q in zip(one.dates, one.people, one.quantiles, strict=True)
    ]
    years = axis(format="%Y", tickCount="year", grid=False, ticks=True)
    x = alt.X("date:T", title=None, axis=years, scale=alt.Scale(domain=list(span), nice=False))
    people = axis(format=",~f", tickCount=5, minExtent=44)
    y = alt.Y("low90:Q", title=None, axis=people, scale=alt.Scale(zero=True, nice=True))
    layers = [*_fan(fan, x, y), _as_of(scores, x), *_counts(one, x, y)]
    label = QUANTITIES[one.quantity]
    return alt.layer(*layers, width=PANEL[0], height=PANEL[1]).properties(
        title=panel_title(label[0].upper() + label[1:])
    )


def _fan(rows: Rows, x: alt.X, y: alt.Y) -> list[Chart]:
    base, colour = alt.Chart(data(rows)), look().fill("disengage")
    return [
        base.mark_area(color=colour, opacity=0.22, interpolate="monotone").encode(x, y, alt.Y2("high90:Q")),
        base.mark_area(color=colour, opacity=0.4, interpolate="monotone").encode(
            x, of_field(y, "low50"), alt.Y2("high50:Q")
        ),
        base.mark_line(color=look().ink, strokeWidth=2, interpolate="monotone").encode(x, of_field(y, "median")),
        base.mark_line(color=look().muted, strokeWidth=1.5, strokeDash=[5, 4], interpolate="monotone").encode(
            x, of_field(y, "people")
        ),
    ]


def _as_of(scores: Scores, x: alt.X) -> Chart:
    return alt.Chart(data([{"date": scores.run.as_of.isoformat()}])).mark_rule(color=look().muted).encode(x)


def _counts(one: CountryForecast, x: alt.X, y: alt.Y) -> list[Chart]:
    ink, red = look().ink, look().text("dispatch")
    rows = [
        {
            "date": count.date.isoformat(),
            "count": shown_count(count.value),
            "fill": look().paper if count.inside90 is None else ink if count.inside90 else red,
            "stroke": red if count.inside90 is False else ink,
        }
        for count in one.counts
    ]
    mark = alt.Chart(data(rows)).mark_point(shape="circle", size=55, opacity=1, strokeWidth=1.5)
    return [
        mark.encode(
            x,
            of_field(y, "count"),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("stroke:N", scale=None),
        )
    ]
