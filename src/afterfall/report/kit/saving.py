"""Pictures on disk: SVG for documents, PNG at twice the size for everything else. Each file is whole or absent."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from afterfall.case.text_rules import visible_in
from afterfall.report.kit.svg import svg_text
from afterfall.run.atomic_files import write_whole

#: Pixels of a PNG for each unit of the drawing.
SCALE = 2
ENDINGS = (".svg", ".png")
#: A chart that shows nothing, drawn by another process.
TRIAL = "import vl_convert; vl_convert.vegalite_to_svg({'mark': 'point', 'data': {'values': []}})"


def save_chart(chart: Any, stem: Path, words: str) -> tuple[Path, Path]:
    """Write an altair chart as ``stem.svg`` and ``stem.png`` and return both paths; `words` say what it shows."""
    return save_picture(drawn_chart(chart, words), stem)


def drawn_chart(chart: Any, words: str) -> str:
    """An altair chart as the text of an SVG; `words` say what it shows."""
    _check_memory()
    drawn = vl_convert.vegalite_to_svg(visible_in(chart.to_dict()))
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{svg_text(words)}" ', 1)


@cache
def _check_memory() -> None:
    """Where memory is limited, try in another process whether a chart can be drawn.

    The library that draws reserves some 66 GiB of addresses (not of memory) and ends the process where it may not.

    Raises
    ------
    MemoryError
        If it cannot.
    """
    if _limited() and subprocess.run([sys.executable, "-c", TRIAL], capture_output=True, check=False).returncode:
        raise MemoryError("the memory of this process is limited (ulimit -v) to less than drawing needs")


def _limited() -> bool:
    """Whether the system limits the memory of this process."""
    if sys.platform == "win32":
        return False
    import resource

    limits = (resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA))
    return any(limit != resource.RLIM_INFINITY for limit in limits)


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
    write_whole(path, vl_convert.svg_to_png(svg, scale=SCALE) if path.suffix.lower() == ".png" else svg.encode())
