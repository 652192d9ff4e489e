"""The site builds without a warning and without any network, and its pages load nothing from elsewhere.

`mkdocs build --strict` checks links and anchors between pages. What is left to check here: what a built page would
load, and that everything public has its place in the reference.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import afterfall

pytest.importorskip("material", reason="the site needs mkdocs-material: pip install '.[dev]'")
pytest.importorskip("mkdocstrings", reason="the site needs mkdocstrings: pip install '.[dev]'")

ROOT = Path(__file__).parents[2]
#: Attributes by which an element loads something; a link (`a`) loads nothing until it is followed.
LOADING = {"src", "srcset", "poster", "data", "href", "xlink:href"}
FOLLOWED = {"a", "area", "base"}
STYLE = re.compile(r"(?:url\(|@import\s*)\s*[\"']?\s*(https?:)?//", re.IGNORECASE)
#: In a script: a whole address in quotes that could be fetched. Names of formats and licences are none.
ADDRESS = re.compile(r"[\"'`](https?://[^\"'`\s]+)[\"'`]")
NAMES = ("http://www.w3.org/",)


class Loads(HTMLParser):
    """Addresses of other machines that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in given.items():
            outside = re.match(r"\s*(https?:)?//", value or "")
            passive = tag in FOLLOWED or (tag == "link" and given.get("rel") in ("canonical", "next", "prev"))
            if name in LOADING and outside and not passive:
                self.found.append(f"{tag} {name}={value}")
            if name == "style" and STYLE.search(value or ""):
                self.found.append(f"{tag} style={value}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built by the command of `make site`, with every proxy leading nowhere."""
    folder = tmp_path_factory.mktemp("site")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, **nowhere, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def loaded(text: str) -> list[str]:
    """What the HTML of a page loads from elsewhere."""
    parser = Loads()
    parser.feed(text)
    return parser.found


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30
    assert {page.name: found for page in pages if (found := loaded(page.read_text(encoding="utf-8")))} == {}


def test_no_style_or_script_loads_anything_from_elsewhere(site: Path) -> None:
    styles = [path for path in site.rglob("*.css") if STYLE.search(path.read_text(encoding="utf-8"))]
    scripts = {
        path.name: found
        for path in site.rglob("*.js")
        if (found := [a for a in ADDRESS.findall(path.read_text(encoding="utf-8")) if not a.startswith(NAMES)])
    }
    assert styles == []
    assert scripts == {}


def test_every_block_of_code_is_shown_as_one(site: Path) -> None:
    assert [page.name for page in site.rglob("*.html") if "```" in page.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://example.org/a.js"></script>',
        '<link rel="stylesheet" href="//example.org/a.css">',
        '<img srcset="https://example.org/a.png 2x">',
        '<p style="background: url(https://example.org/a.png)">',
    ],
)
def test_a_page_that_loads_something_would_be_seen(page: str) -> None:
    assert loaded(page)
    assert not loaded('<a href="https://example.org">x</a><img src="a.png">')


def test_every_public_name_and_command_has_its_place(site: Path) -> None:
    from afterfall.cli.app import COMMANDS

    reference = site / "reference"
    verbs, results, line = (
        (reference / f"{name}.html").read_text(encoding="utf-8")
        for name in ("python-verbs", "python-results", "command-line")
    )
    missing = [
        name for name in afterfall.__all__ if name != "__version__" and f'id="{_full(name)}"' not in verbs + results
    ]
    assert missing == []
    assert [name for name in COMMANDS if f'id="afterfall-{name}"' not in line] == []


def _full(name: str) -> str:
    found = getattr(afterfall, name)
    return f"{found.__module__}.{found.__qualname__}"
