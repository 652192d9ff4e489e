"""Writes the country outlines for maps, from Natural Earth's 1:110m countries (public domain).

    python scripts/make_outline.py --reference DIR [--out FILE]

Rings are simplified (Douglas and Peucker 1973) to a tolerance of 0.2 degrees and rounded to hundredths; rings with
fewer than three corners left are dropped. Coordinates are whole hundredths of a degree, longitude first, by ISO code.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path

from afterfall.importers.natural_earth import Point, read_countries

OUT = Path(__file__).parent.parent / "src/afterfall/report/forecast/outline.json"
TOLERANCE = 0.2


def simplified(points: Sequence[Point], tolerance: float) -> list[Point]:
    """The points of a line whose polygon stays within a tolerance of it."""
    if len(points) < 3:
        return list(points)
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = math.hypot(x2 - x1, y2 - y1)
    far, index = 0.0, 0
    for i, (x, y) in enumerate(points[1:-1], 1):
        off = abs((y2 - y1) * x - (x2 - x1) * y + x2 * y1 - y2 * x1)
        away = off / length if length else math.hypot(x - x1, y - y1)
        if away > far:
            far, index = away, i
    if far <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[: index + 1], tolerance)[:-1] + simplified(points[index:], tolerance)


def main() -> None:
    """Write the outlines and print how many."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reference", type=Path, required=True, help="folder of reference tables")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write")
    asked = parser.parse_args()
    outlines: dict[str, list[list[int]]] = {}
    for country in sorted(read_countries(asked.reference / "geo"), key=lambda c: (c.code, c.rings)):
        kept = [simplified(ring, TOLERANCE) for ring in country.rings]
        flat = [[round(100 * c) for point in ring for c in point] for ring in kept if len(ring) > 3]
        if flat:
            outlines[country.code] = flat
    asked.out.write_text(json.dumps(outlines, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(outlines)} countries, {asked.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
