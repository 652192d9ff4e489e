"""Four people at the real server, from the first page to what they must leave with (docs/page.md, "Four people").

Everything is computed by `afterfall serve` on the made-up case `tiny`; nothing is stored but the answers that come with
the package. Takes some minutes on a machine that has not made the engine's machine code yet.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched

pytestmark = pytest.mark.slow
#: Waiting for what is simulated, in milliseconds.
LONG = 300_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that keeps its runs in a folder of the tests."""
    command = [sys.executable, "-m", "afterfall", "serve", "--port", "0", "--no-open"]
    folder = tmp_path_factory.mktemp("served")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as running:
        assert running.stdout is not None
        try:
            found = next((line for line in running.stdout if line.startswith("http")), "")
            assert found, "the server says where it listens"
            yield found.strip()
        finally:
            running.terminate()


def begin(watched: Watched, address: str, view: str) -> Page:
    """The page of Arda, which is chosen as a reader does: typed with a slip, and Enter."""
    page = watched.open(f"{address}#/{view}?case=tiny", ".card")
    page.get_by_role("combobox", name="Country").fill("adra")
    expect(page.locator(".options [role=option]").first).to_contain_text("Arda")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("focus=arda"))
    return page


def test_the_analyst_leaves_with_a_sentence_a_range_a_confidence_and_a_run_of_their_own(
    watched: Watched, address: str
) -> None:
    page = begin(watched, address, "outlook")
    first = page.locator(".judgement").first
    expect(first).to_contain_text(re.compile(r"\d+–\d+%.*\d+ in 100"))
    expect(first).to_contain_text("90% range")
    expect(first).to_contain_text(re.compile("Confidence: (low|moderate|high)"))
    page.get_by_role("button", name=re.compile("^Why this number")).first.click()
    expect(page.get_by_role("dialog").get_by_role("table").first).to_be_visible(timeout=LONG)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Drivers & indicators").click()
    page.locator(".board").get_by_role("checkbox").first.check()
    expect(page.get_by_role("heading", name=re.compile("^Conditional forecast"))).to_be_visible(timeout=LONG)
    expect(page.get_by_text("User scenario, not the published forecast").first).to_be_visible()


def test_the_analyst_adds_a_figure_and_sees_what_it_changes_before_accepting(watched: Watched, address: str) -> None:
    page = begin(watched, address, "outlook")
    page.locator("summary", has_text="Export").click()
    page.get_by_role("button", name="Add figures").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").last.fill("quantity,place,value,refers_to\nreturnd,arda,50,2015-05\n")
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.get_by_role("heading", name="What is wrong")).to_be_visible(timeout=LONG)
    expect(dialog).to_contain_text("returned")
    expect(dialog.get_by_role("button", name=re.compile("^Accept"))).to_have_count(0)
    dialog.get_by_role("textbox").last.fill("quantity,place,value,refers_to\nreturned,arda,50,2015-05\n")
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.get_by_role("heading", name="What it would change")).to_be_visible(timeout=LONG)
    dialog.get_by_role("button", name=re.compile("^Accept")).click()
    expect(page).to_have_url(re.compile("case=user"), timeout=LONG)


def test_the_planner_leaves_with_b_against_a_and_two_printed_pages(watched: Watched, address: str) -> None:
    page = begin(watched, address, "compare")
    page.get_by_role("slider", name="Border and route screening").press("End")
    expect(page.locator(".refining li.done").first).to_be_attached(timeout=LONG)
    expect(page.locator(".verdict .lead")).to_contain_text(re.compile(r"\d"))
    expect(page.get_by_role("heading", name=re.compile("^Capacity and cost"))).to_be_visible()
    page.get_by_role("tab", name="Several options").click()
    page.get_by_label("Name", exact=True).fill("borders")
    page.get_by_role("button", name="Add what is set as B").click()
    expect(page.locator(".league tbody tr")).to_have_count(1, timeout=LONG)
    page.get_by_role("button", name="Brief", exact=True).click()
    link = page.get_by_role("link", name="Open alone").get_attribute("href")
    page.goto(address + str(link))
    printed = page.pdf(format="Letter")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 2


def test_the_researcher_leaves_with_a_figure_its_data_its_run_and_code(
    watched: Watched, address: str, tmp_path: Path
) -> None:
    page = begin(watched, address, "outlook")
    figure = page.locator(".figure.pathways")
    with page.expect_download() as waiting:
        figure.get_by_role("button", name="SVG", exact=True).click()
    waiting.value.save_as(tmp_path / "figure.svg")
    run = re.search(r"run (\w{12})", (tmp_path / "figure.svg").read_text(encoding="utf-8"))
    assert run, "the picture says which run it is of"
    page.locator("summary", has_text="Export").click()
    with page.expect_download(timeout=LONG) as waiting:
        page.get_by_role("link", name="Tidy CSV").click()
    waiting.value.save_as(tmp_path / "all.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "all.csv").read_text(encoding="utf-8"))))
    assert {row["run"] for row in rows} == {run[1]}
    page.get_by_role("button", name="Copy code").click()
    expect(page.get_by_role("dialog").locator("pre").first).to_contain_text("afterfall forecast tiny")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Evidence").click()
    page.get_by_role("searchbox", name="Find").fill("survey")
    expect(page.locator(".register tbody tr").first).to_contain_text("Made up for teaching")


def test_the_student_decides_before_the_outcome_is_shown(watched: Watched, address: str) -> None:
    page = begin(watched, address, "track")
    expect(page.get_by_role("heading", name=re.compile("had to face"))).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Table").first.click()
    assert "hidden" in page.get_by_role("table").first.inner_text()
    page.get_by_role("switch").check()
    expect(page.get_by_role("heading", name=re.compile("lie in the 90% ranges"))).to_be_visible(timeout=LONG)
