"""WCAG 2.2 AA as far as axe can see: no violation on any view, wide and narrow, nor in the drawers."""

from __future__ import annotations

import pytest
from tests.web.conftest import JOB, Served, Watched
from tests.web.test_page import LINKS, PAINTED, VIEWS

Axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="needs axe-playwright-python: pip install '.[dev]'"
).Axe
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def violations(watched: Watched) -> list[str]:
    """What axe finds, one line each: the rule, and the first elements."""
    found = Axe().run(watched.page, options=RULES)
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found.response["violations"]]


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(view: str, watched: Watched, served: Served) -> None:
    watched.open(served.address + LINKS[view], PAINTED[view])
    for width in (1366, 390):
        watched.page.set_viewport_size({"width": width, "height": 768})
        watched.page.wait_for_timeout(300)
        assert violations(watched) == [], width


@pytest.mark.parametrize("way", ["levers&v.begun=yes", "options&option=borders:+border%3D0.9"])
def test_axe_finds_nothing_among_several_options(way: str, watched: Watched, served: Served) -> None:
    watched.open(f"{served.address}#/compare?case=tiny&focus=arda&v.way={way}", ".league tbody tr")
    watched.page.wait_for_timeout(400)
    assert violations(watched) == []


def test_axe_finds_nothing_in_the_search_of_the_best_mix(watched: Watched, served: Served) -> None:
    served.job = "done"
    watched.open(f"{served.address}#/compare?case=tiny&focus=arda&v.way=mix&v.job={JOB}", ".finalists tbody tr")
    for width in (1366, 390, 320):
        watched.page.set_viewport_size({"width": width, "height": 768})
        watched.page.wait_for_timeout(300)
        assert violations(watched) == [], width
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["Copy code", "Assumptions"])
def test_axe_finds_nothing_in_a_drawer(name: str, watched: Watched, served: Served) -> None:
    watched.open(served.address + LINKS["outlook"], PAINTED["outlook"])
    watched.page.get_by_role("button", name=name).click()
    watched.page.get_by_role("dialog").locator("h2").wait_for()
    assert violations(watched) == []
