"""Pictures on disk: SVG for documents, PNG at twice the size for everything else. Each file is replaced whole."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import vl_convert

#: Pixels of a PNG for each unit of the drawing.
SCALE = 2


def save_chart(chart: Any, stem: Path, words: str) -> tuple[Path, Path]:
    """Write an altair chart as ``stem.svg`` and ``stem.png`` and return both paths; `words` say what it shows."""
    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    svg = drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(words)}" ', 1)
    paths = stem.with_name(stem.name + ".svg"), stem.with_name(stem.name + ".png")
    for path in paths:
        save_svg(svg, path)
    return paths


def save_svg(svg: str, path: Path) -> None:
    """Write the text of an SVG as it is, or as a PNG where the name ends in ``.png``."""
    content = vl_convert.svg_to_png(svg, scale=SCALE) if path.suffix == ".png" else svg.encode()
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
