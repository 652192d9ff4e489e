"""The page as a reader meets it: every view painted, links that restore, keyboard, phones, paper, files, safety."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.web.conftest import JOB, Served, Watched
from tests.web.record_answers import stored

from afterfall.policy.endpoints import ELSEWHERE, HARM, HOME, RESOURCES

VIEWS = ("outlook", "flows", "violence", "compare", "drivers", "track", "evidence")
#: The state that shows most of each view.
LINKS = {view: f"#/{view}?case=tiny" for view in VIEWS} | {
    "compare": "#/compare?case=tiny&focus=arda&lever=detention-security=0.9",
    "drivers": "#/drivers?case=tiny&seen=event:new-elsewhere",
    "track": "#/track?case=tiny&v.reveal=yes",
}
#: What is there once a view is painted.
PAINTED = dict.fromkeys(VIEWS, ".figure svg[role=img] path") | {
    "compare": ".refining li.done",
    "evidence": ".register tbody tr",
}

#: Controls that are shown and lower than 24 pixels, the least of WCAG 2.2.
SMALL = """() => [...document.querySelectorAll("button, select, summary, input:not(.hidden)")]
    .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 23.5)
    .map((one) => one.outerHTML.slice(0, 90))"""


def opened(watched: Watched, served: Served, view: str) -> None:
    """Open a view and wait until it is painted."""
    watched.open(served.address + LINKS[view], PAINTED[view])


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_is_painted_without_complaint_or_outside_request(view: str, watched: Watched, served: Served) -> None:
    opened(watched, served, view)
    page = watched.page
    for one in page.locator(".figure svg[role=img]").all():
        box = one.bounding_box()
        assert box is not None
        assert box["width"] > 200
        assert box["height"] > 40
        assert re.search(r"\d", one.get_attribute("aria-label") or ""), "a picture's sentence has its numbers"
    assert "undefined" not in page.inner_text("body")
    assert "NaN" not in page.inner_text("body")
    assert watched.complaints == []
    assert watched.hosts == {served.address.split("/")[2]}


def test_a_moved_lever_changes_the_picture_and_the_address(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/compare?case=tiny&focus=arda", ".lever")
    expect(page.locator(".results .figure")).to_have_count(0)
    page.get_by_role("slider").nth(1).press("ArrowRight")
    page.locator(".refining li.done").first.wait_for()
    expect(page.get_by_role("region", name="B minus A, simulation by simulation")).to_be_visible()
    expect(page).to_have_url(re.compile("lever="))
    assert served.was_asked("compare", "lever=")
    expect(page.get_by_text("Done:")).to_be_visible()


def test_ways_to_compare_are_tabs_and_options_come_from_packages(watched: Watched, served: Served) -> None:
    def change(answer: dict[str, dict[str, dict[str, dict[str, object]]]]) -> object:
        for one in (*answer["levers"]["packages"].values(), *answer["levers"]["levers"].values()):
            one["public_at_as_of"] = True
        return answer

    served.changes["vintage"] = change
    page = watched.open(f"{served.address}#/compare?case=tiny&focus=arda", "[role=tab]")
    page.get_by_role("tab", name="A against B").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Best mix under a budget")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Several options")).to_be_focused()
    expect(page.get_by_role("tab", name="Several options")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name=re.compile("^Compare the [0-9] packages")).click()
    page.locator(".refining li.done").first.wait_for()
    expect(page).to_have_url(re.compile("option="))
    assert served.was_asked("options", "option=")
    expect(page.locator(".league tbody tr")).to_have_count(2)
    expect(page.get_by_role("button", name=re.compile("^Remove ")).first).to_be_visible()
    assert watched.complaints == []


def test_all_levers_are_compared_when_asked_for(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/compare?case=tiny&focus=arda&v.way=levers", ".start")
    assert not any(one.startswith("options?") for one in served.asked)
    page.get_by_role("button", name=re.compile("^Compare all")).click()
    page.locator(".league tbody tr").first.wait_for()
    assert served.was_asked("options", "option=")


def test_the_best_mix_is_asked_for_followed_and_shown(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/compare?case=tiny&focus=arda&v.way=mix", ".mix")
    page.get_by_label("Amount").fill("50")
    page.get_by_role("checkbox", name="Exit programmes").uncheck()
    page.get_by_role("button", name="Search the best mix").click()
    expect(page.get_by_text("Round 1: 40 of 160 simulations.")).to_be_visible()
    assert served.begun[0]["budget"] == ["monitored=50"]
    assert served.begun[0]["mix"] == ["border", "monitoring"]
    assert served.begun[0]["outcome"] == "undetected"
    served.job = "done"
    found = json.loads(stored("mix.json"))
    expect(page.locator(".verdict .lead")).to_have_text(found["sentences"][0])
    expect(page.locator(".finalists tbody tr")).to_have_count(len(found["rows"]))
    expect(page.locator(".code pre").first).to_contain_text("--budget monitored=50")
    expect(page).to_have_url(re.compile("budget=monitored=50"))
    page.get_by_role("button", name="Show the finalists side by side").click()
    page.locator(".league tbody tr").first.wait_for()
    assert served.was_asked("options", "option=mix+1")
    assert watched.complaints == []


def test_a_search_is_cancelled(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/compare?case=tiny&focus=arda&v.way=mix", ".mix")
    page.get_by_role("button", name="Search the best mix").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".searching .pill")).to_have_text("cancelled")


def test_what_a_search_offers_is_what_the_program_takes() -> None:
    source = Path(__file__).parents[2].joinpath("web", "src", "views", "Mix.tsx").read_text(encoding="utf-8")
    lists = (re.findall(rf"{name} = \[(.*?)\] as const", source)[0] for name in ("OUTCOMES", "BUDGETS"))
    outcomes, budgets = (re.findall(r'"(\w+)"', one) for one in lists)
    assert set(budgets) < set(RESOURCES)
    judged = {one.quantity for one in (*HOME, *HARM, *ELSEWHERE) if one.direction != "neither"}
    assert set(outcomes) <= judged
    words = json.loads(Path(__file__).parents[2].joinpath("web", "src", "strings.en.json").read_text(encoding="utf-8"))
    assert {name: words[f"mix.budget.{name}"] for name in budgets} == {name: RESOURCES[name] for name in budgets}


def test_on_a_phone_levers_and_tables_fold_and_what_changes_stays_in_sight(watched: Watched, served: Served) -> None:
    watched.page.set_viewport_size({"width": 390, "height": 844})
    page = watched.open(f"{served.address}#/compare?case=tiny&focus=arda", ".group")
    levers = page.locator(".group").get_by_role("slider")
    expect(levers.first).to_be_hidden()
    page.locator(".group summary").first.click()
    levers.nth(1).press("ArrowRight")
    page.locator(".refining li.done").first.wait_for(state="attached")
    bar = page.locator(".in-sight")
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text(re.compile(r"^B: .*[0-9]"))
    page.locator(".group summary").first.click()
    expect(page.locator(".group .set").first).to_contain_text(re.compile("[0-9]"))
    expect(page.locator(".fold tbody tr").first).to_be_hidden()
    bar.get_by_role("link").click()
    expect(page.locator(".verdict")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight") < 5000


def test_where_nothing_was_published_later_the_record_offers_past_dates(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/track?case=isis", ".start")
    expect(page.get_by_role("heading", name=re.compile("^Nothing has been published after"))).to_be_visible()
    assert not any(one.startswith("track?") for one in served.asked)
    page.get_by_role("button", name=re.compile("made-up case")).last.click()
    expect(page.get_by_role("switch")).to_be_visible()
    expect(page).to_have_url(re.compile("case=tiny"))


def test_a_failed_comparison_says_why(watched: Watched, served: Served) -> None:
    line = '{"kind": "state", "state": "failed", "done": 0, "total": 0, "text": "no such lever"}\n'
    watched.page.route(
        "**/api/v1/compare*", lambda route: route.fulfill(body=line, content_type="application/x-ndjson")
    )
    page = watched.open(f"{served.address}#/compare?case=tiny&lever=border=0.9", ".refining")
    expect(page.locator(".refining")).to_contain_text("no such lever")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_a_long_step_says_how_far_it_is(watched: Watched, served: Served) -> None:
    step = stored("compare.ndjson").splitlines()[0].decode()
    state = {"kind": "state", "state": "simulating", "done": 640, "total": 1600, "seconds_left": 93, "text": ""}
    watched.page.route(
        "**/api/v1/compare*",
        lambda route: route.fulfill(body=f"{step}\n{json.dumps(state)}\n", content_type="application/x-ndjson"),
    )
    page = watched.open(f"{served.address}#/compare?case=tiny&lever=border=0.9", ".refining progress")
    expect(page.locator(".next-step")).to_have_text("Next step: 640 of 1,600 simulations made. About 2 min left.")
    assert page.locator(".next-step progress").evaluate("one => one.value / one.max") == 0.4


def test_a_best_mix_of_less_than_half_a_person_says_so(watched: Watched, served: Served) -> None:
    found = json.loads(stored("mix.json"))
    assert [row["small"] for row in found["rows"]] == [
        row["name"] != "now" and abs(row["gain"]) < 0.5 for row in found["rows"]
    ]
    found["rows"] = [row for row in found["rows"] if row["small"]]
    watched.page.route("**/api/v1/jobs/*/mix", lambda route: route.fulfill(json=found))
    served.job = "done"
    page = watched.open(f"{served.address}#/compare?case=tiny&focus=arda&v.way=mix&v.job={JOB}", ".finalists")
    expect(page.locator("#found")).to_contain_text("under half a person")
    expect(page.locator(".finalists td").first).to_contain_text("under half a person")


def test_the_registers_print_on_few_pages(watched: Watched, served: Served) -> None:
    """Of the world in `isis` there are 93 figures, and titles of sources are often this long."""
    title = "Schmid, ICCT Policy Brief, Foreign (Terrorist) Fighter Estimates: Conceptual and Data Issues, Oct 2015"

    def many(answer: dict[str, Any]) -> dict[str, Any]:
        rows = [{**row, "note": ""} for row in answer["figures"]]
        sources = [{**one, "title": title} for one in answer["sources"]]
        return {**answer, "figures": (rows * 93)[:93], "sources": sources}

    served.changes["evidence"] = many
    page = watched.open(f"{served.address}#/evidence?case=tiny", ".register tbody tr")
    assert page.locator(".register tbody tr").count() == 93
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 4


def test_events_are_set_against_pathways_and_a_tick_conditions(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/drivers?case=tiny", ".ach tbody tr")
    expect(page.locator(".ach").first.locator("thead th.cross")).to_have_count(5)
    page.locator(".ach").first.get_by_role("checkbox").first.check()
    expect(page).to_have_url(re.compile("seen="))
    assert served.was_asked("condition", "seen=")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_simulations_are_shown_one_by_one_only_when_asked_for(motion: str, watched: Watched, served: Served) -> None:
    watched.page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    opened(watched, served, "violence")
    page = watched.page
    courses = page.locator(".figure svg [stroke='#b35900']")
    expect(courses).to_have_count(0)
    page.get_by_role("button", name="Show simulations one by one").first.click()
    expect(courses.first).to_be_attached()
    number = page.locator(".hop .muted").first
    first = number.inner_text()
    if motion == "reduce":
        page.wait_for_timeout(900)
        assert number.inner_text() == first, "nothing moves by itself"
        page.get_by_role("button", name="Next simulation").first.click()
    expect(number).not_to_have_text(first)
    page.locator(".hop").first.get_by_role("button", name="Stop").click()
    expect(courses).to_have_count(0)


def test_the_page_speaks_french(watched: Watched, served: Served) -> None:
    opened(watched, served, "outlook")
    page = watched.page
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_role("link", name="Perspectives")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr-CA")
    assert "case=tiny" in page.url
    expect(page.get_by_role("link", name="English")).to_be_visible()
    assert watched.complaints == []


def test_a_link_restores_the_view(watched: Watched, served: Served) -> None:
    page = watched.open(
        f"{served.address}#/flows?case=tiny&at=24&v.column=detained&v.unit=share", ".figure svg[role=img]"
    )
    expect(page.locator(".map select")).to_have_value("detained")
    expect(page.get_by_role("button", name="Share")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Looking ahead")).to_have_value("24")
    assert served.was_asked("flows", "at=24")


def test_what_happened_stays_hidden_until_asked_for(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/track?case=tiny", ".ask")
    assert not any("reveal=true" in one for one in served.asked)
    page.get_by_role("switch").check()
    expect(page.get_by_text("against figures published later").first).to_be_visible()
    assert served.was_asked("track", "reveal=true")


def test_why_this_number_opens_and_gives_the_focus_back(watched: Watched, served: Served) -> None:
    opened(watched, served, "outlook")
    page = watched.page
    button = page.get_by_role("button", name=re.compile("^Why this number")).first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", name="Why this number?")).to_be_visible()
    page.locator("dialog table").first.wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_copy_code_gives_the_command_and_the_python(watched: Watched, served: Served) -> None:
    opened(watched, served, "compare")
    watched.page.get_by_role("button", name="Copy code").click()
    expect(watched.page.get_by_role("dialog").locator("pre").first).to_contain_text("afterfall compare tiny")
    expect(watched.page.get_by_role("dialog").locator("pre").nth(1)).to_contain_text("afterfall.compare(")


def test_the_keyboard_alone_is_enough(watched: Watched, served: Served) -> None:
    opened(watched, served, "flows")
    page = watched.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the view")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("listbox", name=re.compile("^Map of")).focus()
    first = page.locator("#country h2").inner_text()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#country h2")).not_to_have_text(first)
    page.keyboard.press("Enter")
    expect(page.locator("#country")).to_be_focused()


def test_a_country_is_found_as_it_is_typed(watched: Watched, served: Served) -> None:
    opened(watched, served, "outlook")
    page = watched.page
    page.get_by_role("combobox", name="Country").fill("brmo")
    expect(page.locator(".options [role=option]").first).to_contain_text("Brom")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("focus=brom"))
    assert served.was_asked("forecast", "focus=brom")


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_and_a_doubled_text_need_no_sideways_scrolling(view: str, watched: Watched, served: Served) -> None:
    watched.page.set_viewport_size({"width": 320, "height": 740})
    opened(watched, served, view)
    for width in (320, 390, 683):
        watched.page.set_viewport_size({"width": width, "height": 740})
        watched.page.wait_for_timeout(150)
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_large_enough_to_hit(watched: Watched, served: Served) -> None:
    for view in VIEWS:
        opened(watched, served, view)
        small = watched.page.evaluate(SMALL)
        assert small == [], view


def test_forced_colours_keep_the_pictures(watched: Watched, served: Served) -> None:
    watched.page.emulate_media(forced_colors="active")
    opened(watched, served, "outlook")
    look = watched.page.locator(".figure .drawing svg").first.evaluate("one => getComputedStyle(one).forcedColorAdjust")
    assert look == "none"


def test_text_of_a_case_is_data_never_markup(watched: Watched, served: Served) -> None:
    nasty = "<img src=x onerror=document.title='broken'><b>bold</b>"

    def change(answer: dict[str, object]) -> dict[str, object]:
        lines = answer["lines"]
        assert isinstance(lines, list)
        return answer | {
            "lines": [one | {"label": nasty, "short": nasty} for one in lines],
            "judgements": [{**one, "text": nasty} for one in answer["judgements"]],  # type: ignore[attr-defined]
        }

    served.changes["forecast"] = change
    opened(watched, served, "outlook")
    assert watched.page.locator("main img, main .sentence b").count() == 0
    assert nasty in watched.page.locator(".sentence").first.inner_text()
    assert watched.page.title().startswith("Outlook")


def test_files_of_a_figure_say_where_they_come_from(watched: Watched, served: Served, tmp_path: Path) -> None:
    opened(watched, served, "outlook")
    page = watched.page
    figure = page.locator(".figure.pathways")
    found = {}
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as waiting:
            figure.get_by_role("button", name=kind, exact=True).click()
        found[kind] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(found[kind])
    drawing = found["SVG"].read_text(encoding="utf-8")
    assert "case tiny" in drawing
    assert "run " in drawing
    assert found["PNG"].read_bytes().startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(found["CSV"].read_text(encoding="utf-8-sig"))))
    assert len(rows) == 5
    assert all(row["case"] == "tiny" and row["run"] for row in rows)


def test_a_table_stands_for_the_picture(watched: Watched, served: Served) -> None:
    opened(watched, served, "outlook")
    figure = watched.page.locator(".figure.pathways")
    figure.get_by_role("button", name="Table").click()
    expect(figure.get_by_role("table")).to_be_visible()
    expect(figure.get_by_role("row")).to_have_count(6)
    expect(figure.locator("svg[role=img]")).to_be_hidden()


def test_the_brief_is_printed_on_two_pages(watched: Watched, served: Served) -> None:
    page = watched.page
    page.goto(f"{served.address}api/v1/brief?case=tiny&focus=arda&form=html")
    for paper in ("A4", "Letter"):
        printed = page.pdf(format=paper, prefer_css_page_size=False)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 2, paper


def test_the_brief_has_the_options_of_compare(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/brief?case=tiny&focus=arda&option=borders:+border%3D0.9", "iframe")
    expect(page.get_by_text("Options of Compare that it has: 1.")).to_be_visible()
    assert served.was_asked("brief", "option=borders")
    page.get_by_role("button", name="Leave them out").click()
    expect(page).not_to_have_url(re.compile("option="))
    link = page.get_by_role("link", name="Open alone").get_attribute("href")
    assert "option" not in str(link)


def test_the_brief_is_shown_within_the_page(watched: Watched, served: Served) -> None:
    page = watched.open(f"{served.address}#/brief?case=tiny&focus=arda", "iframe")
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    assert watched.complaints == []


def test_a_refusal_says_what_is_wrong(watched: Watched, served: Served) -> None:
    watched.page.route(
        "**/api/v1/flows*",
        lambda route: route.fulfill(
            status=400,
            json={
                "error": {
                    "kind": "value",
                    "message": "No such country.",
                    "problems": ["focus: found 'xx'"],
                    "nearest": ["Arda"],
                }
            },
        ),
    )
    page = watched.open(f"{served.address}#/flows?case=tiny", ".trouble")
    expect(page.get_by_role("alert")).to_contain_text("No such country.")
    expect(page.get_by_role("alert")).to_contain_text("Did you mean Arda?")
