"""``score`` and ``hindcast`` as the shell runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.conftest import Outcome, Shell, shell  # noqa: F401

from afterfall.api.evaluations import _check_country
from afterfall.case import UnknownPlace, open_whole_case

SMALL = ("hindcast", "tiny", "--as-of", "2015-06-30", "--horizon", "12", "--trajectories", "20")


@pytest.fixture
def hindcast(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: F811
    """Hindcast `tiny` with a folder of runs that all tests share, so that most of them only read."""
    runs = tmp_path_factory.getbasetemp() / "score-runs"

    def ask(*more: str) -> Outcome:
        return shell(*SMALL, "--run-dir", str(runs), *more)

    return ask


def folder_of(outcome: Outcome) -> str:
    return next(line.split()[1] for line in outcome.err.splitlines() if line.startswith("run: "))


def test_hindcast_forecasts_scores_and_draws(hindcast: Any) -> None:
    outcome = hindcast()
    assert outcome.code == 0
    assert "2 later figures to 30 Jun 2016 scored" in outcome.out
    assert "Against the baselines, overall: " in outcome.out
    folder = Path(folder_of(outcome))
    assert (folder / "scores.png").stat().st_size > 1000
    assert (folder / "scores.svg").stat().st_size > 1000


def test_score_says_the_same_of_the_run(hindcast: Any, shell: Shell) -> None:  # noqa: F811
    first = hindcast("--json", "--no-picture")
    content = json.loads(first.out)
    again = shell("score", folder_of(first), "--json", "--no-picture")
    assert again.code == 0
    found = json.loads(again.out)
    for one in (found, content):  # a hindcast alone is run again given the falls that happened
        for part in (one, *one["scores"]):
            part.pop("given_falls")
    assert {**found, "command": ""} == {**content, "command": ""}


@pytest.mark.parametrize("days", [["2015-06-30"], ["2015-03-31", "2015-06-30"]])
def test_an_unknown_country_is_refused_before_anything_is_simulated(
    shell: Shell,  # noqa: F811
    tmp_path: Path,
    days: list[str],
) -> None:
    asked = [word for day in days for word in ("--as-of", day)]
    for command in ("hindcast", "track-record") if len(days) == 1 else ("track-record",):
        done = shell(command, "tiny", *asked, "--run-dir", str(tmp_path / "runs"), "--country", "Atlantis")
        assert done.code == 2
        assert "unknown country 'Atlantis': expected a country with figures of its own: Arda (arda)" in done.err
        assert not (tmp_path / "runs").exists()


def test_a_country_of_any_day_is_shown() -> None:
    """Cern has its first published count in October 2014."""
    whole = open_whole_case("tiny")
    _check_country(whole, ["2014-06-30", "2015-06-30"], "Cern")
    with pytest.raises(UnknownPlace, match="Cern"):
        _check_country(whole, ["2014-06-30"], "Cern")


def test_json_is_one_object_without_nan(hindcast: Any) -> None:
    outcome = hindcast("--json", "--no-picture")
    content = json.loads(outcome.out)
    assert content["figures"]["scored"] == 2
    assert "NaN" not in outcome.out
    assert "Infinity" not in outcome.out


def test_outcomes_are_recorded_in_their_own_months(hindcast: Any) -> None:
    content = json.loads(hindcast("--json", "--no-picture").out)
    request = json.loads((Path(folder_of(hindcast("--no-picture"))) / "request.json").read_text())
    assert {s["month"] for s in content["scores"]} <= set(request["record_months"])


@pytest.mark.parametrize(
    ("arguments", "predicted"),
    [
        (("hindcast", "tinny", "--as-of", "2015-06"), "did you mean 'tiny'?"),
        (("hindcast", "tiny", "--as-of", "2015-02-30"), "the nearest day is 2015-02-28"),
        (("hindcast", "tiny", "--as-of", "2031-01-01"), "no figure of tiny was published after"),
        (("hindcast", "tiny", "--as-of", "2012"), "expected a later day"),
        (("hindcast", "tiny", "--as-of", "2015-06-30", "--horizon", "0"), "whole months from 1 to 600"),
        (("hindcast", "tiny"), "Missing option '--as-of'"),
        (("score", "nowhere"), "nowhere"),
    ],
)
def test_bad_input_is_told_and_exits_2(shell: Shell, arguments: tuple[str, ...], predicted: str) -> None:  # noqa: F811
    outcome = shell(*arguments)
    assert outcome.code == 2
    assert predicted in outcome.err
    assert outcome.out == ""


def test_a_run_of_another_case_is_bad_input(hindcast: Any, shell: Shell) -> None:  # noqa: F811
    outcome = shell("score", folder_of(hindcast("--no-picture")), "--case", "isis-2017")
    assert outcome.code == 2
    assert "was made from case tiny" in outcome.err
