"""The picture of people there: in the theatre, held by each custodian, and born in the theatre, over time.

Small multiples in the grammar of `forecast_charts.fans`: a median with a 50 % and a 90 % band. Custodians share one
axis, so that their sizes compare; the others have their own.
"""

from __future__ import annotations

import altair as alt

from afterfall.report.forecast.custody_outlook import ALL_HELD, BORN, THERE, custodian_name
from afterfall.report.forecast.forecast_charts import axis_end, fan_panel
from afterfall.report.forecast.outlook import Outlook, OutlookLine
from afterfall.report.kit.chart_frame import Chart, framed
from afterfall.report.kit.number_formats import day, interval, median_range, month_year, two_figures
from afterfall.report.kit.theme import look
from afterfall.run import add_months

#: Title of a panel that is no custodian.
TITLES = {THERE: "In the theatre, held or at large", BORN: "Born in the theatre"}


def can_draw_custody(outlook: Outlook) -> bool:
    """Whether the run counts people held by custodian."""
    return any(line.code not in TITLES for line in outlook.there) and any(f.code == ALL_HELD for f in outlook.fates)


def custody_over_time(outlook: Outlook) -> Chart:
    """Fans of the people in the theatre, held by each custodian and born, on the months that the run records."""
    held = [line for line in outlook.there if line.code not in TITLES]
    shared = axis_end(max(float(line.fan[-1].max()) for line in held))
    panels = [
        _panel(outlook, line, axis_end(float(line.fan[-1].max())) if line.code in TITLES else shared)
        for line in outlook.there
    ]
    end = month_year(add_months(outlook.stamp.as_of, outlook.stamp.horizon))
    late = any(line.code == ALL_HELD and line.hindsight for line in outlook.fates)
    later = " Who is held rests on structure known only from hindsight." if late else ""
    subtitle = [
        f"People by month from {day(outlook.stamp.as_of)}. Line: median; dark band: 50% of simulations; light band: "
        "90%.",
        f"Custodians share one vertical axis. At the right: median and 90% range at the horizon, {end}." + later,
    ]
    return framed(
        alt.concat(*panels, columns=3 if len(panels) <= 6 else 4, spacing={"row": 26, "column": 34}),
        _finding(outlook),
        subtitle,
        outlook.stamp.foot(),
    )


def _panel(outlook: Outlook, line: OutlookLine, top: float) -> Chart:
    plain = {THERE: (look().strength[3], look().strength[4]), BORN: (look().link, look().link)}
    colours = plain.get(line.code, (look().other_fill, look().other_text))
    title = alt.TitleParams(
        TITLES.get(line.code, f"Held: {custodian_name(line.label)}"),
        anchor="start",
        fontSize=13,
        color=colours[1],
        offset=8,
    )
    return fan_panel(outlook, line, top, title, colours)


def _finding(outlook: Outlook) -> str:
    """How many are held at the as-of date and at the month asked for."""
    line = next(one for one in outlook.fates if one.code == ALL_HELD)
    now, then = (median_range(s.median, s.low90, s.high90) for s in (line.now, line.then))
    place = f"{outlook.country_name}: " if outlook.country else ""
    return f"{place}{now} people are held in or near the theatre now, {then} in {month_year(outlook.at_date)}"


def custody_words(outlook: Outlook) -> str:
    """What the picture shows, with its numbers at the horizon, for readers who cannot see it."""
    parts = "; ".join(
        f"{TITLES.get(line.code, line.label)}: median {two_figures(float(line.fan[2, -1]))}, 90% "
        f"{interval(float(line.fan[0, -1]), float(line.fan[4, -1]))}"
        for line in outlook.there
    )
    return f"People in the theatre and held, {outlook.country_name or 'the world'}, by month. At the horizon: {parts}."
