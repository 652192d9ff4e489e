"""``forecast`` on the real small case: what it prints, keeps, reuses and replays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.unit.cli.conftest import Outcome, Shell

from afterfall.report.kit.json_registry import schema
from afterfall.run import open_run

SCHEMA = schema("forecast")
SMALL = ("forecast", "tiny", "--horizon", "9", "--trajectories", "20")


@pytest.fixture
def forecast(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Forecast `tiny` with a folder of runs shared by all tests, so that most of them only read."""
    runs = tmp_path_factory.getbasetemp() / "cli-runs"

    def ask(*more: str, picture: bool = False) -> Outcome:
        return shell(*SMALL, "--run-dir", str(runs), *([] if picture else ["--no-picture"]), *more)

    return ask


def test_json_is_one_object_that_keeps_the_schema(forecast: Any) -> None:
    outcome = forecast("--json", "--at", "6")
    assert outcome.code == 0
    content = json.loads(outcome.out)
    jsonschema.validate(content, SCHEMA)
    assert (content["at"], content["at_date"], content["seed"]) == (6, "2015-12-30", 20170213)
    assert "NaN" not in outcome.out


def test_a_planted_slip_fails_the_schema(forecast: Any) -> None:
    content = json.loads(forecast("--json").out)
    for slip in ({"pathways": {}}, {"total": None}, {"schema_version": 1}, {"extra": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**content, **slip}, SCHEMA)


def test_people_add_up_in_the_world_and_in_a_country(forecast: Any) -> None:
    for where in ((), ("--country", "Arda")):
        content = json.loads(forecast("--json", *where).out)
        stocks = [*content["pathways"].values(), *content["fates"].values()]
        assert sum(s["mean"] for s in stocks) == pytest.approx(content["total"])
        assert sum(s["mean_share"] for s in stocks) == pytest.approx(1.0)
        entered = sum(content["counters"][code]["now"]["mean"] for code in ("travelled", "born"))
        assert sum(s["now"]["mean"] for s in stocks) == pytest.approx(entered)


def test_json_is_what_the_run_says(forecast: Any) -> None:
    outcome = forecast("--json", "--at", "4")
    content = json.loads(outcome.out)
    folder = next(line.split()[1] for line in outcome.err.splitlines() if line.startswith("run: "))
    table = open_run(folder).summary(4)
    for code, line in (content["pathways"] | content["fates"] | content["counters"]).items():
        assert [line[k] for k in ("mean", "median", "low90", "high90")] == [
            table[k][code] for k in ("mean", "median", "low90", "high90")
        ]


def test_tables_name_pathways_seed_and_run(forecast: Any) -> None:
    outcome = forecast()
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert "the world" in lines[0]
    assert "20 simulations, seed 20170213, run " in lines[1]
    assert [line[0] for line in lines if line[:3].strip() in set("DIROA") and line[1:3] == "  "] == list("DIROA")
    assert "Duskhaven" in outcome.out
    assert "the same command with --notes" in outcome.out
    assert "Mean shares add up; medians need not." in forecast("--notes").out
    assert "uninformed" in outcome.out


def test_a_country_is_named_by_code_or_name_in_any_case(forecast: Any) -> None:
    by_name, by_code = forecast("--country", "ARDA", "--json"), forecast("--country", "arda", "--json")
    assert json.loads(by_name.out)["country"] == json.loads(by_code.out)["country"] == "arda"


def test_a_month_between_quarters_can_be_asked_of_a_country(forecast: Any) -> None:
    content = json.loads(forecast("--country", "Arda", "--at", "4", "--json").out)
    assert content["at"] == 4


def test_the_same_request_is_reused_and_gives_the_same_numbers(forecast: Any) -> None:
    first, again = forecast("--json"), forecast("--json")
    assert again.out == first.out
    assert "(finished before, reused)" in again.err


def test_another_seed_is_another_run(forecast: Any) -> None:
    first, other = (json.loads(forecast("--json", *more).out) for more in ((), ("--seed", "5")))
    assert first["run"] != other["run"]
    assert first["pathways"] != other["pathways"]


def test_a_run_is_replayed_from_its_folder(forecast: Any, shell: Shell) -> None:
    first = json.loads(forecast("--json", "--at", "6").out)
    folder = next(line.split()[1] for line in forecast().err.splitlines() if line.startswith("run: "))
    outcome = shell("forecast", "--from", folder, "--at", "6", "--json", "--no-picture")
    assert outcome.code == 0
    again = json.loads(outcome.out)
    assert again.pop("command") != first.pop("command")
    assert again == first


def test_a_run_of_another_case_cannot_be_replayed(forecast: Any, shell: Shell, tmp_path: Path) -> None:
    folder = Path(next(line.split()[1] for line in forecast().err.splitlines() if line.startswith("run: ")))
    changed = tmp_path / "changed"
    changed.mkdir()
    text = (folder / "request.json").read_text(encoding="utf-8")
    old = json.loads(text)["case_hash"]
    (changed / "request.json").write_text(text.replace(old, "0" * 16), encoding="utf-8")
    outcome = shell("forecast", "--from", str(changed))
    assert outcome.code == 1
    assert f"case_hash: {'0' * 16} in the run, {old} here" in outcome.err
    assert "afterfall forecast tiny --as-of 2015-06-30 --horizon 9 --trajectories 20 --seed 20170213" in outcome.err


def test_pictures_are_drawn_beside_the_run(forecast: Any) -> None:
    outcome = forecast(picture=True)
    folder = Path(next(line.split()[1] for line in outcome.err.splitlines() if line.startswith("run: ")))
    for name in ("world-month-9.png", "world-month-9.svg", "world-over-time.png", "world-over-time.svg"):
        assert (folder / name).stat().st_size > 1000
        assert name in outcome.err


def test_a_folder_that_cannot_be_made_is_a_failure(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    outcome = shell(*SMALL, "--run-dir", "taken")
    assert outcome.code == 1
    assert "taken" in outcome.err
    assert outcome.out == ""
