"""Country polygons of Natural Earth (public domain), 1:110 million: codes, outlines, land borders.

Reads the attribute table (dBase III) and the shapefile directly; both formats are small and fixed.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LAYER = "ne_110m_admin_0_countries"
#: Natural Earth leaves the code of some countries blank in its first column of codes.
CODE_COLUMNS = ("ISO_A3", "ISO_A3_EH", "ADM0_A3")
#: Codes of the layer that are not ISO 3166-1 alpha-3, and those that stand for none.
CODES = {"KOS": "XKX", "SDS": "SSD", "SAH": "ESH", "PSX": "PSE", "-99": ""}
POLYGON = 5
#: Fewer corners in common than this are a point where three countries meet.
LEAST_CORNERS = 2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CountryShape:
    """A country: ISO 3166-1 alpha-3 code (or the layer's own code), and rings of (longitude, latitude) in degrees."""

    code: str
    rings: tuple[tuple[Point, ...], ...]


def read_countries(folder: Path) -> list[CountryShape]:
    """Every country of the layer in a folder.

    Raises
    ------
    OSError
        If a file cannot be read.
    ValueError
        If a shape is not a polygon, or the two files differ in length.
    """
    codes = _codes((folder / f"{LAYER}.dbf").read_bytes())
    shapes = _polygons((folder / f"{LAYER}.shp").read_bytes())
    return [CountryShape(code, rings) for code, rings in zip(codes, shapes, strict=True)]


def land_borders(countries: Sequence[CountryShape]) -> list[tuple[str, str]]:
    """Pairs of codes of countries with a common land border, each pair once, in alphabetical order.

    Two countries border if their outlines share `LEAST_CORNERS` corners or more: the layer stores the outline of a
    border once and uses it on both sides. Countries too small for its scale have no shape, and so no neighbours.
    """
    corners: dict[str, set[Point]] = {}
    for country in countries:
        rounded = {(round(x, 6), round(y, 6)) for ring in country.rings for x, y in ring}
        corners.setdefault(country.code, set()).update(rounded)
    names = sorted(code for code in corners if code)
    return [pair for pair in itertools.combinations(names, 2) if _shared(corners, *pair) >= LEAST_CORNERS]


def _shared(corners: dict[str, set[Point]], one: str, other: str) -> int:
    return len(corners[one] & corners[other])


def _codes(table: bytes) -> list[str]:
    """One code for each record of the attribute table."""
    n_records, header, length = struct.unpack("<IHH", table[4:12])
    fields: dict[str, tuple[int, int]] = {}
    place, at = 1, 32
    while table[at] != 0x0D:
        name, size = table[at : at + 11].split(b"\0")[0].decode(), table[at + 16]
        fields[name] = (place, size)
        place, at = place + size, at + 32
    records = (table[header + i * length : header + (i + 1) * length] for i in range(n_records))
    return [_code([_cell(record, *fields[name]) for name in CODE_COLUMNS]) for record in records]


def _cell(record: bytes, start: int, size: int) -> str:
    return record[start : start + size].decode("utf-8").strip(" \0")


def _code(candidates: Sequence[str]) -> str:
    return next((code for value in candidates if (code := CODES.get(value, value))), "")


def _polygons(shapes: bytes) -> Iterator[tuple[tuple[Point, ...], ...]]:
    """Rings of each polygon of the shapefile."""
    at = 100
    while at < len(shapes):
        size = 2 * struct.unpack(">i", shapes[at + 4 : at + 8])[0]
        body = shapes[at + 8 : at + 8 + size]
        kind = struct.unpack("<i", body[:4])[0]
        if kind != POLYGON:
            raise ValueError(f"expected polygons (shape type {POLYGON}), found shape type {kind}")
        parts, points = struct.unpack("<ii", body[36:44])
        firsts = [*struct.unpack(f"<{parts}i", body[44 : 44 + 4 * parts]), points]
        start = 44 + 4 * parts
        numbers = struct.unpack(f"<{2 * points}d", body[start : start + 16 * points])
        corners = list(zip(numbers[::2], numbers[1::2], strict=True))
        yield tuple(tuple(corners[a:b]) for a, b in itertools.pairwise(firsts))
        at += 8 + size
