"""``watch`` and ``changes`` as the shell runs them: tables, one JSON object, pictures, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell

SMALL = ("--horizon", "24", "--trajectories", "120", "--prior-only")


@pytest.fixture
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A folder of runs that all tests share."""
    return "--run-dir", str(tmp_path_factory.getbasetemp() / "watched-runs")


def test_watch_prints_tables_and_draws_the_board(shell: Shell, runs: tuple[str, str]) -> None:
    done = shell("watch", "tiny", "--country", "arda", *SMALL, *runs)
    assert done.code == 0, done.err
    assert done.out.startswith("What to watch: Arda, as of 30 Jun 2015.")
    assert "headline number now" in done.out
    picture = next(line.split()[1] for line in done.err.splitlines() if line.startswith("picture: "))
    assert Path(picture).name == "arda-watch-month-12.png"
    assert Path(picture).stat().st_size > 10_000


def test_watch_prints_one_object_and_takes_what_it_lists(shell: Shell, runs: tuple[str, str]) -> None:
    asked = ("watch", "tiny", "--country", "arda", "--no-picture", "--json", *SMALL, *runs)
    content = json.loads(shell(*asked).out)
    assert problems(content) == []
    rare = next(one for one in content["indicators"] if one["refused"] and one["kind"] == "event")
    refused = shell(*asked, "--given", rare["given"])
    assert refused.code == 2
    assert "expected at least 100" in refused.err
    likely = ("--given", "escaped WLD at least 0 more by 2016-06-30")
    given = json.loads(shell(*asked, *likely).out)["given"]
    assert given == {"conditions": [likely[1]], "effective_number": 120.0, "drawn": 120, "probability": 1.0}


def test_a_day_that_is_past_is_refused(shell: Shell, runs: tuple[str, str]) -> None:
    done = shell("watch", "tiny", "--by", "2015-06-30", *SMALL, *runs)
    assert done.code == 2
    assert "--by must be a month or a date after 2015-06-30" in done.err


def test_changes_prints_judgements_causes_and_rows(shell: Shell, runs: tuple[str, str]) -> None:
    small = ("--horizon", "24", "--trajectories", "20", "--prior-only")
    asked = ("changes", "tiny", "tiny@2016-01-31", "--country", "arda", *small, *runs)
    done = shell(*asked)
    assert done.code == 0, done.err
    assert done.out.startswith("What changed, Arda, from 30 Jun 2015 to 31 Jan 2016.")
    assert "harbour lost on 2015-11-20" in done.out
    assert "picture: " in done.err
    content = json.loads(shell(*asked, "--json", "--no-picture").out)
    assert problems(content) == []
    assert content["as_of"] == "2016-01-31"
    assert content["old"]["as_of"] == "2015-06-30"


def test_changes_refuses_the_wrong_order_and_settings_of_a_run(shell: Shell, runs: tuple[str, str]) -> None:
    small = ("--horizon", "12", "--trajectories", "5", "--prior-only")
    done = shell("changes", "tiny@2016-01-31", "tiny", *small, *runs)
    assert done.code == 2
    assert "the other way round" in done.err
    assert shell("changes", "tiny@2015-13", "tiny", *small, *runs).code == 2


def test_a_brief_says_what_changed(shell: Shell, runs: tuple[str, str]) -> None:
    small = ("--horizon", "24", "--trajectories", "20", "--prior-only")
    done = shell(
        "brief", "tiny", "--as-of", "2016-01-31", "--country", "arda", "--since", "tiny@2015-06-30", *small, *runs
    )
    assert done.code == 0, done.err
    assert "What changed since 30 Jun 2015" in done.out
    assert "What differs: time passed without news" in done.out
