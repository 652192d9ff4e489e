"""Words on curves: a label goes where it covers nothing, or is left out and stays in the hover text.

For each curve, points along it are tried from the middle outwards; the first at which the label covers no box and no
other label is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from afterfall.report.model.diagram_layout import Box

#: Size of a letter of a label, in pixels.
LETTER_WIDTH, LETTER_HEIGHT = 5.1, 12.0
#: Where along a curve a label may stand, the best place first.
TRIED = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8, 0.15, 0.85)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DiagramLabel:
    """Words centred on a point of a curve."""

    text: str
    x: float
    y: float


def place_labels(texts: Sequence[str], paths: Sequence[str], boxes: Sequence[Box]) -> tuple[DiagramLabel | None, ...]:
    """A label for each curve (SVG path data, cubic), None where there is no room; short ones are placed first."""
    taken = list(boxes)
    found: dict[int, DiagramLabel] = {}
    for i in sorted(range(len(texts)), key=lambda i: (len(texts[i]), i)):
        half = len(texts[i]) * LETTER_WIDTH / 2
        for x, y in _points(paths[i]):
            area = Box(x, y, half, LETTER_HEIGHT / 2)
            if not any(_overlap(area, other) for other in taken):
                taken.append(area)
                found[i] = DiagramLabel(texts[i], x, y)
                break
    return tuple(found.get(i) for i in range(len(texts)))


def _overlap(one: Box, other: Box) -> bool:
    return (
        abs(one.x - other.x) < one.half_width + other.half_width + 2
        and abs(one.y - other.y) < one.half_height + other.half_height + 1
    )


def _points(path: str) -> Iterator[Point]:
    """Points of a path at the shares `TRIED` of its segments, taken together."""
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", path)]
    ends = list(zip(numbers[::2], numbers[1::2], strict=True))
    segments = [ends[i : i + 4] for i in range(0, len(ends) - 1, 3)]
    for share in TRIED:
        place = share * len(segments)
        index = min(int(place), len(segments) - 1)
        yield _bezier(segments[index], place - index)


def _bezier(points: Sequence[Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y
