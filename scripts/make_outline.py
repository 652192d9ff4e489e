"""Writes the outlines of countries that maps are drawn with, from Natural Earth's 1:110m countries (public domain).

    python scripts/make_outline.py --reference DIR [--out FILE]

Rings are simplified (Douglas and Peucker 1973) to a tolerance of a fifth of a degree and rounded to hundredths; rings
that come to less than a triangle are left out. Coordinates are whole hundredths of a degree, longitude first, by ISO
code.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import struct
from pathlib import Path

OUT = Path(__file__).parent.parent / "src/afterfall/report/outline.json"
LAYER, TOLERANCE = "ne_110m_admin_0_countries", 0.2
#: Codes of the layer that are not the ISO ones.
ISO = {"KOS": "XKX", "SDS": "SSD", "SAH": "ESH", "PSX": "PSE"}
Point = tuple[float, float]


def records(dbf: bytes, field: str) -> list[str]:
    """One text field of every record of a dBASE file."""
    number, head, size = struct.unpack("<IHH", dbf[4:12])
    start, where, place = 32, {}, 1
    while dbf[start] != 0x0D:
        name, length = dbf[start : start + 11].split(b"\0")[0].decode(), dbf[start + 16]
        where[name] = (place, length)
        start, place = start + 32, place + length
    at, length = where[field]
    return [dbf[head + i * size + at : head + i * size + at + length].decode("utf-8").strip() for i in range(number)]


def rings(shp: bytes) -> list[list[list[Point]]]:
    """Rings of every polygon of a shapefile."""
    found, at = [], 100
    while at < len(shp):
        size = struct.unpack(">i", shp[at + 4 : at + 8])[0] * 2
        body = shp[at + 8 : at + 8 + size]
        parts, points = struct.unpack("<ii", body[36:44])
        firsts = [*struct.unpack(f"<{parts}i", body[44 : 44 + 4 * parts]), points]
        flat = struct.unpack(f"<{2 * points}d", body[44 + 4 * parts : 44 + 4 * parts + 16 * points])
        every = list(zip(flat[::2], flat[1::2], strict=True))
        found.append([every[a:b] for a, b in itertools.pairwise(firsts)])
        at += 8 + size
    return found


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """The points of a line that keep it within a tolerance of itself."""
    if len(points) < 3:
        return points
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
    folder = asked.reference / "geo"
    codes = records((folder / f"{LAYER}.dbf").read_bytes(), "ADM0_A3")
    shapes = rings((folder / f"{LAYER}.shp").read_bytes())
    outlines: dict[str, list[list[int]]] = {}
    for code, shape in sorted(zip(codes, shapes, strict=True)):
        kept = [simplified(ring, TOLERANCE) for ring in shape]
        flat = [[round(100 * c) for point in ring for c in point] for ring in kept if len(ring) > 3]
        if flat:
            outlines[ISO.get(code, code)] = flat
    asked.out.write_text(json.dumps(outlines, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(outlines)} countries, {asked.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
