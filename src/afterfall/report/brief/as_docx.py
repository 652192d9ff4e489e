"""A brief as a Word file: the same sentences and tables as in the other forms, on A4 or Letter, annex included.

The library python-docx comes with the extra ``brief``. Texts are set as text, never as markup or fields, and what would
act on a reader is made visible first. The same brief gives the same bytes: times within the file are its as-of date.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

from afterfall.case.text_rules import visible
from afterfall.report.brief.content import (
    Block,
    Brief,
    BriefTable,
    BulletPoints,
    Drawing,
    Judgements,
    Paragraphs,
    Section,
)
from afterfall.report.brief.paper import DEFAULT_PAPER, Paper
from afterfall.report.kit.theme import look

if TYPE_CHECKING:
    from docx.document import Document as WordFile

#: Margins and the size of text, in millimetres and points; tables are smaller.
MARGIN, TEXT, SMALL = 18.0, 10.0, 8.0
#: Pictures are drawn at this scale, so that they are sharp in print.
SCALE = 2.5


class NoDocx(ImportError):
    """The library that writes Word files is not installed."""


def docx(brief: Brief, paper: Paper = DEFAULT_PAPER) -> bytes:
    """The bytes of a Word file.

    Raises
    ------
    NoDocx
        If python-docx is not installed; the message says how to install it.
    """
    try:
        from docx import Document
    except ImportError as problem:
        raise NoDocx(
            "a Word file needs the library python-docx: pip install 'afterfall[brief]'; or write .html or .md",
            name="afterfall[brief]",
        ) from problem
    made = Document()
    _set_up(made, brief, paper)
    made.add_heading(visible(brief.title), level=0)
    made.add_paragraph(visible(brief.subtitle), style="Subtitle")
    for section in brief.sections:
        _section(made, section, paper)
    held = io.BytesIO()
    made.save(held)
    return _dated(held.getvalue(), brief.stamp.as_of)


def _set_up(made: WordFile, brief: Brief, paper: Paper) -> None:
    """Paper, fonts, footer and properties."""
    from docx.shared import Mm, Pt, RGBColor

    page = made.sections[0]
    page.page_width, page.page_height = Mm(paper.width), Mm(paper.height)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    made.styles["Normal"].font.size = Pt(TEXT)
    made.styles["Normal"].paragraph_format.space_after = Pt(4)
    ink = RGBColor.from_string(look().ink.removeprefix("#").upper())
    for style, size in (("Title", 16.0), ("Subtitle", TEXT), ("Heading 1", 13.0)):
        font = made.styles[style].font
        font.size, font.color.rgb, font.name = Pt(size), ink, made.styles["Normal"].font.name
    foot = page.footer.paragraphs[0]
    foot.add_run(visible(brief.foot) + "  ").font.size = Pt(SMALL - 1)
    _page_number(foot)
    about, noon = made.core_properties, dt.datetime.combine(brief.stamp.as_of, dt.time(12))
    about.title, about.author, about.language = visible(brief.title), "afterfall", "en-GB"
    about.created = about.modified = noon
    about.last_modified_by, about.comments, about.revision = "afterfall", "", 1


def _page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run()
    run.font.size = Pt(SMALL - 1)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run.element.append(element)


def _section(made: WordFile, section: Section, paper: Paper) -> None:
    made.add_heading(visible(section.title), level=1)
    for block in section.blocks:
        _block(made, block, paper)


def _block(made: WordFile, block: Block, paper: Paper) -> None:
    if isinstance(block, Paragraphs):
        for text in block.texts:
            made.add_paragraph(visible(text))
    elif isinstance(block, BulletPoints):
        for item in block.items:
            made.add_paragraph(visible(item), style="List Bullet")
    elif isinstance(block, Judgements):
        for one in block.items:
            first, *rest = one.sentences()
            line = made.add_paragraph(style="List Number")
            line.add_run(visible(first)).bold = True
            line.add_run(visible("".join(f" {text}" for text in rest)))
    elif isinstance(block, Drawing):
        _picture(made, block, paper)
    else:
        _table(made, block)


def _picture(made: WordFile, drawing: Drawing, paper: Paper) -> None:
    import vl_convert
    from docx.shared import Mm

    png = vl_convert.svg_to_png(drawing.svg, scale=SCALE)
    made.add_picture(io.BytesIO(png), width=Mm(paper.width - 2 * MARGIN))
    (described,) = made.paragraphs[-1].runs[-1].element.xpath(".//wp:docPr")
    described.set("descr", visible(drawing.words))
    _note(made, drawing.caption)


def _table(made: WordFile, block: BriefTable) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    grid = block.grid
    if grid.title:
        made.add_paragraph().add_run(visible(grid.title)).bold = True
    table = made.add_table(rows=1, cols=len(grid.columns), style="Light List Accent 1")
    sides = [WD_ALIGN_PARAGRAPH.RIGHT if c.side == "right" else WD_ALIGN_PARAGRAPH.LEFT for c in grid.columns]
    _fill(table.rows[0].cells, [c.heading for c in grid.columns], sides)
    for row in (row for section in grid.sections for row in section):
        _fill(table.add_row().cells, row, sides)
    if block.note:
        _note(made, block.note)


def _fill(cells: Any, texts: Any, sides: list[Any]) -> None:
    from docx.shared import Pt

    for cell, text, side in zip(cells, texts, sides, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.alignment, paragraph.paragraph_format.space_after = side, Pt(0)
        paragraph.add_run(visible(text)).font.size = Pt(SMALL)


def _note(made: WordFile, text: str) -> None:
    from docx.shared import Pt, RGBColor

    run = made.add_paragraph().add_run(visible(text))
    run.font.size = Pt(SMALL)
    run.font.color.rgb = RGBColor.from_string(look().muted.removeprefix("#").upper())


def _dated(content: bytes, day: dt.date) -> bytes:
    """The same archive with the times of its parts set to a day, from 1980 on as the format wants it."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            part = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 12, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return held.getvalue()
