"""A brief whose every text is markup: each form shows it as text, and a PDF tells what it cannot show."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from afterfall.report.brief import Brief, Section, html, markdown, pages_as_png, pdf
from afterfall.report.brief.as_typst import files
from afterfall.report.brief.content import BriefTable, BulletPoints, Drawing, Paragraphs
from afterfall.report.brief.typst_fonts import NoGlyph, without_glyph
from afterfall.report.kit.chart_frame import framed, rows_axis, words
from afterfall.report.kit.saving import save_chart
from afterfall.report.kit.stamp import Stamp
from afterfall.report.kit.svg import drawing, text
from afterfall.report.kit.text_table import TextTable, word_columns

NASTY = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://a.b/c.png)",
    "# heading",
    "a | b",
    '#panic("evaluated") $x$ *b* @nowhere <label> \\u{41} // c',
    "</text></svg><b>",
    "Ar\x1b]8;;x\x07da \u202e",
)
SHOWN = tuple(one.replace("\x1b", "\\x1b").replace("\x07", "\\x07").replace("\u202e", "\\u202e") for one in NASTY)
STAMP = Stamp("x", "0", "1", "0", dt.date(2015, 6, 30), 12, 10, 1, "0", "prior", NASTY[0])


def brief_of(texts: tuple[str, ...]) -> Brief:
    """A brief of one page whose every text is one of these."""
    words = "; ".join(texts)
    table = BriefTable(TextTable(word_columns(*texts), ((texts, texts),), words), words)
    picture = Drawing("picture", drawing(400, 20, [text(0, 15, words, 8)], words), words, words)
    blocks = (Paragraphs(texts), BulletPoints(texts), table, picture)
    return Brief(words, words, "x", words, STAMP, (Section("one", words, blocks, 1, wide=True),), words)


class Page(HTMLParser):
    """Text, tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_html_shows_it() -> None:
    hostile, plain = Page(), Page()
    hostile.feed(html(brief_of(NASTY)))
    plain.feed(html(brief_of(("a", "b"))))
    assert (hostile.tags, hostile.names) == (plain.tags, plain.names)
    assert set(SHOWN) <= set(hostile.text)


def test_markdown_shows_it() -> None:
    parser = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])

    def read(texts: tuple[str, ...]) -> tuple[set[str], set[str]]:
        found = [one for token in parser.parse(markdown(brief_of(texts))) for one in (token.children or [token])]
        return {one.type for one in found}, {one.content for one in found}

    (kinds, shown), (usual, _) = read(NASTY), read(("a", "b"))
    assert kinds == usual
    assert {" ".join(one.split()) for one in SHOWN} <= shown


def test_typst_gets_values_and_evaluates_none() -> None:
    pytest.importorskip("typst")
    brief = brief_of(NASTY)
    content = json.loads(files(brief)["brief.json"])
    assert content["sections"][0]["blocks"][0]["texts"] == list(SHOWN)
    assert ET.fromstring(files(brief)["picture.svg"])[0].text == "; ".join(SHOWN)
    assert pdf(brief).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["中文", "😀", "กรุงเทพ"])
def test_what_the_pdf_shows_as_boxes_is_told(name: str) -> None:
    pytest.importorskip("typst")
    with pytest.warns(NoGlyph, match=rf"boxes for .*U\+{min(map(ord, name)):04X}.*browser"):
        pdf(brief_of(("Arda", name)))


def test_what_the_fonts_have_is_not_told() -> None:
    pytest.importorskip("typst")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pages_as_png(brief_of(("Zoë – “Łódź” · ½", "Смоленск", "Αθήνα", "e\u0301")), ppi=20)


def test_characters_are_found_in_pictures_as_well() -> None:
    pytest.importorskip("typst")
    assert without_glyph([drawing(9, 9, [text(0, 0, "日本 é", 9)], "x"), "日"], "Libertinus Serif") == "日本"


def test_a_chart_shows_it(tmp_path: Path) -> None:
    rows = [{"y": 10, "name": one} for one in NASTY]
    chart = framed(words(rows, rows_axis(20), 0, "left", "name", "black"), NASTY[0], NASTY, NASTY)
    svg, _ = save_chart(chart, tmp_path / "chart", "; ".join(NASTY))
    root = ET.parse(svg).getroot()
    assert set(SHOWN) <= {element.text for element in root.iter() if element.tag.endswith(("}text", "}tspan"))}
    assert root.get("aria-label") == "; ".join(SHOWN)
    kinds = {element.tag.partition("}")[2] for element in root.iter()}
    assert kinds <= {"svg", "g", "path", "rect", "text", "tspan", "title", "defs"}
