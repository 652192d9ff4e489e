"""Whatever a text holds, each format shows it as text: nothing in it acts, links, loads or changes the layout."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterfall.case.text_rules import fault_in, visible
from afterfall.cli import output, plain_columns, progress
from afterfall.cli.terminal_text import TextConsole, terminal_json, terminal_line
from afterfall.report.kit.html_text import html_text
from afterfall.report.kit.markdown import code, code_block, markdown_table, markdown_text
from afterfall.report.kit.svg import document, drawing, svg_text, text
from afterfall.report.kit.text_table import TextTable, word_columns
from afterfall.run import Progress as Step

MARKUP = (
    *("<script>alert(1)</script>", "<img src=x onerror=y>", "<!--", "-->", "</text>", "]]>", "&lt;", "&#106;", "&"),
    *(
        "[x](javascript:alert(1))",
        "![x](http://a.b/c.png)",
        "[x]: y",
        "<javascript:x>",
        "[^1]",
        "[ ]",
        "](",
        "\\",
        "\\\\|",
    ),
    *("# ", "#", "> ", "- ", "+ ", "* ", "1. ", "2) ", "---", "***", "===", "    ", "\t", "|", "a|b", "``", "`", "~~~"),
    *("*a*", "_a_", "__", "a_b", "~~x~~", "$x$", "#panic()", "@ref", "[bold]", "[/]", ":smile:", "\n", "\r\n", "-->"),
    *('"', "'", "=1+1", "é", "Zoë", "中", "😀", "می\u200cخواهم", "{{", "%", "https://a.b/c"),
)
ACTING = (
    "\x1b[31m",
    "\x1b]8;;http://x\x07",
    "\x07",
    "\x08",
    "\r",
    "\x00",
    "\x7f",
    "\x9b2J",
    "\u202e",
    "\u2066",
    "\ufeff",
)
ACTING += ("\u2028", "\uffff", "\ue000", "\udcff", "\x0b")
SIGNS = st.text("ab .-_*#|<>[]()!&`\\~\n", max_size=4)
LEGAL = st.lists(st.one_of(st.sampled_from(MARKUP), SIGNS), max_size=8).map("".join)
HOSTILE = st.lists(st.one_of(st.sampled_from(MARKUP + ACTING), SIGNS, st.text(max_size=3)), max_size=8).map("".join)
often = settings(max_examples=300, derandomize=True, deadline=None, database=None)


def words(written: str) -> str:
    """The words of a text, with single spaces."""
    return " ".join(visible(written).split())


def acts(shown: str) -> list[str]:
    """Characters of a text that act on what shows it."""
    return [s for s in shown if s != "\n" and unicodedata.category(s) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}]


class Reader(HTMLParser):
    """The text and the tags of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.named = "", [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.named += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@often
@given(HOSTILE)
def test_nothing_that_acts_is_left_and_what_the_door_lets_in_stays(written: str) -> None:
    assert not [sign for sign in acts(visible(written)) if sign not in "\u200c\u200d"]
    if "\t" not in written and fault_in(written) is None:
        assert visible(written) == written


@often
@given(HOSTILE)
def test_html_gives_back_the_text(written: str) -> None:
    reader = Reader()
    reader.feed(f'<p title="{html_text(written)}">{html_text(written)}</p>')
    reader.close()
    assert (reader.text, reader.tags) == (visible(written), ["p"])
    assert reader.named == [("title", visible(written))]


@often
@given(HOSTILE)
def test_svg_gives_back_the_text(written: str) -> None:
    shapes = [text(0, 0, written, 10), f"<g><title>{svg_text(written)}</title></g>"]
    for svg in (drawing(10, 10, shapes, written), document(10, 10, written, [written], [written], shapes)):
        root = ET.fromstring(svg)
        tags = {element.tag.partition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "rect", "text", "g", "title"}
        found = [e.text or "" for e in root.iter() if e.tag.endswith(("}text", "}title"))]
        assert set(found) == {visible(written)}


def tokens(page: str) -> list[object]:
    """What a reader of GitHub's Markdown sees in a page, without the nesting of inlines."""
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [one for token in parser.parse(page) for one in (token.children or [token])]


def seen(page: str) -> tuple[set[str], str]:
    """Kinds of what is no text in a page, and the text."""
    found = tokens(page)
    kinds = {one.type for one in found} - {"text", "inline"}
    return kinds, "".join(one.content for one in found if one.type in ("text", "code_inline", "fence"))


PARAGRAPH = {"paragraph_open", "paragraph_close"}
TABLE = {f"{part}_{end}" for part in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")}
PLACES = {
    "{}": PARAGRAPH,
    "# {}": {"heading_open", "heading_close"},
    "before\n\n{}\n\nafter": PARAGRAPH,
    "- {}": {*PARAGRAPH, "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"},
    "3. {}": {*PARAGRAPH, "ordered_list_open", "ordered_list_close", "list_item_open", "list_item_close"},
    "x *{}*": {*PARAGRAPH, "em_open", "em_close"},
    "**{}**": {*PARAGRAPH, "strong_open", "strong_close"},
}


@often
@given(HOSTILE, st.sampled_from(sorted(PLACES)))
def test_markdown_shows_the_text_wherever_it_stands(written: str, place: str) -> None:
    if not words(written):
        return
    kinds, shown = seen(place.format(markdown_text(written)))
    assert kinds <= PLACES[place]
    assert words(shown.removeprefix("before").removesuffix("after").removeprefix("x ")) == words(written)


@often
@given(st.lists(HOSTILE, min_size=2, max_size=2))
def test_a_cell_of_markdown_stays_a_cell(cells: list[str]) -> None:
    row = [markdown_text(cell) for cell in cells]
    kinds, shown = seen(markdown_table(("a", "b"), [row, row]))
    assert kinds <= TABLE
    assert words(shown) == words("ab" + 2 * "".join(words(cell) for cell in cells))
    assert sum(one.type == "td_open" for one in tokens(markdown_table(("a", "b"), [row]))) == 2


@often
@given(HOSTILE)
def test_code_ends_where_it_should(written: str) -> None:
    kinds, _ = seen(f"x {code(written)}")
    assert kinds <= {*PARAGRAPH, "code_inline"}
    kinds, shown = seen(code_block(written, "sh"))
    assert kinds == {"fence"}
    assert shown.removesuffix("\n") == visible(written)


@often
@given(HOSTILE)
def test_json_is_the_same_object_without_anything_that_acts(written: str) -> None:
    content = {"name": written, written: [written]}
    shown = terminal_json(content)
    assert json.loads(shown) == content
    assert not [sign for sign in acts(shown) if sign not in "\u200c\u200d"]


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
@settings(often, max_examples=100)
@given(written=HOSTILE)
def test_what_is_printed_acts_on_no_terminal(stream: type[io.StringIO], written: str) -> None:
    grid = TextTable(word_columns(written or "x", "b"), (((written, written),),), written)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
            patch.setenv(name, value)
        for name in ("stdout", "stderr"):
            patch.setattr(sys, name, stream())
        output.show([written], [grid], [written])
        output.show_text(written)
        output.show_json({"a": written})
        output.stderr().print(f"note: {written}")
        shown = (sys.stdout.getvalue(), sys.stderr.getvalue())  # type: ignore[attr-defined]
    assert not [sign for sign in acts("".join(shown)) if sign not in "\u200c\u200d"]


@often
@given(LEGAL)
def test_tables_off_a_terminal_are_the_text(written: str) -> None:
    grid = TextTable(word_columns("a", "b"), (((written, "end"),),))
    lines = output.plain_text(output.terminal_table(grid)).splitlines()
    assert len(lines) == 2
    assert lines[1] == f"{terminal_line(written).ljust(1)}{plain_columns.GAP}end"


def test_a_bar_of_progress_shows_brackets_and_no_escapes() -> None:
    file = io.StringIO()
    with progress.reporting(TextConsole(file=file, force_terminal=True, width=100)) as report:
        report(Step("[red]simulating\x07", 1, 2, "[red]as of\x1b]0;x\x07"))
    assert "[red]as of\\x1b]0;x" in file.getvalue()
    assert "[red]simulating" in file.getvalue()
    assert "\x07" not in file.getvalue()
