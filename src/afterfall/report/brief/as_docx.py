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
from afterfall.report.kit.text_table import TextTable
from afterfall.report.kit.theme import look

if TYPE_CHECKING:
    from docx.document import Document as WordFile

#: Margins and the size of text, in millimetres and points; tables are smaller.
MARGIN, TEXT, SMALL = 18.0, 10.0, 8.0
#: Share of the text's width that a picture takes whose section stands in a column when printed.
HALF = 0.6
#: Millimetres of a letter in a table, and beside the text of a cell.
LETTER, PADDING = 1.9, 4.6
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
    room = paper.width - 2 * MARGIN
    for block in section.blocks:
        _block(made, block, room, room if section.wide or not section.page else HALF * room)


def _block(made: WordFile, block: Block, room: float, across: float) -> None:
    """A block; tables take `room` millimetres at most, pictures `across`."""
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
        _picture(made, block, across)
    else:
        _table(made, block, room)


def _picture(made: WordFile, drawing: Drawing, across: float) -> None:
    import vl_convert
    from docx.shared import Mm

    png = vl_convert.svg_to_png(drawing.svg, scale=SCALE)
    made.add_picture(io.BytesIO(png), width=Mm(across))
    (described,) = made.paragraphs[-1].runs[-1].element.xpath(".//wp:docPr")
    described.set("descr", visible(drawing.words))
    _note(made, drawing.caption)


def _table(made: WordFile, block: BriefTable, room: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    grid = block.grid
    if grid.title:
        made.add_paragraph().add_run(visible(grid.title)).bold = True
    table = made.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
    table.autofit = False
    sides = [WD_ALIGN_PARAGRAPH.RIGHT if c.side == "right" else WD_ALIGN_PARAGRAPH.LEFT for c in grid.columns]
    _fill(table.rows[0].cells, [c.heading for c in grid.columns], sides, bold=True)
    for row in (row for section in grid.sections for row in section):
        _fill(table.add_row().cells, row, sides)
    for column, width in zip(table.columns, _widths(grid, room), strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    if block.note:
        _note(made, block.note)


def _widths(grid: TextTable, room: float) -> list[float]:
    """Widths of columns in millimetres, by their longest word and their longest cell, that fill no more than `room`."""
    least, wanted = [], []
    for i, column in enumerate(grid.columns):
        cells = [column.heading, *(row[i] for section in grid.sections for row in section)]
        least.append(PADDING + LETTER * max(len(word) for cell in cells for word in [*cell.split(), ""]))
        wanted.append(PADDING + LETTER * max(map(len, cells)))
    if sum(least) > room:
        return [width * room / sum(least) for width in least]
    spare = room - sum(least)
    missing = [want - width for want, width in zip(wanted, least, strict=True)]
    share = min(1.0, spare / max(1e-9, sum(missing)))
    return [width + share * more for width, more in zip(least, missing, strict=True)]


def _fill(cells: Any, texts: Any, sides: list[Any], *, bold: bool = False) -> None:
    from docx.shared import Pt

    for cell, text, side in zip(cells, texts, sides, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.alignment, paragraph.paragraph_format.space_after = side, Pt(0)
        run = paragraph.add_run(visible(text))
        run.font.size, run.bold = Pt(SMALL), bold


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
