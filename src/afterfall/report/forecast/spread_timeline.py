"""The spread over time: one row a place, the chance that an organisation of the core is there in each quarter.

Places that have one on the as-of date are on top, with the chance that it has not ended; those at risk of a first
founding follow, with the chance of one by then. Each cell is a quarter of a year; the figures at the right are the
chance at the horizon and the median strength on the date asked for.
"""

from __future__ import annotations

import math

from afterfall.model.mechanisms.relocating import ELSEWHERE
from afterfall.report.forecast.organisation_outlook import PlaceOutlook
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.kit.number_formats import chance, median_range
from afterfall.report.kit.spread import Range
from afterfall.report.kit.svg import document, line, rectangle, text
from afterfall.report.kit.theme import look

ROW, LEFT, RIGHT, TOP, WIDTH = 22.0, 190.0, 260.0, 92.0, 980.0
STEP = 3
#: Chances from which each shade begins; the theme has a colour for each, and one for the mark "there now".
SHADES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5)


def spread_timeline(outlook: Outlook) -> str:
    """The timeline as the text of an SVG file."""
    assert outlook.organisations is not None, "asked of an outlook with places"
    found = [*outlook.organisations.places, *_at_risk(outlook)]
    places = sorted(found, key=lambda p: (p.new, -_chances(p)[-1], p.label))
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
        title = f"{first.label} is the likeliest place for a first presence: {within}"
    subtitle = [
        "Marked: an organisation of the core is there on the as-of date; chance that it still exists in each quarter. "
        "Others: chance of a first presence by then.",
        "At the right: the chance at the horizon; strength on the date asked for (median, 90% interval).",
    ]
    return document(WIDTH, end + 104, title, subtitle, outlook.stamp.foot(), body)


def _at_risk(outlook: Outlook) -> list[PlaceOutlook]:
    """The likeliest countries for a first presence; their strength is not known."""
    if outlook.foundings is None:
        return []
    nan, none = math.nan, Range(math.nan, math.nan, math.nan)
    listed = [c for c in outlook.foundings.listed if c.at_risk]
    return [
        PlaceOutlook(
            code=c.code,
            label=c.name,
            new=True,
            reached=c.by_month[outlook.at],
            founded_month=math.inf,
            strength=none,
            foreigners=none,
            doubled=nan,
            halved=nan,
            by_month=c.by_month,
            there=c.by_month[outlook.at],
            there_by_month=c.by_month,
        )
        for c in listed
    ]


def _chances(place: PlaceOutlook) -> tuple[float, ...]:
    """By month: that the organisation which is there still exists, or that one has been founded."""
    return place.by_month if place.new else place.there_by_month


def shade(probability: float) -> str:
    """Colour of a chance."""
    return look().reached[sum(probability >= least for least in SHADES) - 1]


def _row(outlook: Outlook, place: PlaceOutlook, months: list[int], y: float, cell: float) -> str:
    parts = [text(LEFT - 20, y + 15, place.label, 12, anchor="end")]
    if not place.new:
        parts.append(rectangle(LEFT - 14, y + 6, 9, 9, look().there))
    for i, month in enumerate(months):
        parts.append(rectangle(LEFT + i * cell, y + 2, cell - 0.8, ROW - 4, shade(_chances(place)[month])))
    there = chance(_chances(place)[-1], outlook.stamp.trajectories)
    strength = median_range(place.strength.median, place.strength.low90, place.strength.high90)
    x = WIDTH - RIGHT + 12
    parts.append(text(x, y + 15, there, 12, bold=place.new))
    if math.isfinite(place.strength.median):
        parts.append(text(x + 110, y + 15, strength, 11, look().muted))
    return "".join(parts)


def _axis(outlook: Outlook, months: list[int], y: float, cell: float) -> list[str]:
    """Years along the bottom, at the cell in which each begins."""
    as_of = outlook.stamp.as_of
    parts = []
    for year in range(as_of.year + 1, as_of.year + 2 + math.ceil(months[-1] / 12)):
        month = (year - as_of.year) * 12 - as_of.month + 1
        if month <= months[-1]:
            x = LEFT + month / STEP * cell
            parts.append(line((x, TOP), (x, y + 4), look().ink, opacity=0.35))
            parts.append(text(x, y + 17, str(year), 11, look().muted, anchor="middle"))
    return parts


def _legend(y: float) -> str:
    parts = [text(LEFT, y + 11, "chance:", 11, look().muted)]
    x = LEFT + 52
    for least, end, colour in zip(SHADES, (*SHADES[1:], None), look().reached, strict=True):
        words = f"{100 * least:.0f}–{100 * end:.0f}%" if end is not None else f"{100 * least:.0f}% or more"
        parts += [rectangle(x, y, 22, 14, colour, rim=look().rim), text(x + 28, y + 11, words, 11)]
        x += 50.0 + 6.4 * len(words)
    parts += [rectangle(x, y + 3, 9, 9, look().there), text(x + 15, y + 11, "there on the as-of date", 11)]
    return "".join(parts)
