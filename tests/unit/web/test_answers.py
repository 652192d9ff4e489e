"""Answers agree with the command line and with themselves: the same numbers, the same sentences."""

from __future__ import annotations

import math
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.unit.web.conftest import QUICK

import afterfall
from afterfall.report.forecast.outlook_json import outlook_json
from afterfall.report.forecast.outlook_of_run import outlook_of_forecast
from afterfall.report.kit.likelihood_words import FAR, ICD203


@pytest.fixture(scope="module")
def run() -> afterfall.Run:
    return afterfall.forecast("tiny", horizon=12, trajectories=20)


def test_the_forecast_is_that_of_the_command(ask: Any, run: afterfall.Run) -> None:
    status, found = ask("objects/forecast")
    assert status == 200
    expected = outlook_json(outlook_of_forecast(run, command=found["command"]))
    assert found == expected
    assert found["command"] == "afterfall forecast tiny --horizon 12 --trajectories 20"


def test_dots_fans_and_means_are_those_of_the_run(ask: Any, run: afterfall.Run) -> None:
    _, found = ask("forecast", focus="Arda")
    assert (found["focus"], found["stamp"]["run"], found["stamp"]["kind"]) == ("arda", run.request.hash, "published")
    table = run.summary(12, "arda")
    for line in found["lines"]:
        assert len(line["dots"]) == 20
        assert line["dots"] == sorted(line["dots"])
        assert math.isclose(line["then"]["median"], table["median"].loc[line["code"]], rel_tol=1e-3)
        assert line["fan"]["values"][2][-1] == line["then"]["median"]
        assert line["fan"]["months"] == [0, 3, 6, 9, 12]
        assert line["code"] in found["sentences"]


def test_judgements_keep_the_rules(ask: Any) -> None:
    for focus in ("WLD", "Arda"):
        _, found = ask("forecast", focus=focus, horizon="36")
        assert 3 <= len(found["judgements"]) <= 5
        for one in found["judgements"]:
            assert one["event"] in one["text"]
            if one["term"] is not None:
                term = ICD203.term(one["probability"])
                assert term is not None
                assert one["term"] == term.text
                assert f"{one['term']} ({one['term_range']})" in one["text"]
            assert "confidence" not in one["text"].lower()
            assert "likely" not in one["confidence_text"].lower()
            assert not (one["month"] > FAR and one["confidence"] == "high")


def test_flows_add_up(ask: Any) -> None:
    for focus in ("WLD", "arda"):
        _, found = ask("flows", focus=focus)
        nodes = {node["id"]: node for node in found["nodes"]}
        for column in (1, 2):
            total = sum(node["value"] for node in found["nodes"] if node["column"] == column)
            assert math.isclose(total, nodes["everyone"]["value"], rel_tol=5e-3)
        for name, node in nodes.items():
            into = sum(link["value"] for link in found["links"] if link["target"] == name)
            out = sum(link["value"] for link in found["links"] if link["source"] == name)
            if node["column"] > 0:
                assert math.isclose(into, node["value"], rel_tol=5e-3, abs_tol=0.05)
            if node["column"] < 2:
                assert math.isclose(out, node["value"], rel_tol=5e-3, abs_tol=0.05)


def test_countries_add_up_to_the_world(ask: Any) -> None:
    _, found = ask("flows")
    world = {node["code"]: node["value"] for node in found["nodes"] if node["column"] == 1}
    for code, people in world.items():
        total = sum(row["values"][code][0] for row in found["countries"])
        assert math.isclose(total, people, rel_tol=1e-2, abs_tol=0.5)


def test_why_says_what_the_command_says(ask: Any, run: afterfall.Run) -> None:
    from afterfall.report.explain.why import why_headline, why_notes

    _, found = ask("why", focus="Arda", quantity="returned")
    chain = afterfall.explain(run, quantity="returned", country="Arda")
    assert found["headline"] == list(why_headline(chain))
    assert found["notes"] == list(why_notes(chain))
    assert found["why"]["quantity"] == "returned"


def test_outcomes_are_hidden_until_asked_for(ask: Any) -> None:
    _, hidden = ask("track", horizon="24")
    _, shown = ask("track", horizon="24", reveal="true")
    assert hidden["rows"]
    assert all(row["observed"] is None and row["inside90"] is None for row in hidden["rows"])
    assert all(row["observed"] is not None for row in shown["rows"])
    assert [row["predicted"] for row in hidden["rows"]] == [row["predicted"] for row in shown["rows"]]
    assert not hidden["record"]


def test_a_tick_filters_the_simulations(ask: Any) -> None:
    run = afterfall.forecast("tiny", horizon=24, trajectories=60)
    state = {"horizon": "24", "simulations": "60", "within": "12"}
    _, found = ask("indicators", **state)
    assert {"watch", "events", "drivers"} <= found.keys()
    ticked = [one for one in found["events"] if one["can_tick"] and one["kind"] == "fall"]
    assert ticked
    status, answer = ask("condition", **state, seen=ticked[0]["id"])
    assert status == 200
    assert answer["effective"] == ticked[0]["simulations"]
    assert answer["stamp"]["kind"] == "user"
    name = ticked[0]["id"].removeprefix("fall:")
    lost = run.dataset["lost"]
    kept = (lost.max("holding") if name == "all" else lost.sel(holding=name)).values <= 12
    for line in answer["lines"]:
        assert math.isclose(line["after"]["mean"], run.quantity(line["code"]).values[kept, -1].mean(), rel_tol=1e-3)


def test_ticks_that_cannot_be_are_refused(ask: Any) -> None:
    assert ask("condition")[0] == 400
    status, found = ask("condition", seen="fall:nowhere")
    assert status == 400
    assert found["error"]["kind"] == "name"


def test_an_assumption_is_held_and_makes_the_run_the_users(ask: Any) -> None:
    _, vintage = ask("vintage")
    one = vintage["assumptions"][0]
    middle = (one["low90"] + one["high90"]) / 2
    status, found = ask("forecast", assume=f"{one['name']}={middle}")
    assert status == 200
    assert found["stamp"]["kind"] == "user"
    assert found["stamp"]["run"] != ask("forecast")[1]["stamp"]["run"]
    status, wrong = ask("forecast", assume=[f"{one['name']}=-9", "nothing=1", "x"])
    assert status == 400
    assert wrong["error"]["message"].count("\n") == 3


def test_levers_of_the_vintage_are_those_of_the_command(ask: Any) -> None:
    _, found = ask("vintage", focus="Arda")
    assert found["levers"]["schema"] == "levers"
    assert found["levers"]["country"] == "arda"
    assert [one["code"] for one in found["origins"]][:2] == ["arda", "brom"]
    assert all(one["flag_text"] for one in found["origins"])


def test_a_place_is_found_by_any_spelling_and_a_wrong_one_named(ask: Any) -> None:
    assert ask("forecast", focus="ARDA")[1]["focus"] == "arda"
    status, found = ask("forecast", focus="Ardda")
    assert status == 400
    assert found["error"]["kind"] == "place"
    assert found["error"]["nearest"] == ["arda"]


def test_only_bundled_cases_and_own_ones_are_opened(client: TestClient) -> None:
    for case in ("/etc", "..", "user:nothing", "./tiny", "tiny/../tiny", "nothing"):
        found = client.get("/api/v1/forecast", params={**QUICK, "case": case})
        assert found.status_code in (404, 422), case
        assert "error" in found.json()


def test_messages_name_no_folder_of_this_machine(ask: Any) -> None:
    _, found = ask("forecast", given="raqqa falls by 2017-10")
    assert "error" in found
    assert "/" not in found["error"]["message"].replace("and/or", "")


def test_the_brief_is_a_page_of_its_own(client: TestClient) -> None:
    found = client.get("/api/v1/brief", params={**QUICK, "focus": "arda"})
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'self'" in found.headers["content-security-policy"]
    assert "<script" not in found.text
    assert client.get("/api/v1/brief", params=QUICK).status_code == 400


def test_exports_carry_the_run_and_no_single_simulation(client: TestClient, run: afterfall.Run, tmp_path: Any) -> None:
    import io

    import pandas as pd
    import xarray as xr

    table = pd.read_csv(io.BytesIO(client.get("/api/v1/export.csv", params=QUICK).content))
    assert set(table["run"]) == {run.request.hash}
    assert set(table["kind"]) == {"published"}
    row = table[(table["quantity"] == "returned") & (table["month"] == 12) & (table["statistic"] == "q50")]
    assert row["value"].item() == run.summary(12)["median"].loc["returned"]
    (tmp_path / "a.nc").write_bytes(client.get("/api/v1/export.nc", params=QUICK).content)
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as found:
        assert "trajectory" not in found.dims
        assert found["world"].sel(level=0.5, month=12, quantity="returned").item() == row["value"].item()


def test_the_code_of_a_view_needs_no_computing(ask: Any) -> None:
    _, found = ask("code", view="compare", focus="arda", lever=["border=0.6", "programmes=0.7"])
    assert found["code"]["command"] == (
        "afterfall compare tiny --country arda --horizon 12 --trajectories 20 --lever border=0.6 --lever programmes=0.7"
    )
    assert "levers=['border=0.6', 'programmes=0.7']" in found["code"]["python"]
