"""What every result of a public verb can do: show itself in a notebook, become a data frame, and be drawn.

Results know nothing of reports. `afterfall.report.notebook` is looked up by its name, and only when it is needed.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

#: The package that knows how each result is shown.
VIEWS = "afterfall.report.notebook"


class Picture(Protocol):
    """A picture that a notebook shows: the text of an SVG, and words that say the same."""

    @property
    def svg(self) -> str:
        """The text of an SVG."""

    @property
    def words(self) -> str:
        """What it shows."""

    def save(self, path: Path | str) -> Path:
        """Write it as SVG, or as PNG where the name ends in ``.png``, and return the path."""


class ShownAsHtml:
    """A result that notebooks show as tables with their notes."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """Headline, tables and notes, as the command prints them."""
        html: str = _views().html_of(self)
        return html


class Shown(ShownAsHtml):
    """A result that notebooks show as tables with their notes, that becomes a data frame, and that can be drawn."""

    __slots__ = ()

    def to_pandas(self, part: str | None = None) -> pd.DataFrame:
        """One part of the result as a data frame of numbers, with dates as dates.

        Parameters
        ----------
        part
            A key of the JSON object of this result (of a case: the name of a table); by default its main part.

        Raises
        ------
        UnknownName
            If there is no such part; the error lists the nearest ones.
        """
        frame: pd.DataFrame = _views().frame_of(self, part)
        return frame

    def plot(self) -> Picture:
        """The picture that the command draws, as an SVG that a notebook shows and that `save` writes.

        Raises
        ------
        NothingToDraw
            If there is no picture of such a result.
        """
        picture: Picture = _views().picture_of(self)
        return picture


def _views() -> Any:
    return import_module(VIEWS)
