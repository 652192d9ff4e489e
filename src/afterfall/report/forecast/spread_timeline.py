"""The spread over time: one row a place, the chance that an organisation of the core is there by each quarter.

Places are in the order of the chance at the horizon, those that have one already on top. Each cell is a quarter of a
year; the figures at the right are the chance at the horizon and the median strength then.
"""

from __future__ import annotations

import math

from afterfall.model.mechanisms.relocating import ELSEWHERE
from afterfall.report.forecast.organisation_outlook import PlaceOutlook
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.kit.number_formats import chance, interval, two_figures
from afterfall.report.kit.svg import document, text
from afterfall.report.kit.theme import look

ROW, LEFT, RIGHT, TOP, WIDTH = 22.0, 190.0, 260.0, 92.0, 980.0
STEP = 3
#: Chances from which each shade begins.
SHADES = ((0.0, "#f4f6f6"), (0.05, "#dff0ee"), (0.1, "#bfe2de"), (0.2, "#8fcfc8"), (0.35, "#55b3aa"), (0.5, "#1d8a81"))
THERE = "#11655f"


def spread_timeline(outlook: Outlook) -> str:
    """The timeline as the text of an SVG file."""
    assert outlook.shards is not None, "asked of an outlook with places"
    places = sorted(outlook.shards.places, key=lambda p: (p.new, -p.by_month[-1], p.label))
    months = list(range(0, outlook.stamp.horizon + 1, STEP))
    cell = (WIDTH - LEFT - RIGHT) / len(months)
    body = [_row(outlook, p, months, TOP + ROW * i, cell) for i, p in enumerate(places)]
    end = TOP + ROW * len(places)
    body += _axis(outlook, months, end, cell)
    body.append(_legend(end + 34))
    first = next((p for p in places if p.new and p.code != ELSEWHERE), None)
    title = "Every place had an organisation of the core already"
    if first is not None:
        often = chance(first.by_month[-1], outlook.stamp.trajectories)
        within = f"{often} within {outlook.stamp.horizon} months"
        title = f"{first.label} is the likeliest named place for a new offshoot: {within}"
    subtitle = [
        "Chance that an organisation of the core is there by each quarter. At the right: the chance at the horizon; "
        "strength on the date asked for (median, 90% interval)."
    ]
    foot = [outlook.stamp.source_line(), f"{outlook.stamp.basis} About groups, never about persons."]
    return document(WIDTH, end + 104, title, subtitle, foot, "\n".join(body))


def shade(probability: float) -> str:
    """Colour of a chance."""
    return [colour for least, colour in SHADES if probability >= least][-1]


def _row(outlook: Outlook, place: PlaceOutlook, months: list[int], y: float, cell: float) -> str:
    tokens = look()
    parts = [text(LEFT - 10, y + 15, place.label, 12, tokens.ink, anchor="end")]
    for i, month in enumerate(months):
        fill = shade(place.by_month[month]) if place.new else THERE
        parts.append(
            f'<rect x="{LEFT + i * cell:.1f}" y="{y + 2:.1f}" width="{cell - 0.8:.1f}" height="{ROW - 4:.0f}" '
            f'fill="{fill}"/>'
        )
    there = chance(place.by_month[-1], outlook.stamp.trajectories) if place.new else "there already"
    strength = f"{two_figures(place.strength.median)} ({interval(place.strength.low90, place.strength.high90)})"
    x = WIDTH - RIGHT + 12
    parts.append(text(x, y + 15, there, 12, tokens.ink, bold=place.new))
    parts.append(text(x + 110, y + 15, strength, 11, tokens.muted))
    return "".join(parts)


def _axis(outlook: Outlook, months: list[int], y: float, cell: float) -> list[str]:
    """Years along the bottom, at the cell in which each begins."""
    as_of = outlook.stamp.as_of
    parts = []
    for year in range(as_of.year + 1, as_of.year + 2 + math.ceil(months[-1] / 12)):
        month = (year - as_of.year) * 12 - as_of.month + 1
        if month <= months[-1]:
            x = LEFT + month / STEP * cell
            parts.append(
                f'<line x1="{x:.1f}" y1="{TOP:.0f}" x2="{x:.1f}" y2="{y + 4:.1f}" stroke="#1b1f24" opacity=".35"/>'
            )
            parts.append(text(x, y + 17, str(year), 11, look().muted, anchor="middle"))
    return parts


def _legend(y: float) -> str:
    parts = [text(LEFT, y + 11, "chance:", 11, look().muted)]
    x = LEFT + 52
    ends = [least for least, _ in SHADES[1:]] + [None]
    for (least, colour), end in zip(SHADES, ends, strict=True):
        words = f"{100 * least:.0f}–{100 * end:.0f}%" if end is not None else f"{100 * least:.0f}% or more"
        parts.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="22" height="14" fill="{colour}" stroke="#b9c0c6"/>')
        parts.append(text(x + 28, y + 11, words, 11, look().ink))
        x += 50.0 + 6.4 * len(words)
    parts.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="22" height="14" fill="{THERE}"/>')
    parts.append(text(x + 28, y + 11, "there already", 11, look().ink))
    return "".join(parts)
