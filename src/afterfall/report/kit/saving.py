"""Pictures on disk: SVG for documents, PNG at twice the size for everything else. Each file is whole or absent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import vl_convert

from afterfall.case.text_rules import visible_in
from afterfall.report.kit.svg import svg_text
from afterfall.run.atomic_files import write_whole

#: Pixels of a PNG for each unit of the drawing.
SCALE = 2
ENDINGS = (".svg", ".png")


def save_chart(chart: Any, stem: Path, words: str) -> tuple[Path, Path]:
    """Write an altair chart as ``stem.svg`` and ``stem.png`` and return both paths; `words` say what it shows."""
    drawn = vl_convert.vegalite_to_svg(visible_in(chart.to_dict()))
    return save_picture(drawn.replace("<svg ", f'<svg role="img" aria-label="{svg_text(words)}" ', 1), stem)


def save_picture(svg: str, stem: Path) -> tuple[Path, Path]:
    """Write the text of an SVG as ``stem.svg`` and ``stem.png`` and return both paths."""
    svg_path, png_path = (stem.with_name(stem.name + ending) for ending in ENDINGS)
    for path in (svg_path, png_path):
        save_svg(svg, path)
    return svg_path, png_path


def save_svg(svg: str, path: Path) -> None:
    """Write the text of an SVG as it is, or as a PNG where the name ends in ``.png``.

    Raises
    ------
    OSError
        If there is no such folder, or it cannot be written to.
    """
    write_whole(path, vl_convert.svg_to_png(svg, scale=SCALE) if path.suffix == ".png" else svg.encode())
