"""A case whose names, titles and notes are markup, and files with names that act: commands show both as text."""

from __future__ import annotations

import shutil
import unicodedata
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from tests.unit.cli.conftest import Outcome, Shell

NAME = "<script>a</script> [Arda](javascript:a) | *b* #c"
TITLE = "![x](https://a.b/c.png) <img src=x onerror=y> =1+1"
ESC = "evil\x1b]0;owned\x07\u202e"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small case, with markup in place of names and titles."""
    with resources.as_file(resources.files("afterfall.case").joinpath("data", "tiny")) as tiny:
        copied = Path(shutil.copytree(tiny, tmp_path / "nasty"))
    for file, old, new in (
        ("places.csv", ",Arda,", f',"{NAME}",'),
        ("sources.csv", "Made up for teaching", TITLE),
        ("case.toml", "The Dusk League, a made-up case", NAME),
    ):
        path = copied / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    return copied


def acting(outcome: Outcome) -> list[str]:
    """Characters of what a command printed that act on a terminal."""
    return [s for s in outcome.out + outcome.err if s != "\n" and unicodedata.category(s) in {"Cc", "Cf"}]


class Tags(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_brief_of_a_case_of_markup_shows_it(shell: Shell, folder: Path) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    few = ("--trajectories", "5", "--horizon", "12", "--prior-only")
    outcome = shell("brief", "./nasty", "--country", "arda", *few, "--out", "b.html", "--out", "b.md", "--out", "b.pdf")
    assert outcome.code == 0, outcome.err
    page = Tags()
    page.feed((folder.parent / "b.html").read_text())
    assert not page.tags & {"script", "img", "b"}
    assert not page.attributes & {"src", "onerror"}
    assert NAME in page.text
    assert TITLE in page.text
    parser = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found = [one for t in parser.parse((folder.parent / "b.md").read_text()) for one in (t.children or [t])]
    assert not {one.type for one in found} & {"html_inline", "html_block", "link_open", "image"}
    assert any(NAME in one.content for one in found if one.type == "text")
    assert any(TITLE in one.content for one in found if one.type == "text")
    table = shell("check", "./nasty")
    assert NAME in table.out


@pytest.mark.parametrize(
    "asked",
    [
        ("check", f"./{ESC}"),
        ("check", ESC),
        ("forecast", "tiny", "--at", ESC),
        (ESC,),
        ("forecast", f"--{ESC}"),
        ("brief", "tiny", "--country", ESC),
        ("why", f"./{ESC}"),
    ],
)
def test_a_name_that_acts_is_shown(shell: Shell, asked: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / ESC).mkdir()
    outcome = shell(*asked)
    assert outcome.code == 2
    assert not acting(outcome)
    assert "\\x1b]0;owned" in outcome.err
