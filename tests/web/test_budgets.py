"""Size and number of what is loaded: past these limits the build fails."""

from __future__ import annotations

import gzip
import re

import pytest
from tests.web.conftest import Served, Watched

from afterfall.web.page_app import static_folder

#: Most bytes of a file, gzipped.
MOST = {
    "page.js": 60_000,
    "mix.js": 4_000,
    "upload.js": 2_000,
    "jobs.js": 2_000,
    "page.css": 8_000,
    "world.json": 65_000,
    "index.html": 1_000,
    "strings.fr-CA.json": 12_000,
}
MOST_LOADED, MOST_REQUESTS = 200_000, 10


@pytest.mark.parametrize("name", MOST)
def test_a_file_is_small(name: str) -> None:
    static = static_folder()
    assert static is not None
    assert len(gzip.compress(static.joinpath(name).read_bytes())) <= MOST[name]


def test_nothing_else_is_shipped() -> None:
    static = static_folder()
    assert static is not None
    assert {one.name for one in static.iterdir()} == {*MOST, "favicon.svg"}


def test_the_page_names_no_other_host() -> None:
    static = static_folder()
    assert static is not None
    text = "".join(static.joinpath(name).read_text(encoding="utf-8") for name in MOST if not name.endswith(".json"))
    named = set(re.findall(r"https?://([\w.-]+)", text))
    assert named <= {"www.w3.org"}, "only the names of XML, which are never asked for"


def test_the_first_load_is_light(watched: Watched, served: Served) -> None:
    sizes: list[int] = []
    watched.page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
    watched.open(f"{served.address}#/outlook?case=tiny", ".figure svg[role=img] path")
    watched.page.wait_for_timeout(300)
    assert len(sizes) <= MOST_REQUESTS
    assert sum(sizes) <= MOST_LOADED
