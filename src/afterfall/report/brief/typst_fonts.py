"""Which characters the fonts that typst carries do not have, found by letting typst draw them.

The fonts change with the release of typst, and no table of them comes with it. A character that no font has is drawn as
the same box as a code that is no character at all; so each is set once, and its shape compared with that box.
"""

from __future__ import annotations

import json
import re
import unicodedata
import warnings
from collections.abc import Iterable
from typing import Any

#: A code point that will never be a character.
NO_CHARACTER = "\uffff"
#: Each character stands in a link of its own, whose address comes after its shape in the SVG.
LAYOUT = """
#set page(width: auto, height: auto)
#set text(font: "{font}")
#for (i, sign) in json("signs.json").enumerate() {{ block(link("https://sign.invalid/" + str(i), sign)) }}
"""
SHAPE_OR_SIGN = re.compile(r'xlink:href="(?:#(\w+)|https://sign\.invalid/(\d+))"')
#: Scripts that every release has; only asked where the SVG cannot be read.
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
#: Characters named in a warning.
NAMED = 12


class NoGlyph(UserWarning):
    """Text that a printed page cannot show."""


def warn_of_boxes(texts: Iterable[str], font: str) -> None:
    """Warn of characters that would be printed as boxes."""
    missing = without_glyph(texts, font)
    if missing:
        named = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing[:NAMED])
        more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        warnings.warn(
            f"the PDF shows boxes for {named}{more}: none of the fonts of typst has them; write .html and "
            "print it from a browser",
            NoGlyph,
            stacklevel=2,
        )


def without_glyph(texts: Iterable[str], font: str) -> str:
    """Characters of texts that neither `font` nor any other font of typst has, in the order of their codes."""
    import typst

    signs = sorted({sign for text in texts for sign in text if not sign.isascii() and _is_drawn(sign)})
    if not signs:
        return ""
    asked = json.dumps([NO_CHARACTER, *signs]).encode()
    sources = {"main.typ": LAYOUT.format(font=font).encode(), "signs.json": asked}
    how: dict[str, Any] = {"format": "svg", "ignore_system_fonts": True}
    shapes = _shapes(typst.compile(sources, **how).decode())
    if len(shapes) != len(signs) + 1:
        return "".join(sign for sign in signs if sign.isalpha() and not unicodedata.name(sign, "").startswith(SCRIPTS))
    box, *drawn = shapes
    return "".join(sign for sign, shape in zip(signs, drawn, strict=True) if shape == box)


def _shapes(svg: str) -> list[tuple[str, ...]]:
    """The shapes of each character, in the order in which they were asked for."""
    shapes: list[tuple[str, ...]] = []
    begun: list[str] = []
    for shape, sign in SHAPE_OR_SIGN.findall(svg):
        if sign:
            shapes.append(tuple(begun))
            begun = []
        else:
            begun.append(shape)
    return shapes


def _is_drawn(sign: str) -> bool:
    """Whether a character has a shape of its own; marks that join or vary the one before it have none."""
    return unicodedata.category(sign)[0] not in "CZM"
