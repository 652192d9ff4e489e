"""When strongholds fall: one row a stronghold still held, the 90 % interval of the month of its fall, and its median.

Rows are in the order of the median, the likeliest to fall within the horizon first. An interval that reaches beyond the
horizon is cut there. A filled square after the name marks an announced operation that is under way.
"""

from __future__ import annotations

import math

from afterfall.report.forecast.outlook import Fall, Outlook
from afterfall.report.kit.number_formats import chance
from afterfall.report.kit.svg import document, line, rectangle, text
from afterfall.report.kit.theme import look

ROW, LEFT, RIGHT, TOP, WIDTH = 22.0, 270.0, 150.0, 92.0, 980.0
YEAR = 12


def stronghold_timeline(outlook: Outlook) -> str:
    """The timeline as the text of an SVG file."""
    horizon = outlook.stamp.horizon
    falls = sorted(outlook.falls, key=lambda f: (f.median, -f.within, f.label))
    step = (WIDTH - LEFT - RIGHT) / horizon
    end = TOP + ROW * len(falls)
    body = _axis(outlook, step, end)
    for i, fall in enumerate(falls):
        body += _row(outlook, fall, TOP + ROW * i, step)
    first = falls[0]
    often = chance(first.within, outlook.stamp.trajectories)
    title = f"{first.label} is expected to fall first ({often} simulations within {horizon} months)"
    subtitle = [
        "Month of the fall: bar, 90% interval; tick, median. A bar that reaches the right edge goes on beyond it.",
        "A square marks an announced operation under way. At the right: the chance of a fall within 12 months.",
    ]
    return document(WIDTH, end + 70, title, subtitle, outlook.stamp.foot(), body)


def _row(outlook: Outlook, fall: Fall, y: float, step: float) -> list[str]:
    """Name, bar, median and chance of one stronghold."""
    horizon = outlook.stamp.horizon
    parts = [text(LEFT - 20, y + 15, fall.label.partition(" (last of")[0], 12, anchor="end")]
    if fall.operation:
        parts.append(rectangle(LEFT - 14, y + 6, 9, 9, look().ink))
    if math.isfinite(fall.low90):
        low, high = (min(month, horizon + 0.0) for month in (fall.low90, fall.high90))
        parts.append(rectangle(LEFT + (low - 1) * step, y + 6, (high - low + 1) * step, ROW - 12, look().there))
    if math.isfinite(fall.median):
        x = LEFT + (fall.median - 0.5) * step
        parts.append(line((x, y + 3), (x, y + ROW - 3), look().ink, 2.5))
    within = fall.by.get(YEAR, fall.within)
    parts.append(text(WIDTH - RIGHT + 12, y + 15, chance(within, outlook.stamp.trajectories), 12))
    return parts


def _axis(outlook: Outlook, step: float, y: float) -> list[str]:
    """Years along the bottom, at the month in which each begins."""
    as_of, horizon = outlook.stamp.as_of, outlook.stamp.horizon
    parts = [line((LEFT, y), (LEFT + horizon * step, y), look().rule)]
    for year in range(as_of.year + 1, as_of.year + 2 + math.ceil(horizon / YEAR)):
        month = (year - as_of.year) * YEAR - as_of.month
        if month <= horizon:
            x = LEFT + month * step
            parts.append(line((x, TOP), (x, y + 4), look().ink, opacity=0.35))
            parts.append(text(x, y + 17, str(year), 11, look().muted, anchor="middle"))
    return parts
