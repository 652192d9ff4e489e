"""Where the boxes and curves of the state diagram go: pure geometry, in pixels of a 1400-pixel drawing.

Boxes stand in columns by stage of a life. A curve leaves the right side of a box and enters the left side of the next;
where it has to pass a column of other boxes it takes the nearest gap. When every family of a stage of three or more
has a move to the same place, one curve leaves the frame around that stage for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from afterfall.report.model.state_families import Family, Link

WIDTH, HEIGHT = 1400.0, 860.0
BOX_WIDTH, BOX_HEIGHT = 168.0, 62.0
FRAME_PAD = 20.0
GAP_MARGIN = 12.0
#: Heights of the highest and the lowest box centre.
TOP, BOTTOM = 135.0, 725.0
LANE = 9.0
#: A stage of fewer families never shares a curve.
SHARED = 3
COLUMN = {"arriving": 0, "dead": 0, "theatre": 1, "moving": 2, "detained": 3, "abroad": 3, "home": 4, "prison": 5}
CENTRES = (104.0, 336.0, 592.0, 834.0, 1076.0, 1296.0)
#: Heights of the centres of the boxes of the families we know; a family not listed takes a gap.
PLACES: Mapping[tuple[str, str], float] = {
    ("arriving", "in_transit"): 250.0,
    ("dead", "killed"): 560.0,
    ("theatre", "unaffiliated"): 180.0,
    ("theatre", "defect"): 310.0,
    ("theatre", "in_ranks"): 440.0,
    ("theatre", "remain"): 570.0,
    ("moving", "in_transit"): 330.0,
    ("moving", "dispatch"): 670.0,
    ("abroad", "relocate"): 150.0,
    ("abroad", "lying_low"): 300.0,
    ("detained", "detained"): 480.0,
    ("abroad", "imprisoned"): 575.0,
    ("abroad", "dispatch"): 670.0,
    ("home", "disengage"): 230.0,
    ("home", "returned_at_risk"): 430.0,
    ("home", "dispatch"): 670.0,
    ("prison", "imprisoned"): 330.0,
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its centre and its half sizes."""

    x: float
    y: float
    half_width: float = BOX_WIDTH / 2
    half_height: float = BOX_HEIGHT / 2

    @property
    def left(self) -> float:
        """Where the left side is."""
        return self.x - self.half_width

    @property
    def right(self) -> float:
        """Where the right side is."""
        return self.x + self.half_width


#: The box a curve leaves and the side it leaves from, the box it enters and the side it enters by.
Ends = tuple[Box, str, Box, str]


@dataclass(frozen=True, slots=True)
class Route:
    """A curve to draw: from a family, or from the frame of a stage (`frame`), to a family."""

    source: int
    dest: int
    back: bool
    frame: str
    labels: tuple[str, ...]


def boxes(families: Sequence[Family]) -> tuple[Box, ...]:
    """A box a family: the known ones at their places, the others in the highest gap of their column that has room."""
    placed = {f: Box(CENTRES[_column(f)], y) for f in families if (y := PLACES.get((f.stage, f.fate))) is not None}
    for family in families:
        if family not in placed:
            x = CENTRES[_column(family)]
            placed[family] = Box(x, _free([b.y for b in placed.values() if b.x == x]))
    return tuple(placed[family] for family in families)


def _column(family: Family) -> int:
    return COLUMN.get(family.stage, len(CENTRES) - 1)


def _free(taken: Sequence[float]) -> float:
    """Height of the highest place for a box between those taken; the lowest row of all when the column is full."""
    apart = BOX_HEIGHT + 2 * GAP_MARGIN
    rows = (TOP + step for step in range(0, int(BOTTOM - TOP) + 1, 5))
    return next((y for y in rows if all(abs(y - other) >= apart for other in taken)), BOTTOM)


def frame(families: Sequence[Family], placed: Sequence[Box], stage: str) -> Box:
    """The rectangle around all boxes of a stage."""
    own = [box for family, box in zip(families, placed, strict=True) if family.stage == stage]
    top, bottom = min(b.y - b.half_height for b in own), max(b.y + b.half_height for b in own)
    return Box(own[0].x, (top + bottom) / 2, own[0].half_width + FRAME_PAD, (bottom - top) / 2 + FRAME_PAD + 6)


def routes(families: Sequence[Family], links: Sequence[Link]) -> tuple[Route, ...]:
    """Links as curves, those that all families of a stage have in common gathered into one."""
    size = Counter(family.stage for family in families)
    together: dict[tuple[str, int], list[Link]] = {}
    for link in links:
        together.setdefault((families[link.source].stage, link.dest), []).append(link)
    result = []
    for (stage, dest), own in together.items():
        if len(own) == size[stage] >= SHARED and families[dest].stage != stage:
            result.append(Route(own[0].source, dest, own[0].back, stage, own[0].labels))
        else:
            result += [Route(link.source, dest, link.back, "", link.labels) for link in own]
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Port:
    """One end of a curve on the side of a box: which curve, which end, and what it should be sorted by."""

    route: int
    end: str
    towards: float


def curves(families: Sequence[Family], placed: Sequence[Box], drawn: Sequence[Route]) -> tuple[str, ...]:
    """SVG path data of each route, its ends spread along the sides of the boxes so that few curves cross."""
    ends = [_ends(families, placed, route) for route in drawn]
    heights = _heights(ends)
    used: dict[tuple[int, int], int] = {}
    paths = []
    for i, (source, source_side, dest, dest_side) in enumerate(ends):
        start = (source.right if source_side == "right" else source.left, heights[i, "source"])
        stop = (dest.right if dest_side == "right" else dest.left, heights[i, "dest"])
        paths.append(_path(start, stop, source_side, dest_side, placed, used))
    return tuple(paths)


def _heights(ends: Sequence[Ends]) -> dict[tuple[int, str], float]:
    """Heights at which the curves leave and arrive, in the order of where they come from or go to."""
    ports: dict[tuple[Box, str], list[Port]] = {}
    for i, (source, source_side, dest, dest_side) in enumerate(ends):
        ports.setdefault((source, source_side), []).append(Port(i, "source", dest.y))
        ports.setdefault((dest, dest_side), []).append(Port(i, "dest", source.y))
    heights: dict[tuple[int, str], float] = {}
    for (box, _), own in ports.items():
        room = _room(box, len(own))
        for rank, port in enumerate(sorted(own, key=lambda p: (p.towards, p.route))):
            offset = 0.0 if len(own) == 1 else room * (rank / (len(own) - 1) - 0.5)
            heights[port.route, port.end] = box.y + offset
    return heights


def _room(box: Box, ends: int) -> float:
    """Length of a side that so many ends share: little of a box, most of a frame."""
    side = 2 * box.half_height
    return side - 150.0 if side > 3 * BOX_HEIGHT else min(side - 16.0, 11.0 * (ends - 1))


def _ends(families: Sequence[Family], placed: Sequence[Box], route: Route) -> Ends:
    source = frame(families, placed, route.frame) if route.frame else placed[route.source]
    dest = placed[route.dest]
    if abs(source.x - dest.x) < 1.0:
        side = "left" if route.back or abs(source.y - dest.y) > 200 else "right"
        return source, side, dest, side
    return (source, "right", dest, "left") if source.x < dest.x else (source, "left", dest, "right")


def _path(
    start: tuple[float, float],
    stop: tuple[float, float],
    source_side: str,
    dest_side: str,
    placed: Sequence[Box],
    used: dict[tuple[int, int], int],
) -> str:
    if source_side == dest_side:
        bulge = (1 if source_side == "right" else -1) * (26.0 + 0.09 * abs(stop[1] - start[1]))
        (x0, y0), (x1, y1) = start, stop
        return f"M{x0:.1f},{y0:.1f} C{x0 + bulge:.1f},{y0:.1f} {x1 + bulge:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    points = [start, *_waypoints(start, stop, placed, used), stop]
    parts = [f"M{start[0]:.1f},{start[1]:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        parts.append(f"C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f}")
    return " ".join(parts)


def _waypoints(
    start: tuple[float, float], stop: tuple[float, float], placed: Sequence[Box], used: dict[tuple[int, int], int]
) -> list[tuple[float, float]]:
    """Points that lead a curve through the gaps of the columns between its ends."""
    low, high = sorted((start[0], stop[0]))
    passed = [i for i, x in enumerate(CENTRES) if low < x - BOX_WIDTH / 2 and x + BOX_WIDTH / 2 < high]
    points: list[tuple[float, float]] = []
    for column in passed if start[0] < stop[0] else reversed(passed):
        centre = CENTRES[column]
        wanted = start[1] + (stop[1] - start[1]) * (centre - start[0]) / (stop[0] - start[0])
        gap, y = _nearest_gap([b for b in placed if b.x == centre], wanted)
        lane = used[column, gap] = used.get((column, gap), -1) + 1
        y += LANE * ((lane + 1) // 2) * (1 if lane % 2 else -1)
        side = BOX_WIDTH / 2 if start[0] < stop[0] else -BOX_WIDTH / 2
        points += [(centre - side, y), (centre + side, y)]
    return points


def _nearest_gap(column: Sequence[Box], wanted: float) -> tuple[int, float]:
    """The gap of a column nearest to a height: its number from the top, and the height to pass at."""
    edges = [
        0.0,
        *(e for b in sorted(column, key=lambda b: b.y) for e in (b.y - b.half_height, b.y + b.half_height)),
        HEIGHT,
    ]
    gaps = [(edges[i] + GAP_MARGIN, edges[i + 1] - GAP_MARGIN) for i in range(0, len(edges), 2)]
    clamped = [(i, min(max(wanted, low), high)) for i, (low, high) in enumerate(gaps) if high >= low]
    return min(clamped, key=lambda c: abs(c[1] - wanted))
