"""A brief as one HTML file that loads nothing: style, pictures and tables are in it, and there is no script.

Behind each judgement a fold (``details``) holds the chain of figures, drivers and mechanisms. Printed, it makes pages
in the order of the PDF, without the folds. On a narrow screen, tables and pictures scroll in boxes of their own. Each
box can be reached by keyboard and has a unique name.
"""

from __future__ import annotations

from importlib import resources
from itertools import count

from afterfall.report.brief.content import (
    Block,
    Brief,
    BriefTable,
    BulletPoints,
    Drawing,
    Judgement,
    Judgements,
    Paragraphs,
    Section,
)
from afterfall.report.brief.paper import Paper
from afterfall.report.explain.why import Why, why_grids, why_notes
from afterfall.report.kit.html_text import html_text
from afterfall.report.kit.text_table import TextTable
from afterfall.report.kit.theme import look

#: Nothing may be loaded from anywhere; styles are in the file.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html(brief: Brief, paper: Paper | None = None) -> str:
    """The text of an HTML file; a browser prints it on its own paper, or on that which is given."""
    style = resources.files("afterfall.report.brief").joinpath("brief.css").read_text(encoding="utf-8")
    sections = "\n".join(_section(one) for one in brief.sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html_text(brief.title)}</title>\n<style>\n{_colours()}\n{style}{_sheet(paper)}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">To the judgements</a>\n'
        f"<header><h1>{html_text(brief.title)}</h1><p>{html_text(brief.subtitle)}</p></header>\n"
        f'<main id="main">\n{sections}\n</main>\n<footer><p>{html_text(brief.foot)}</p></footer>\n</body>\n</html>\n'
    )


def _sheet(paper: Paper | None) -> str:
    """The size of paper to print on, after the style, which leaves it open."""
    return "" if paper is None else f"@page {{ size: {paper.css}; }}\n"


def _colours() -> str:
    """The colours of the theme, as variables of the style."""
    names = ("ink", "muted", "rule", "paper", "backdrop", "link", "focus")
    return ":root { " + " ".join(f"--{name}: {getattr(look(), name)};" for name in names) + " }"


def _section(section: Section) -> str:
    kind = " ".join(["wide"] * section.wide + [f"page{section.page}"])
    blocks = "\n".join(_block(block, name) for block, name in zip(section.blocks, _names(section), strict=True))
    return (
        f'<section id="{section.key}" class="{kind}" aria-labelledby="h-{section.key}">\n'
        f'<h2 id="h-{section.key}">{html_text(section.title)}</h2>\n{blocks}\n</section>'
    )


def _names(section: Section) -> list[str]:
    """A name for the box of each block, numbered where the section has more than one of its kind."""
    kinds = [{Drawing: "Picture", BriefTable: "Table"}.get(type(block), "Text") for block in section.blocks]
    numbers = [f" {kinds[: i + 1].count(kind)}" if kinds.count(kind) > 1 else "" for i, kind in enumerate(kinds)]
    return [f"{kind}{number}: {section.title}" for kind, number in zip(kinds, numbers, strict=True)]


def _block(block: Block, name: str) -> str:
    if isinstance(block, Paragraphs):
        return "\n".join(f"<p>{html_text(text)}</p>" for text in block.texts)
    if isinstance(block, BulletPoints):
        return "<ul>" + "".join(f"<li>{html_text(item)}</li>" for item in block.items) + "</ul>"
    if isinstance(block, Judgements):
        return '<ol class="judgements">' + "\n".join(map(_judgement, count(1), block.items)) + "</ol>"
    if isinstance(block, Drawing):
        return f"<figure>{_box(block.svg, name)}<figcaption>{html_text(block.caption)}</figcaption></figure>"
    return table(block.grid, name) + (f'<p class="note">{html_text(block.note)}</p>' if block.note else "")


def _box(content: str, name: str) -> str:
    """A box that scrolls where its content is wider than the page, with keys as well as by touch."""
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{html_text(name)}">{content}</div>'


def _judgement(number: int, one: Judgement) -> str:
    confidence = f"{one.confidence.sentence()} {one.confidence.change()}"
    return (
        f"<li><p><strong>{html_text(one.text)}</strong> {html_text(one.spread)}</p>"
        f'<p class="confidence">{html_text(confidence)}</p>{_fold(one, f"Judgement {number}")}</li>'
    )


def _fold(one: Judgement, name: str) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{html_text(i.name)}</th><td>{('poor', 'fair', 'good')[i.grade]}</td>"
        f"<td>{html_text(i.why)}</td></tr>"
        for i in one.confidence.ingredients
    )
    chain = "" if one.why is None else _chain(one.why, name)
    title = "Ingredients of the confidence"
    ingredients = _box(f"<table><caption>{title}</caption>{rows}</table>", f"{name}: {title}")
    return f"<details><summary>Why this number, and why this confidence</summary>{ingredients}{chain}</details>"


def _chain(chain: Why, name: str) -> str:
    notes = "".join(f'<p class="note">{html_text(text)}</p>' for text in why_notes(chain))
    lead = f"<p>{html_text(chain.label)}, {html_text(chain.place)}: {html_text(chain.definition)}.</p>"
    grids = [grid for grid in why_grids(chain) if grid.sections[0]]
    return lead + "".join(table(grid, f"{name}: {grid.title}") for grid in grids) + notes


def table(grid: TextTable, name: str) -> str:
    """A table with its headings as such, in a box of its own with a name."""
    head = "".join(f'<th scope="col" class="{c.side}">{html_text(c.heading)}</th>' for c in grid.columns)
    bodies = "".join("<tbody>" + "".join(_row(grid, row) for row in section) + "</tbody>" for section in grid.sections)
    caption = f"<caption>{html_text(grid.title)}</caption>" if grid.title else ""
    return _box(f"<table>{caption}<thead><tr>{head}</tr></thead>{bodies}</table>", name)


def _row(grid: TextTable, row: tuple[str, ...]) -> str:
    cells = "".join(f'<td class="{c.side}">{html_text(cell)}</td>' for c, cell in zip(grid.columns, row, strict=True))
    return f"<tr>{cells}</tr>"
