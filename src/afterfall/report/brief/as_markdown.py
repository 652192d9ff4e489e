"""A brief as plain Markdown: the same words and tables; instead of a picture, a sentence with its numbers."""

from __future__ import annotations

from afterfall.report.brief.content import Block, Brief, BulletPoints, Drawing, Judgement, Judgements, Paragraphs
from afterfall.report.explain.why import why_grids
from afterfall.report.kit.markdown import markdown_table
from afterfall.report.kit.text_table import TextTable


def markdown(brief: Brief) -> str:
    """The text of a Markdown file."""
    parts = [f"# {brief.title}", brief.subtitle]
    for section in brief.sections:
        parts.append(f"## {section.title}")
        parts += [_block(block) for block in section.blocks]
    chains = [one for one in brief.judgements() if one.why is not None]
    if chains:
        parts.append("## Why these numbers")
        parts += [_chain(number, one) for number, one in enumerate(chains, start=1)]
    return "\n\n".join([*parts, "---", brief.foot]) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Paragraphs):
        return "\n\n".join(block.texts)
    if isinstance(block, BulletPoints):
        return "\n".join(f"- {item}" for item in block.items)
    if isinstance(block, Judgements):
        return "\n".join(f"{i}. {' '.join(one.sentences())}" for i, one in enumerate(block.items, start=1))
    if isinstance(block, Drawing):
        return f"{block.words}\n\n*{block.caption}*"
    return table(block.grid) + (f"\n\n*{block.note}*" if block.note else "")


def table(grid: TextTable) -> str:
    """A table in the notation of GitHub."""
    rows = [row for section in grid.sections for row in section]
    body = markdown_table([c.heading or " " for c in grid.columns], rows, [c.side for c in grid.columns])
    return f"**{grid.title}**\n\n{body}" if grid.title else body


def _chain(number: int, one: Judgement) -> str:
    assert one.why is not None
    grids = [g for g in why_grids(one.why) if g.sections[0]]
    return "\n\n".join([f"### {number}. {one.why.label}: {one.why.definition}", *(table(g) for g in grids)])
