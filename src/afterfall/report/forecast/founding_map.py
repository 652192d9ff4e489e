"""A map of the world: the probability of a first presence by the core's family in every country at risk.

Colour is the class of the mean probability within the last of the months shown; hatched where its 90 % interval
reaches over all classes, so that the class says little. Countries where the family has been already have a colour of
their own. Outlines are Natural Earth's 1:110m; the projection is Natural Earth (Savric, Jenny, Patterson, Petrovic and
Hurni 2011, doi:10.3138/carto.46.3.184 describes it; polynomials as published there).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from afterfall.report.forecast.foundings_outlook import FoundingCountry, FoundingsOutlook
from afterfall.report.forecast.foundings_tables import FAMILIES, shown_chance
from afterfall.report.forecast.spread_map import Ring, centre, outlines
from afterfall.report.kit.number_formats import median_range
from afterfall.report.kit.stamp import GROUPS_ONLY, Stamp
from afterfall.report.kit.svg import document, hatch, rectangle, text
from afterfall.report.kit.theme import look

#: Probability from which each class begins, and its words; its colour is the theme's.
CLASSES_OF_CHANCE = ((0.0, "under 2%"), (0.02, "2 to 10%"), (0.1, "10 to 30%"), (0.3, "30% or more"))
WIDTH, TOP, BOTTOM = 980.0, 96.0, 104.0
#: Degrees of latitude shown.
SOUTH, NORTH = -56.0, 78.0
#: Countries labelled with their probability.
LABELLED = 15
#: Pixels from a country's middle at which its label may stand.
TRIED_ROWS = (0, 12, -12, 24, -24, 36, -36)
X_TERMS = ((0, 0.8707), (2, -0.131979), (4, -0.013791), (10, 0.003971), (12, -0.001529))
Y_TERMS = ((1, 1.007226), (3, 0.015085), (7, -0.044475), (9, 0.028874), (11, -0.005916))


def founding_map(found: FoundingsOutlook, stamp: Stamp) -> str:
    """The map as the text of an SVG file."""
    shown = {c.code: c for c in found.countries if c.code in outlines()}
    height = _y(SOUTH) - TOP
    body = ['<g clip-path="url(#view)">', rectangle(0, TOP, WIDTH, height, look().paper)]
    body += [_country(rings, shown.get(code)) for code, rings in outlines().items()]
    labelled = [c for c in found.listed if c.at_risk and c.code in shown][:LABELLED]
    body += ["</g>", *_labels(labelled), _legend(TOP + height + 14)]
    clip = f'<clipPath id="view"><rect x="0" y="{TOP:.0f}" width="{WIDTH:.0f}" height="{height:.0f}"/></clipPath>'
    total = found.total("presence", found.months[-1])
    spread = median_range(total.number.median, total.number.low90, total.number.high90)
    title = f"First presences by {FAMILIES[found.family]} within {found.months[-1]} months: {spread} countries"
    subtitle = [
        f"Probability of a first presence in each of {found.at_risk} countries at risk. "
        "Hatched: the 90% interval reaches over all four classes."
    ]
    foot = [
        f"{stamp.source_line()} · outlines: Natural Earth",
        f"{stamp.basis} {GROUPS_ONLY} Borders as drawn imply no judgement.",
    ]
    return document(WIDTH, TOP + height + BOTTOM, title, subtitle, foot, body, hatch() + clip)


def class_of_chance(probability: float) -> int:
    """Index of the class of a probability.

    >>> class_of_chance(0.0), class_of_chance(0.31)
    (0, 3)
    """
    return max(i for i, (least, _) in enumerate(CLASSES_OF_CHANCE) if probability >= least)


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """A point of the earth in units of its radius (Natural Earth projection), degrees given.

    >>> project(0.0, 0.0)
    (0.0, 0.0)
    """
    phi = math.radians(latitude)
    x = sum(k * phi**n for n, k in X_TERMS)
    return math.radians(longitude) * x, sum(k * phi**n for n, k in Y_TERMS)


def _at(longitude: float, latitude: float) -> tuple[float, float]:
    x, _ = project(longitude, latitude)
    return WIDTH / 2 + x * _scale(), _y(latitude)


def _y(latitude: float) -> float:
    return TOP + (project(0.0, NORTH)[1] - project(0.0, latitude)[1]) * _scale()


def _scale() -> float:
    return WIDTH / (2 * project(180.0, 0.0)[0])


def _country(rings: Sequence[Ring], one: FoundingCountry | None) -> str:
    path = " ".join(
        "M" + " L".join("{:.1f},{:.1f}".format(*_at(x, y)) for x, y in zip(r[::2], r[1::2], strict=True)) + "Z"
        for r in rings
    )
    if one is None:
        fill = look().backdrop
    else:
        fill = look().founding[class_of_chance(one.within[-1])] if one.at_risk else look().there
    drawn = f'<path d="{path}" fill="{fill}" stroke="{look().rim}" stroke-width="0.6"/>'
    wide = one is not None and one.at_risk and _spans(one)
    return drawn + (f'<path d="{path}" fill="url(#hatch)"/>' if wide else "")


def _spans(one: FoundingCountry) -> bool:
    low, high = class_of_chance(one.last.low90), class_of_chance(one.last.high90)
    return high - low >= len(CLASSES_OF_CHANCE) - 1


def _labels(labelled: Sequence[FoundingCountry]) -> list[str]:
    """Code and probability of the likeliest countries, each at the first free place near its middle."""
    taken: list[tuple[float, float]] = []
    out = []
    for one in labelled:
        x, y = _at(*centre(one.code))
        y = next((y + d for d in TRIED_ROWS if _free(x, y + d, taken)), y)
        taken.append((x, y))
        out.append(text(x, y + 4, f"{one.code} {shown_chance(one)}", 10, anchor="middle", bold=True, halo=2.5))
    return out


def _free(x: float, y: float, taken: Sequence[tuple[float, float]]) -> bool:
    return all(abs(y - b) > 11 or abs(x - a) > 62 for a, b in taken)


def _legend(y: float) -> str:
    rows = [*zip((words for _, words in CLASSES_OF_CHANCE), look().founding, strict=True)]
    rows += [("there, or was there before", look().there), ("not among the countries", look().backdrop)]
    parts, x = [text(24, y + 11, "probability", 11, look().muted)], 100.0
    for words, colour in rows:
        parts += [rectangle(x, y, 22, 14, colour, rim=look().rim), text(x + 28, y + 11, words, 11)]
        x += 50.0 + 6.2 * len(words)
    return "".join(parts)
