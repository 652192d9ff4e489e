"""The content of a brief, before it has a layout: facts computed once, read by all renderers.

A brief is a list of `Section`; a section a list of blocks (paragraphs, points, tables, drawings, judgements). HTML,
typst, Markdown and JSON know these blocks and nothing of their content, so a new part of the forecast joins the brief
by making a `Section` of its own (see `making.make_brief`, argument `parts`) and needs no change in a renderer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from afterfall.case.problems import Problem
from afterfall.report.explain.why import Why
from afterfall.report.kit.likelihood_words import Confidence
from afterfall.report.kit.spread import Range
from afterfall.report.kit.stamp import Stamp
from afterfall.report.kit.text_table import TextTable
from afterfall.run import Run
from afterfall.shown import Shown


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Running text, one string a paragraph."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BulletPoints:
    """A list of short points."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefTable:
    """A table with a note beneath."""

    grid: TextTable
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as the text of an SVG, `words` that say the same with its numbers, and how to read it."""

    name: str
    svg: str
    words: str
    caption: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One key judgement.

    `text` holds the likelihood with its range and number, `event` what happens, as a clause; `spread` the range of the
    quantity in figures (`range90` the same as numbers); confidence has sentences of its own. `why` is the chain behind
    the number, where there is one.
    """

    text: str
    event: str
    spread: str
    range90: Range
    confidence: Confidence
    probability: float
    month: int
    quantity: str
    why: Why | None = None

    def sentences(self) -> tuple[str, ...]:
        """The judgement and its confidence, sentence by sentence."""
        sentences = (self.text, self.spread, self.confidence.sentence(), self.confidence.change())
        return tuple(one for one in sentences if one)


@dataclass(frozen=True, slots=True)
class Judgements:
    """The key judgements, the first one the most important."""

    items: tuple[Judgement, ...]


Block = Paragraphs | BulletPoints | BriefTable | Drawing | Judgements


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the brief. `page` is the printed page, `wide` spans it; an annex (page 0) is not printed in the PDF."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    page: Literal[0, 1, 2] = 2
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Brief(Shown):
    """The content of a brief on one country.

    `title` states the bottom line, `subtitle` what is forecast, from when, for when; `stamp` where the numbers come
    from, `run` the run that it was read from, `warnings` those of rows of the case that the numbers rest on.
    """

    title: str
    subtitle: str
    country: str
    country_name: str
    stamp: Stamp
    sections: tuple[Section, ...]
    foot: str
    warnings: tuple[Problem, ...] = ()
    run: Run | None = field(default=None, repr=False, compare=False)

    def section(self, key: str) -> Section:
        """A section by its key.

        Raises
        ------
        KeyError
            If there is none.
        """
        return next(s for s in self.sections if s.key == key)

    def with_parts(self, parts: tuple[Section, ...]) -> Brief:
        """The brief with sections replaced by those of the same key.

        New ones of the first page stand after its first section, others before the last.
        """
        given = {part.key: part for part in parts}
        kept = tuple(given.pop(s.key, s) for s in self.sections)
        first = [part for part in given.values() if part.page == 1]
        rest = [part for part in given.values() if part.page != 1]
        return replace(self, sections=(*kept[:1], *first, *kept[1:-1], *rest, *kept[-1:]))

    def judgements(self) -> Iterator[Judgement]:
        """All key judgements."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Judgements):
                    yield from block.items
