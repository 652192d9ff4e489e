"""A brief as plain Markdown: the same words and tables; instead of a picture, a sentence with its numbers."""

from __future__ import annotations

from afterfall.report.brief.content import Block, Brief, BulletPoints, Drawing, Judgement, Judgements, Paragraphs
from afterfall.report.explain.why import why_grids
from afterfall.report.kit.markdown import markdown_table, markdown_text
from afterfall.report.kit.text_table import TextTable


def markdown(brief: Brief) -> str:
    """The text of a Markdown file."""
    parts = [f"# {markdown_text(brief.title)}", markdown_text(brief.subtitle)]
    for section in brief.sections:
        parts.append(f"## {markdown_text(section.title)}")
        parts += [_block(block) for block in section.blocks]
    chains = [one for one in brief.judgements() if one.why is not None]
    if chains:
        parts.append("## Why these numbers")
        parts += [_chain(number, one) for number, one in enumerate(chains, start=1)]
    return "\n\n".join([*parts, "---", markdown_text(brief.foot)]) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Paragraphs):
        return "\n\n".join(map(markdown_text, block.texts))
    if isinstance(block, BulletPoints):
        return "\n".join(f"- {markdown_text(item)}" for item in block.items)
    if isinstance(block, Judgements):
        judgements = (markdown_text(" ".join(one.sentences())) for one in block.items)
        return "\n".join(f"{i}. {words}" for i, words in enumerate(judgements, start=1))
    if isinstance(block, Drawing):
        return f"{markdown_text(block.words)}\n\n*{markdown_text(block.caption)}*"
    return table(block.grid) + (f"\n\n*{markdown_text(block.note)}*" if block.note else "")


def table(grid: TextTable) -> str:
    """A table in the notation of GitHub."""
    rows = [tuple(map(markdown_text, row)) for section in grid.sections for row in section]
    head = [markdown_text(c.heading) or " " for c in grid.columns]
    body = markdown_table(head, rows, [c.side for c in grid.columns])
    return f"**{markdown_text(grid.title)}**\n\n{body}" if grid.title else body


def _chain(number: int, one: Judgement) -> str:
    assert one.why is not None
    grids = [g for g in why_grids(one.why) if g.sections[0]]
    title = f"{number}. {one.why.label}: {one.why.definition}"
    return "\n\n".join([f"### {markdown_text(title)}", *map(table, grids)])
