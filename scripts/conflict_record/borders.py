"""Which countries share a land border, from the polygons of Natural Earth (public domain), 1:110 million.

Two countries border where their outlines have two or more corners in common: in this data set the outline of a border
is stored once and used by both sides. Countries too small for the scale have no row and so no neighbour.
"""

from __future__ import annotations

import struct
from pathlib import Path

NAME = "ne_110m_admin_0_countries"
#: Natural Earth leaves the code of some countries blank in its first column.
CODE_COLUMNS = ("ISO_A3", "ISO_A3_EH", "ADM0_A3")
CODES = {"KOS": "XKX", "SDS": "SSD", "-99": ""}
POLYGON = 5
#: Corners in common below this are a point where three countries meet.
LEAST_CORNERS = 2


def borders(folder: Path) -> list[tuple[str, str]]:
    """Pairs of ISO 3166-1 alpha-3 codes, each pair once, in alphabetical order."""
    outlines: dict[str, set[tuple[float, float]]] = {}
    for code, corners in zip(
        _codes((folder / f"{NAME}.dbf").read_bytes()), _corners((folder / f"{NAME}.shp").read_bytes()), strict=True
    ):
        outlines.setdefault(code, set()).update(corners)
    names = sorted(code for code in outlines if code)
    return [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if len(outlines[one] & outlines[other]) >= LEAST_CORNERS
    ]


def _codes(table: bytes) -> list[str]:
    """One code a record of the attribute table (dBase III)."""
    n_records, header, length = struct.unpack("<IHH", table[4:12])
    fields: dict[str, tuple[int, int]] = {}
    place, at = 1, 32
    while table[at] != 0x0D:
        name, size = table[at : at + 11].split(b"\0")[0].decode(), table[at + 16]
        fields[name] = (place, size)
        place, at = place + size, at + 32
    found = []
    for i in range(n_records):
        record = table[header + i * length : header + (i + 1) * length]
        values = [
            record[a : a + size].decode("utf-8").strip(" \0") for a, size in (fields[name] for name in CODE_COLUMNS)
        ]
        found.append(next((code for v in values if (code := CODES.get(v, v))), ""))
    return found


def _corners(shapes: bytes) -> list[set[tuple[float, float]]]:
    """The corners of each polygon of the shape file, rounded so that two copies of one corner are equal."""
    at, found = 100, []
    while at < len(shapes):
        words = struct.unpack(">i", shapes[at + 4 : at + 8])[0]
        body = shapes[at + 8 : at + 8 + 2 * words]
        if struct.unpack("<i", body[:4])[0] != POLYGON:
            raise ValueError("expected polygons only")
        parts, points = struct.unpack("<ii", body[36:44])
        start = 44 + 4 * parts
        numbers = struct.unpack(f"<{2 * points}d", body[start : start + 16 * points])
        found.append({(round(x, 6), round(y, 6)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)})
        at += 8 + 2 * words
    return found
