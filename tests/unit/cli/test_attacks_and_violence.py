"""``violence`` and ``field`` as the shell runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell, shell  # noqa: F401

pytestmark = pytest.mark.usefixtures("shell")


def test_a_case_of_made_up_countries_has_no_violence(shell: Shell) -> None:  # noqa: F811
    outcome = shell("violence", "tiny", "--trajectories", "2", "--horizon", "3")
    assert outcome.code == 2
    assert "contains no country of case 'tiny'" in outcome.err
    assert outcome.out == ""
    assert "simulated" not in outcome.err


@pytest.mark.parametrize("command", ["attacks", "violence"])
def test_an_unknown_country_is_refused_before_anything_is_run(shell: Shell, command: str) -> None:  # noqa: F811
    outcome = shell(command, "isis-2017", "--country", "Tunesia", "--trajectories", "3", "--horizon", "3")
    assert outcome.code == 2
    assert "did you mean Tunisia (TUN)" in outcome.err
    assert "simulated" not in outcome.err


@pytest.mark.parametrize("country", ["AFG", "Egypt", "Iraq", "SYR", "Nigeria"])
def test_attempts_in_an_armed_host_are_refused_before_anything_is_run(shell: Shell, country: str) -> None:  # noqa: F811
    outcome = shell("attacks", "isis-2017", "--country", country, "--trajectories", "3", "--horizon", "3")
    assert outcome.code == 2
    assert "are not forecast" in outcome.err
    assert "afterfall violence CASE --country" in outcome.err
    assert "simulated" not in outcome.err
    assert outcome.out == ""


def test_a_day_of_the_record_outside_the_case_is_refused_before_the_first_is_forecast(shell: Shell) -> None:  # noqa: F811
    days = ("--as-of", "2015-06-30", "--as-of", "1990-01-01")
    outcome = shell("track-record", "tiny", *days, "--trajectories", "3", "--out", "record")
    assert outcome.code == 2
    assert "found as_of 1990-01-01" in outcome.err
    assert "as of 2015-06-30" not in outcome.err
    assert not Path("record").exists()


def test_settings_beside_a_finished_run_are_refused(shell: Shell) -> None:  # noqa: F811
    made = shell("forecast", "tiny", "--trajectories", "2", "--horizon", "3", "--no-picture")
    folder = next(line.split()[1] for line in made.err.splitlines() if line.startswith("run: "))
    outcome = shell("violence", folder, "--seed", "3", "--horizon", "4")
    assert outcome.code == 2
    assert "leave out --horizon, --seed" in outcome.err


def test_missing_tables_of_the_field_are_listed(shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    outcome = shell("benchmark", "--views", str(tmp_path))
    assert outcome.code == 2
    assert outcome.err.count("found no file") == 3


@pytest.mark.parametrize("years", ["2017", "2018-2030", "soon", "2023-2018"])
def test_years_outside_the_challenge_are_refused(shell: Shell, years: str, tmp_path: Path) -> None:  # noqa: F811
    outcome = shell("benchmark", "--views", str(tmp_path), "--years", years)
    assert outcome.code == 2
    assert "2018-2023" in outcome.err or "2018 to 2023" in outcome.err


def test_attacks_of_the_small_case(shell: Shell) -> None:  # noqa: F811
    outcome = shell("attacks", "tiny", "--trajectories", "20", "--horizon", "12", "--country", "arda", "--later")
    assert outcome.code == 0
    assert "no published count, which is not a count of zero: priors only" in outcome.out
    assert "No count of Arda was public" in outcome.out
    assert "Arda; 24 months ahead against the 24 before: more" in outcome.out
    assert "The case holds no yearly count of Arda published after the as-of date." in outcome.out
    run = next(line.split()[1] for line in outcome.err.splitlines() if line.startswith("run: "))
    assert (Path(run) / "attacks-arda.png").stat().st_size > 1000
    content = json.loads(shell("attacks", run, "--json", "--no-picture").out)
    assert set(content["places"]) >= {"arda", "brom"}
    assert {one["place"] for one in content["not_forecast"]} == {"cern", "dusk"}, "an active branch, and the theatre"
    assert not set(content["places"]) & {"cern", "dusk"}
    assert content["screening"] is None
    nearest = shell("attacks", run, "--country", "Ardda", "--no-picture")
    assert nearest.code == 2
    assert "arda" in nearest.err


@pytest.mark.slow
def test_attacks_of_the_first_case_hold_what_came(shell: Shell) -> None:  # noqa: F811
    outcome = shell("attacks", "isis-2017", "--trajectories", "200", "--later", "--json", "--no-picture")
    content = json.loads(outcome.out)
    assert [c["year"] for c in content["estimated_from"]] == [2014, 2015]
    assert [(c["year"], c["hindcast"]) for c in content["later"]] == [(y, y == 2016) for y in range(2016, 2022)]
    assert problems(content) == []
    opponent = content["later_opponent"]
    assert opponent["counts"] == 5, "the hindcast is left out"
    assert opponent["crps"] == min(one["crps"] for one in opponent["baselines"])
    assert len(opponent["baselines"]) == 6
    chances = content["places"]["CAN"]["change_24_months"]
    assert sum(chances[word] for word in ("more", "same", "fewer")) == pytest.approx(1.0)
    assert content["screening"]["last_known_crossings"] == 1_820_000
    assert content["places"]["CAN"]["years"]["2018"]["probability_any"] < 0.9


@pytest.mark.slow
def test_violence_of_the_first_case(shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    outcome = shell("violence", "isis-2017", "--trajectories", "20", "--country", "nigeria", "--export", "out")
    assert outcome.code == 0
    assert "Record known to 2015-12" in outcome.out
    assert "Nigeria, month by month" in outcome.out
    assert (tmp_path / "out" / "violence-views.parquet").is_file()
    run = next(line.split()[1] for line in outcome.err.splitlines() if line.startswith("run: "))
    assert (Path(run) / "violence-NGA.png").stat().st_size > 1000
    again = shell("violence", run, "--country", "NGA", "--no-picture")
    assert again.out == outcome.out
    nearest = shell("violence", run, "--country", "Nigera", "--no-picture")
    assert nearest.code == 2
    assert "Nigeria" in nearest.err
