"""A brief as two printed pages: the content as JSON, laid out by ``brief.typ``, and set by the library typst.

The text is set in the fonts that typst carries, so that the same brief breaks into the same pages on every machine. The
library comes with the extra ``brief``; nothing else of the program needs it.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Any

from afterfall.case.text_rules import visible_in
from afterfall.report.brief.content import Block, Brief, BulletPoints, Drawing, Judgements, Paragraphs, Section
from afterfall.report.brief.paper import DEFAULT_PAPER, Paper
from afterfall.report.brief.typst_fonts import warn_of_boxes
from afterfall.report.kit.theme import look

#: Font of text and pictures in print, carried by typst itself.
FONT = "Libertinus Serif"
#: The file that typst reads first; it quotes the content as values, so that no mark in a text is read as markup.
LAYOUT = "main.typ"


class NoTypst(ImportError):
    """The library that sets pages is not installed."""


def pdf(brief: Brief, paper: Paper = DEFAULT_PAPER) -> bytes:
    """The bytes of a PDF file; the same brief gives the same bytes.

    Raises
    ------
    NoTypst
        If typst is not installed; the message says how to install it.
    """
    noon = dt.datetime.combine(brief.stamp.as_of, dt.time(12), dt.UTC)
    return bytes(_compiled(brief, paper, format="pdf", timestamp=noon))


def pages_as_png(brief: Brief, ppi: float = 110.0, paper: Paper = DEFAULT_PAPER) -> list[bytes]:
    """The pages as PNG files, for looking at."""
    found = _compiled(brief, paper, format="png", ppi=ppi)
    return found if isinstance(found, list) else [found]


def _compiled(brief: Brief, paper: Paper, **how: Any) -> Any:
    try:
        import typst
    except ImportError as problem:
        raise NoTypst(
            "a PDF needs the library typst: pip install 'afterfall[brief]'; or write .html and print it from a browser",
            name="afterfall[brief]",
        ) from problem
    content = files(brief, paper)
    warn_of_boxes((text.decode() for name, text in content.items() if name != LAYOUT), FONT)
    return typst.compile(content, ignore_system_fonts=True, **how)


def files(brief: Brief, paper: Paper = DEFAULT_PAPER) -> dict[str, bytes]:
    """What typst reads: the layout, the content as JSON, and each picture as SVG."""
    layout = resources.files("afterfall.report.brief").joinpath("brief.typ").read_bytes()
    drawings = [b for s in brief.sections for b in s.blocks if isinstance(b, Drawing)]
    pictures = {f"{d.name}.svg": d.svg.replace(look().font, FONT).encode() for d in drawings}
    content = json.dumps(visible_in(_content(brief, paper)), ensure_ascii=False).encode()
    return {LAYOUT: layout, "brief.json": content, **pictures}


def _content(brief: Brief, paper: Paper) -> dict[str, Any]:
    return {
        "paper": paper.typst,
        "title": brief.title,
        "subtitle": brief.subtitle,
        "foot": brief.foot,
        "date": brief.stamp.as_of.isoformat(),
        "colours": {name: getattr(look(), name) for name in ("ink", "muted", "rule")},
        "sections": [_section(one) for one in brief.sections if one.page],
    }


def _section(section: Section) -> dict[str, Any]:
    blocks = [_block(block) for block in section.blocks]
    return {"key": section.key, "title": section.title, "page": section.page, "wide": section.wide, "blocks": blocks}


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraphs):
        return {"kind": "paragraphs", "texts": list(block.texts)}
    if isinstance(block, BulletPoints):
        return {"kind": "points", "texts": list(block.items)}
    if isinstance(block, Judgements):
        items = [
            {
                "text": one.text,
                "spread": one.spread,
                "confidence": f"{one.confidence.sentence()} {one.confidence.change()}",
            }
            for one in block.items
        ]
        return {"kind": "judgements", "items": items}
    if isinstance(block, Drawing):
        return {"kind": "drawing", "file": f"{block.name}.svg", "words": block.words, "caption": block.caption}
    grid = block.grid
    return {
        "kind": "table",
        "title": grid.title,
        "headings": [c.heading for c in grid.columns],
        "right": [c.side == "right" for c in grid.columns],
        "sections": [[list(row) for row in section] for section in grid.sections],
        "note": block.note,
    }
