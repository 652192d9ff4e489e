"""Country polygons: two countries border where their outlines share two corners."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from afterfall.importers.natural_earth import CODE_COLUMNS, LAYER, CountryShape, land_borders, read_countries

WEST = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
EAST = ((1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 0.0))
CORNER = ((2.0, 1.0), (3.0, 1.0), (3.0, 2.0), (2.0, 1.0))


def test_a_common_edge_is_a_border_and_a_common_corner_is_none() -> None:
    shapes = [CountryShape("WST", (WEST,)), CountryShape("EST", (EAST,)), CountryShape("CRN", (CORNER,))]
    assert land_borders(shapes) == [("EST", "WST")]


def test_shapes_without_a_code_have_no_neighbours() -> None:
    assert land_borders([CountryShape("", (WEST,)), CountryShape("EST", (EAST,))]) == []


def write_layer(folder: Path, codes: list[tuple[str, str, str]], rings: list[tuple[tuple[float, float], ...]]) -> None:
    """A layer of one ring a country, in the two formats."""
    fields = b"".join(struct.pack("<11sc4xB15x", name.encode(), b"C", 3) for name in CODE_COLUMNS)
    head = struct.pack("<4xIHH20x", len(codes), 32 + len(fields) + 1, 1 + 3 * len(CODE_COLUMNS))
    records = b"".join(b" " + "".join(code.ljust(3) for code in row).encode() for row in codes)
    (folder / f"{LAYER}.dbf").write_bytes(head + fields + b"\x0d" + records)
    shapes = b""
    for ring in rings:
        points = b"".join(struct.pack("<dd", *point) for point in ring)
        body = struct.pack("<i32xiii", 5, 1, len(ring), 0) + points
        shapes += struct.pack(">ii", 1, len(body) // 2) + body
    (folder / f"{LAYER}.shp").write_bytes(b"\0" * 100 + shapes)


def test_codes_fall_back_and_are_made_iso(tmp_path: Path) -> None:
    write_layer(tmp_path, [("-99", "FRA", "FRA"), ("-99", "-99", "KOS")], [WEST, EAST])
    assert read_countries(tmp_path) == [CountryShape("FRA", (WEST,)), CountryShape("XKX", (EAST,))]


def test_only_polygons_are_read(tmp_path: Path) -> None:
    write_layer(tmp_path, [("AAA", "AAA", "AAA")], [WEST])
    path = tmp_path / f"{LAYER}.shp"
    content = bytearray(path.read_bytes())
    content[108:112] = struct.pack("<i", 3)
    path.write_bytes(bytes(content))
    with pytest.raises(ValueError, match="expected polygons"):
        read_countries(tmp_path)
