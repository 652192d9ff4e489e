"""Options in a brief: on two pages of A4 and of Letter, with the numbers of the comparison; and the brief in Word."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

import afterfall
from afterfall import Brief, OptionSet
from afterfall.case import Case
from afterfall.policy.costs import Spending
from afterfall.report.brief import html, markdown, pages_as_png
from afterfall.report.brief.as_docx import docx
from afterfall.report.brief.content import BriefTable, BulletPoints, Judgements, Paragraphs, Section
from afterfall.report.brief.options_section import options_in_short, options_section
from afterfall.report.brief.paper import PAPERS, paper_named
from afterfall.report.comparison.lever_words import lever_lines
from afterfall.report.comparison.option_verdicts import custody_words, label, moved, outcome_named, verdicts
from afterfall.report.comparison.own_currency import in_own
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
    return arda.with_parts((options_in_short(options), options_section(options)))


def test_the_verb_fills_the_section(case: Case) -> None:
    made = afterfall.brief(case, country="arda", options="border=0.9", horizon=6, trajectories=4, seed=5)
    words = " ".join(made.section("options").blocks[1].items)
    assert words.startswith("border=0.9 (")
    assert "Nothing clearly better or worse." in words, "four simulations are too few"
    first = made.sections[1]
    assert (first.key, first.page) == ("options-in-short", 1), "the bottom line on options is on the first page"
    assert first.blocks[1].items[0].startswith("border=0.9: ")


def test_each_lever_of_the_options_has_a_line_that_says_what_its_strengths_mean(options: OptionSet) -> None:
    lines = lever_lines(options)
    border = options.comparisons[0].b.policy.settings[0].lever
    assert [line.partition(" ")[0] for line in lines] == ["border", "programmes", "pressure"]
    assert lines[0].startswith("border (0.9 in border, 1 in all). 0: nobody who arrives is met by the authorities. ")
    assert f"Now ({border.now_in_force:g}): {border.words.now}. 1: {border.words.full}." in lines[0]
    assert lines == options_section(options).blocks[3].items


def test_escapes_are_always_named_where_an_option_decides_who_is_held(case: Case) -> None:
    found = afterfall.compare_options(
        case,
        ["secure: detention-security=0.9", "border: border=0.9"],
        horizon=12,
        trajectories=30,
        seed=5,
        country="brom",
    )
    named = {o for some in moved(found, 1) for o in some}
    words = custody_words(found, 1, named)
    for quantity in ("escaped", "died_in_custody", "held_minors"):
        outcome = outcome_named(found, quantity)
        assert (outcome in named) or (label(found, outcome) in words), quantity
    assert custody_words(found, 2, set()) == "", "a border decides nothing about custody"
    assert "In custody abroad besides:" in verdicts(found)[0]


def test_what_officers_cost_has_a_row_and_money_is_in_the_currency_of_the_country() -> None:
    day = dt.date(2026, 3, 13)
    paid = Spending("", "EUR of 2020: flights, as paid in FIN", "published", "", np.array([100.0, 200.0]), "EUR", 2020)
    own = in_own(paid, "CAN", day)
    assert own.unit == "CAD (EUR of 2020 at 1.53): flights, as paid in FIN"
    assert own.amount == pytest.approx(paid.amount * 1.53, rel=1e-3)
    assert in_own(paid, "FIN", day) is paid
    assert in_own(paid, None, day) is paid
    assert in_own(paid, "KAZ", day) is paid, "no currency of its own here: as the source has it"
    assert in_own(paid, "CAN", dt.date(2020, 6, 1)) is paid, "the mean of a year is known when it is over"


def test_border_officers_have_a_row(case: Case) -> None:
    found = afterfall.compare_options(case, ["border: border=1"], horizon=24, trajectories=30, seed=5, country="arda")
    (sheet,) = [b for b in options_section(found).blocks if isinstance(b, BriefTable)]
    rows = {row[0]: row for part in sheet.grid.sections for row in part}
    assert rows["border officers, person-months"][3].startswith("+")


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


def test_a_page_that_is_too_full_leaves_out_what_a_reader_can_do_without(brief: Brief) -> None:
    pytest.importorskip("typst", reason="pip install 'afterfall[brief]'")
    words = Section("changes", "What changed", (Paragraphs(("A sentence that takes room. " * 220,)),))
    assert len(pages_as_png(brief.with_parts((words,)), ppi=30, paper=PAPERS["letter"])) == 2
