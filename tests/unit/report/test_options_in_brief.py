"""Options in a brief: on two pages of A4 and of Letter, with the numbers of the comparison; and the brief in Word."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

import afterfall
from afterfall import Brief, OptionSet
from afterfall.case import Case
from afterfall.report.brief import html, markdown, pages_as_png
from afterfall.report.brief.as_docx import docx
from afterfall.report.brief.content import BriefTable, BulletPoints, Judgements, Paragraphs, Section
from afterfall.report.brief.options_section import options_section
from afterfall.report.brief.paper import PAPERS, paper_named
from afterfall.run import UnknownName

GIVEN = [
    "border: border=0.9",
    "programmes: programmes=0.8",
    "none: programmes=0",
    "pressure: pressure=0.8",
    "all: border=1",
]
SETTINGS = {"country": "arda", "horizon": 36, "trajectories": 20, "seed": 5}


@pytest.fixture(scope="module")
def options(case: Case) -> OptionSet:
    return afterfall.compare_options(case, GIVEN, **SETTINGS)


@pytest.fixture(scope="module")
def brief(arda: Brief, options: OptionSet) -> Brief:
    return arda.with_parts((options_section(options),))


def test_the_verb_fills_the_section(case: Case) -> None:
    made = afterfall.brief(case, country="arda", options="border=0.9", horizon=6, trajectories=4, seed=5)
    words = " ".join(made.section("options").blocks[1].items)
    assert words.startswith("border=0.9 (")
    assert "Better:" in words
    assert "Cost:" in words


@pytest.mark.parametrize("paper", PAPERS)
def test_a_brief_with_options_is_printed_on_two_pages(brief: Brief, paper: str) -> None:
    pytest.importorskip("typst", reason="pip install 'afterfall[brief]'")
    pages = pages_as_png(brief, ppi=30, paper=PAPERS[paper])
    assert len(pages) == 2
    width, height = (int.from_bytes(pages[0][i : i + 4], "big") for i in (16, 20))
    assert width / height == pytest.approx(PAPERS[paper].width / PAPERS[paper].height, abs=0.01)


def test_the_table_has_the_differences_of_the_comparison(options: OptionSet) -> None:
    section = options_section(options)
    (sheet,) = [b for b in section.blocks if isinstance(b, BriefTable)]
    assert [c.heading for c in sheet.grid.columns][3:] == [text.partition(":")[0] for text in GIVEN]
    rows = {row[0]: row for part in sheet.grid.sections for row in part}
    assert {"children held abroad", "died in custody abroad", "wrongly flagged"} <= {r.removesuffix(" *") for r in rows}
    values = options.values["held_minors"]
    row = next(r for name, r in rows.items() if name.startswith("children held abroad"))
    for i in range(1, len(options.names)):
        mean = float((values[i] - values[0]).mean())
        assert (row[2 + i] == "0") == bool(np.array_equal(values[i], values[0]))
        assert mean < 0 or not row[2 + i].startswith("-")


def test_word_says_what_markdown_says(brief: Brief) -> None:
    library = pytest.importorskip("docx", reason="pip install 'afterfall[brief]'")
    content = docx(brief, paper_named("letter"))
    made = library.Document(io.BytesIO(content))
    words = "\n".join(p.text for p in made.paragraphs)
    cells = {cell.text for table in made.tables for row in table.rows for cell in row.cells}
    for section in brief.sections:
        assert section.title in words
        for block in section.blocks:
            if isinstance(block, Paragraphs):
                assert all(text in words for text in block.texts)
            elif isinstance(block, BulletPoints):
                assert all(item in words for item in block.items)
            elif isinstance(block, Judgements):
                assert all(sentence in words for one in block.items for sentence in one.sentences())
            elif isinstance(block, BriefTable):
                assert {cell for part in block.grid.sections for row in part for cell in row} <= cells
    assert round(made.sections[0].page_width.mm) == 216
    assert docx(brief, paper_named("letter")) == content, "the same brief gives the same bytes"


def test_hostile_text_is_text_in_word(brief: Brief) -> None:
    pytest.importorskip("docx", reason="pip install 'afterfall[brief]'")
    nasty = '<w:instrText>INCLUDEPICTURE "http://x"</w:instrText> & \x00\x1b[31m \u202e end'
    one = replace(brief, title=nasty, sections=(Section("options", nasty, (Paragraphs((nasty,)),)),))
    with zipfile.ZipFile(io.BytesIO(docx(one))) as parts:
        document = parts.read("word/document.xml").decode()
    assert "<w:instrText>INCLUDEPICTURE" not in document
    assert "&lt;w:instrText&gt;" in document
    assert not any(sign in document for sign in ("\x00", "\x1b", "\u202e"))


def test_paper_is_named_and_html_can_be_told(brief: Brief) -> None:
    assert "@page { size: letter; }" in html(brief, paper_named("Letter"))
    assert "@page { size" not in html(brief)
    assert "Options compared" in markdown(brief)
    with pytest.raises(UnknownName, match="letter"):
        paper_named("leter")
