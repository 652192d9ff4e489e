"""The picture of a result in a notebook: the one that its command draws, as SVG, with words that say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from afterfall.report.kit.saving import drawn_chart, save_svg
from afterfall.report.notebook.result_pictures import PICTURES


class NothingToDraw(TypeError):
    """A result of which there is no picture."""


@dataclass(frozen=True, slots=True)
class NotebookPicture:
    """A picture as the text of an SVG, and words that say what it shows."""

    svg: str = field(repr=False)
    words: str

    def save(self, path: Path | str) -> Path:
        """Write it as SVG, or as PNG where the name ends in ``.png``, and return the path."""
        save_svg(self.svg, Path(path))
        return Path(path)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:  # noqa: ARG002
        """What IPython shows: the SVG, and the words where pictures are not shown."""
        return {"image/svg+xml": self.svg, "text/plain": self.words}


def picture_of(result: object) -> NotebookPicture:
    """The picture of a result.

    Raises
    ------
    NothingToDraw
        If there is none for its type.
    """
    draw: Callable[[Any], tuple[Any, str]] | None = next(
        (PICTURES[one.__name__] for one in type(result).__mro__ if one.__name__ in PICTURES), None
    )
    if draw is None:
        known = ", ".join(sorted(PICTURES))
        raise NothingToDraw(f"there is no picture of a {type(result).__name__}; there are pictures of {known}")
    chart, words = draw(result)
    return NotebookPicture(chart if isinstance(chart, str) else drawn_chart(chart, words), words)
