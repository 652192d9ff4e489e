"""The theme of every picture and page: colour, letter, texture and shape of each pathway, and all other colours.

The five colours were searched for the greatest distance under the three kinds of colour blindness; grey print is their
weak spot, so a letter or a shape always comes along. The values are in ``theme.json``, which a web page can read too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

PLAIN = ("ink", "muted", "rule", "paper", "backdrop", "rim", "link", "focus", "there", "font")


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
    """The whole theme: pathways by code in their fixed order, the colours of everything else, and the font list.

    `strength`, `founding` and `reached` are scales from pale to strong: for classes of people, for the chance of a
    founding, and for the chance that a place is reached (`there`: it is already).
    """

    pathways: dict[str, Mark]
    other_fill: str
    other_text: str
    ink: str
    muted: str
    rule: str
    paper: str
    backdrop: str
    rim: str
    link: str
    focus: str
    font: str
    strength: tuple[str, ...]
    founding: tuple[str, ...]
    reached: tuple[str, ...]
    there: str

    def fill(self, code: str) -> str:
        """Fill colour of a pathway, or the common grey of the other fates."""
        return self.pathways[code].fill if code in self.pathways else self.other_fill

    def text(self, code: str) -> str:
        """Text colour of a pathway, or the common grey of the other fates."""
        return self.pathways[code].text if code in self.pathways else self.other_text


@cache
def look() -> Look:
    """The theme as read from ``theme.json``."""
    raw = json.loads(resources.files("afterfall.report.kit").joinpath("theme.json").read_text(encoding="utf-8"))
    return Look(
        pathways={code: Mark(code=code, **fields) for code, fields in raw["pathways"].items()},
        other_fill=raw["other"]["fill"],
        other_text=raw["other"]["text"],
        **{name: raw[name] for name in PLAIN},
        strength=tuple(raw["scales"]["strength"]),
        founding=tuple(raw["scales"]["founding"]),
        reached=tuple(raw["scales"]["reached"]),
    )
