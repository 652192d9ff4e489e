"""A map of where the core and its successor organisations are strong at one month, in classes.

Where an organisation of the core stood at the as-of date, colour is the class of the median strength; it is hatched
where the 90 % interval reaches over three classes or more, so that no single class describes it. Where there was none
(dashed), colour is the class of the chance that one is founded. The theatre's countries share the core's own strength.
Outlines are Natural Earth's 1:110m, simplified; the projection is plain, with degrees of longitude shortened by the
middle latitude. A country that spans a quarter of the globe does not set the frame.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from afterfall.report.forecast.outlook import Outlook
from afterfall.report.kit.number_formats import chance, day, median_range
from afterfall.report.kit.spread import Range
from afterfall.report.kit.stamp import GROUPS_ONLY
from afterfall.report.kit.svg import document, hatch, rectangle, text
from afterfall.report.kit.theme import look

#: People from which each class begins, and its words; its colour is the theme's.
CLASSES = (
    (0.0, "fewer than 10"),
    (10.0, "10 to 99"),
    (100.0, "100 to 999"),
    (1000.0, "1,000 to 9,999"),
    (10_000.0, "10,000 or more"),
)
#: Chance from which each class of a founding begins, and its words.
CHANCES = ((0.0, "under 10%"), (0.1, "10 to 25%"), (0.25, "25 to 50%"), (0.5, "50% or more"))
#: An interval that reaches over more classes than this has no class of its own.
WIDEST_CLASSES = 2
WIDTH, TOP, BOTTOM, MARGIN_DEGREES, TALLEST = 980.0, 100.0, 146.0, 4.0, 560.0
WIDEST_DEGREES = 90.0
#: Where a label may stand when its country's middle is taken, pixels from it.
TRIED = ((0, 0), (0, -15), (0, 15), (46, 0), (-46, 0), (46, 15), (-46, 15), (46, -15), (-46, -15), (0, 30), (0, -30))
Ring = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class MappedPlace:
    """A country on the map: its strength, the chance of a founding where nothing stood yet, and the words on it."""

    strength: Range
    new: bool
    words: str
    reached: float = 1.0


@cache
def outlines() -> dict[str, tuple[Ring, ...]]:
    """Rings of every country, degrees, longitude and latitude in turn."""
    raw = json.loads(resources.files("afterfall.report.forecast").joinpath("outline.json").read_text(encoding="utf-8"))
    return {code: tuple(tuple(c / 100.0 for c in ring) for ring in rings) for code, rings in raw.items()}


def class_of(people: float) -> int:
    """Index of the class of a strength."""
    return max(i for i, (least, _) in enumerate(CLASSES) if people >= least)


def chance_class(probability: float) -> int:
    """Index of the class of a chance."""
    return max(i for i, (least, _) in enumerate(CHANCES) if probability >= least)


def too_wide(strength: Range) -> bool:
    """Whether a 90 % interval reaches over too many classes to be shown as one."""
    return class_of(strength.high90) - class_of(strength.low90) >= WIDEST_CLASSES


def can_map(outlook: Outlook) -> bool:
    """Whether any place of an outlook is on the map (a made-up case has none)."""
    return outlook.organisations is not None and any(p.code in outlines() for p in outlook.organisations.places)


def spread_map(outlook: Outlook, theatre: Sequence[str]) -> str:
    """The map as the text of an SVG file; `theatre` are the codes of its countries."""
    shown = _shown(outlook, theatre)
    frame = _Frame.around([code for code in shown if code in outlines() and width(code) < WIDEST_DEGREES])
    body = [_land(frame), *(_country(frame, code, one) for code, one in shown.items() if code in outlines())]
    body += _labels(frame, {code: one for code, one in shown.items() if code in outlines()})
    height = TOP + frame.height + BOTTOM
    clip = f'<clipPath id="view"><rect x="0" y="{TOP:.0f}" width="{WIDTH:.0f}" height="{frame.height:.0f}"/></clipPath>'
    inner = ['<g clip-path="url(#view)">', *body, "</g>", _legend(TOP + frame.height + 22)]
    subtitle = [
        "Green: class of the median number of locals and foreign fighters; hatched where the 90% interval reaches over "
        "three classes.",
        "Brown, dashed: no organisation of the core there on the as-of date; class of the chance of one by then.",
    ]
    foot = [
        *_outside(outlook, frame),
        f"{outlook.stamp.source_line()} · outlines: Natural Earth",
        f"{outlook.stamp.basis} {GROUPS_ONLY} Borders as drawn imply no judgement.",
    ]
    return document(WIDTH, height, _title(outlook), subtitle, foot, inner, hatch() + clip)


def _outside(outlook: Outlook, frame: _Frame) -> list[str]:
    """A line on the places that cannot be seen: those without an outline, or with their middle out of the frame."""
    assert outlook.organisations is not None, "asked of an outlook with places"
    hidden = []
    for place in outlook.organisations.places:
        if place.code not in outlines() or not frame.holds(*centre(place.code)):
            strength = median_range(place.strength.median, place.strength.low90, place.strength.high90)
            likely = f"a founding in {chance(place.reached, outlook.stamp.trajectories)}"
            hidden.append(f"{place.label}, {likely if place.new else strength}")
    return [f"Not in the frame: {'; '.join(hidden)}."] if hidden else []


def _title(outlook: Outlook) -> str:
    assert outlook.organisations is not None, "asked of an outlook with places"
    named = [p for p in outlook.organisations.places if p.code in outlines()]
    old = [p for p in named if not p.new]
    likely = sum(p.reached >= CHANCES[-1][0] for p in named if p.new)
    new = len(named) - len(old)
    parts = [f"a founding is likelier than not in {likely or 'none'} of {new} new places"] if new else []
    wide = sum(too_wide(p.strength) for p in old)
    parts += [f"{wide} of {len(old)} others too wide to class"] if old else []
    return f"{day(outlook.at_date)}: {'; '.join(parts)}"


def _shown(outlook: Outlook, theatre: Sequence[str]) -> dict[str, MappedPlace]:
    assert outlook.organisations is not None, "asked of an outlook with places"
    core = next(o for o in outlook.organisations.organisations if o.kind == "core")
    shown = {code: MappedPlace(core.then, False, "core") for code in theatre}
    trajectories = outlook.stamp.trajectories
    for place in outlook.organisations.places:
        words = chance(place.reached, trajectories).replace(" in 100", "%") if place.new else ""
        shown.setdefault(place.code, MappedPlace(place.strength, place.new, words, place.reached))
    return shown


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of the earth shown, and how degrees become pixels."""

    west: float
    north: float
    per_degree: float
    shorten: float
    height: float

    @classmethod
    def around(cls, codes: Sequence[str]) -> _Frame:
        """Around the middles of countries, with a margin."""
        centres = [centre(code) for code in codes]
        west, east = min(x for x, _ in centres) - 2 * MARGIN_DEGREES, max(x for x, _ in centres) + 2 * MARGIN_DEGREES
        south, north = min(y for _, y in centres) - MARGIN_DEGREES, max(y for _, y in centres) + MARGIN_DEGREES
        shorten = math.cos(math.radians((south + north) / 2.0))
        per_degree = WIDTH / ((east - west) * shorten)
        if (north - south) * per_degree > TALLEST:
            per_degree = TALLEST / (north - south)
            spare = WIDTH / (per_degree * shorten) - (east - west)
            west -= spare / 2.0
        return cls(west, north, per_degree, shorten, (north - south) * per_degree)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixels of a point."""
        x = (longitude - self.west) * self.shorten * self.per_degree
        return x, TOP + (self.north - latitude) * self.per_degree

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point is in the picture."""
        x, y = self.at(longitude, latitude)
        return 0.0 <= x <= WIDTH and TOP <= y <= TOP + self.height

    def path(self, rings: Sequence[Ring]) -> str:
        """Path data of rings."""
        return " ".join(
            "M" + " L".join("{:.1f},{:.1f}".format(*self.at(x, y)) for x, y in zip(r[::2], r[1::2], strict=True)) + "Z"
            for r in rings
        )


def centre(code: str) -> tuple[float, float]:
    """Middle of a country's largest ring, by the area it encloses."""
    ring = max(outlines()[code], key=lambda r: abs(_moments(r)[0]))
    area, x, y = _moments(ring)
    return x / area, y / area


def width(code: str) -> float:
    """Degrees of longitude that a country spans."""
    longitudes = [x for ring in outlines()[code] for x in ring[::2]]
    return max(longitudes) - min(longitudes)


def _moments(ring: Ring) -> tuple[float, float, float]:
    """Twice the signed area of a ring times three, and its moments: their quotients are the centroid."""
    points = list(zip(ring[::2], ring[1::2], strict=True))
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + 3.0 * cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return area, x, y


def _land(frame: _Frame) -> str:
    paths = " ".join(frame.path(rings) for rings in outlines().values())
    return (
        rectangle(0, TOP, WIDTH, frame.height, look().paper)
        + f'<path d="{paths}" fill="{look().backdrop}" stroke="{look().rim}" stroke-width="0.6"/>'
    )


def _country(frame: _Frame, code: str, one: MappedPlace) -> str:
    path = frame.path(outlines()[code])
    dash = ' stroke-dasharray="4 3"' if one.new else ""
    fill = look().founding[chance_class(one.reached)] if one.new else look().strength[class_of(one.strength.median)]
    drawn = f'<path d="{path}" fill="{fill}" stroke="{look().ink}" stroke-width="1"{dash}/>'
    hatched = not one.new and too_wide(one.strength)
    return drawn + (f'<path d="{path}" fill="url(#hatch)"/>' if hatched else "")


def _labels(frame: _Frame, shown: Mapping[str, MappedPlace]) -> list[str]:
    """A label a country, at its middle or the first free place near it."""
    taken: list[tuple[float, float, float]] = []
    out = []
    for code, one in shown.items():
        x, y = frame.at(*centre(code))
        words = f"{code} {one.words}".strip()
        half = 3.6 * len(words)
        at = [(x + dx, y + dy) for dx, dy in TRIED]
        x, y = next((p for p in at if _free(p, half, taken)), at[0])
        taken.append((x, y, half))
        out.append(rectangle(x - half, y - 8, 2 * half, 15, look().paper, round_=3, opacity=0.82))
        out.append(text(x, y + 4, words, 11, anchor="middle", bold=not one.new))
    return out


def _free(at: tuple[float, float], half: float, taken: Sequence[tuple[float, float, float]]) -> bool:
    return all(abs(at[0] - x) > half + other or abs(at[1] - y) > 14 for x, y, other in taken)


def _legend(y: float) -> str:
    people = [*zip((words for _, words in CLASSES), look().strength, strict=True), ("too wide to class", "url(#hatch)")]
    chances = list(zip((words for _, words in CHANCES), look().founding, strict=True))
    return _swatches(y, "people", people) + _swatches(y + 22, "chance of a founding", chances)


def _swatches(y: float, heading: str, rows: Sequence[tuple[str, str]]) -> str:
    parts = [text(24, y + 11, heading, 11, look().muted)]
    x = 150.0
    for words, colour in rows:
        parts += [rectangle(x, y, 22, 14, colour, rim=look().rim), text(x + 28, y + 11, words, 11)]
        x += 46.0 + 6.2 * len(words)
    return "".join(parts)
