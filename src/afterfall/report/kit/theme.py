"""The look, in one place: a colour, a letter, a texture and a shape for each pathway, shared with the page.

The five colours were searched for the greatest distance under the three kinds of colour blindness; grey print is their
weak spot, so a letter or a shape always comes along. The values are in ``tokens.json``, which the page reads too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Mark:
    """How one pathway looks. `text` is the darker form of `fill` that is readable as text on white."""

    code: str
    letter: str
    short: str
    fill: str
    text: str
    texture: str
    shape: str


@dataclass(frozen=True, slots=True)
class Look:
    """All tokens: pathways by code in their fixed order, the colours of everything else, and the font list."""

    pathways: dict[str, Mark]
    other_fill: str
    other_text: str
    ink: str
    muted: str
    rule: str
    paper: str
    font: str

    def fill(self, code: str) -> str:
        """Fill colour of a pathway, or the common grey of the other fates."""
        return self.pathways[code].fill if code in self.pathways else self.other_fill

    def text(self, code: str) -> str:
        """Text colour of a pathway, or the common grey of the other fates."""
        return self.pathways[code].text if code in self.pathways else self.other_text


@cache
def look() -> Look:
    """The tokens as read from ``tokens.json``."""
    raw = json.loads(resources.files("afterfall.report.kit").joinpath("theme.json").read_text(encoding="utf-8"))
    return Look(
        pathways={code: Mark(code=code, **fields) for code, fields in raw["pathways"].items()},
        other_fill=raw["other"]["fill"],
        other_text=raw["other"]["text"],
        **{name: raw[name] for name in ("ink", "muted", "rule", "paper", "font")},
    )
