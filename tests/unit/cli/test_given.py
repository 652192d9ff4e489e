"""``--given`` as the shell runs it: marked in every output, kept apart from other runs, refused before anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from tests.json_schemas import problems
from tests.unit.cli.conftest import Outcome, Shell

from afterfall.run import open_run

SMALL = ("tiny", "--horizon", "12", "--trajectories", "20", "--prior-only")
GIVEN = ("--given", "Harbour falls 2015-11", "--given", "merger free-column")
WORDS = "given harbour falls 2015-11; merger free-column"


@pytest.fixture
def ask(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A command on `tiny`, with a folder of runs that all tests share."""
    runs = tmp_path_factory.getbasetemp() / "given-runs"
    return lambda command, *more: shell(command, *SMALL, "--run-dir", str(runs), *more)


def _folder(outcome: Outcome) -> Path:
    return Path(next(line.split()[1] for line in outcome.err.splitlines() if line.startswith("run: ")))


def test_tables_pictures_and_files_say_what_is_given(ask: Any) -> None:
    outcome = ask("forecast", *GIVEN)
    assert outcome.code == 0, outcome.err
    title, _, rest = " ".join(outcome.out.split()).partition(WORDS)
    assert len(title) < 100
    words = "Conditional forecast, given: harbour falls 2015-11; merger free-column. The model gives"
    assert words in rest
    assert "Effective number" in rest.partition(words)[2]
    folder = _folder(outcome)
    assert folder.name.startswith("tiny-given-")
    assert WORDS in (folder / "world-month-12.svg").read_text(encoding="utf-8")
    attrs = xr.open_dataset(folder / "run.nc", engine="h5netcdf").attrs
    assert attrs["given"] == "harbour falls 2015-11; merger free-column"
    assert attrs["given_effective_number"] >= 100
    assert "--given 'Harbour falls 2015-11'" in open_run(folder).provenance.command


def test_json_says_what_is_given_and_keeps_its_schema(ask: Any) -> None:
    content = json.loads(ask("forecast", "--json", "--no-picture", *GIVEN).out)
    assert problems(content) == []
    assert content["given"]["conditions"] == ["harbour falls 2015-11", "merger free-column"]
    assert content["given"]["effective_number"] >= 100
    plain = json.loads(ask("forecast", "--json", "--no-picture").out)
    assert plain["given"] is None
    assert plain["run"] != content["run"]


def test_neither_run_is_taken_for_the_other_and_the_same_is_reused(ask: Any) -> None:
    conditional, plain = ask("forecast", "--no-picture", *GIVEN), ask("forecast", "--no-picture")
    again = ask("forecast", "--no-picture", "--given", "merger with Free Column", "--given", "harbour falls 2015-11")
    assert _folder(conditional) != _folder(plain)
    assert _folder(again) == _folder(conditional)
    assert "reused" in again.err
    assert again.out == conditional.out


def test_a_conditional_run_is_replayed(ask: Any, shell: Shell) -> None:
    first = ask("forecast", "--no-picture", *GIVEN)
    again = shell("forecast", "--from", str(_folder(first)), "--no-picture")
    assert again.code == 0, again.err
    assert "without the" in first.out  # a column of a second run, which a replay does not make
    assert "without the" not in again.out
    whole = json.loads(ask("forecast", "--json", "--no-picture", *GIVEN).out)
    replayed = json.loads(shell("forecast", "--from", str(_folder(first)), "--json", "--no-picture").out)
    assert replayed | {"command": whole["command"]} == whole
    refused = shell("forecast", "--from", str(_folder(first)), "--given", "all fall by 2016-03")
    assert refused.code == 2
    assert "leave out --given" in refused.err


def test_a_brief_says_what_is_given_and_how_to_make_it_again(ask: Any) -> None:
    outcome = ask("brief", "--country", "Arda", *GIVEN)
    assert outcome.code == 0, outcome.err
    assert outcome.out.splitlines()[0].endswith(f", {WORDS}")
    assert outcome.out.count("--given 'harbour falls 2015-11' --given 'merger free-column'") == 1
    assert "· conditional" in outcome.out


def test_reports_on_a_conditional_run_are_marked(ask: Any, shell: Shell) -> None:
    folder = str(_folder(ask("forecast", "--no-picture", *GIVEN)))
    assert WORDS in shell("score", folder, "--no-picture").out.splitlines()[0]
    assert "Conditional forecast, given" in shell("why", folder).out


def test_what_is_wrong_is_refused_before_anything_is_written(shell: Shell, tmp_path: Path) -> None:
    outcome = shell("forecast", *SMALL, "--given", "harbor falls 2015-11", "--given", "merger x", "--given", "all fall")
    assert outcome.code == 2
    assert "--given 'harbor falls 2015-11': 'harbor' is no holding of dusk-league" in outcome.err
    assert "did you mean 'harbour'?" in outcome.err
    assert "--given 'merger x'" in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_too_small_an_effective_number_is_refused_before_anything_is_written(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterfall.run.conditional_series.LEAST", 10**6)
    monkeypatch.setattr("afterfall.run.conditional_series.MOST", 10_000)
    outcome = shell("forecast", *SMALL, "--given", "harbour falls 2015-07")
    assert outcome.code == 2, outcome.out
    assert "expected at least 1000000" in outcome.err
    assert "a looser condition" in outcome.err
    assert "more simulations (--trajectories)" in outcome.err
    assert not list(tmp_path.rglob("*.nc"))
    assert not list(tmp_path.rglob("request.json"))


def test_compare_takes_no_conditions(shell: Shell) -> None:
    outcome = shell("compare", "tiny", "--lever", "border=0.5", "--given", "all fall by 2016-03")
    assert outcome.code == 2
    assert "a comparison takes no --given" in outcome.err


def test_a_hindcast_is_scored_again_given_the_falls_that_happened(ask: Any) -> None:
    content = json.loads(ask("hindcast", "--as-of", "2015-06-30", "--json", "--no-picture").out)
    assert problems(content) == []
    found = content["given_falls"]
    assert found["hindsight"] is True
    assert found["conditions"] == ["harbour falls 2015-11-20"]
    assert found["missing"] is None
    assert found["run"] != content["run"]
    for row in found["by_quantity"].values():
        assert row["model_alone"]["baseline"] != row["model_alone"]["model"]
    assert all(one["given_falls"] != one["predicted"] for one in content["scores"])
    text = ask("hindcast", "--as-of", "2015-06-30", "--no-picture").out
    assert "Given the falls that happened (hindsight): 1 fall given" in text
    assert text.count("(hindsight)") >= 2  # the title of the table, and a column of the scores


def test_a_conditional_hindcast_has_no_column_of_hindsight(ask: Any) -> None:
    content = json.loads(
        ask("hindcast", "--as-of", "2015-06-30", "--json", "--no-picture", "--given", "harbour falls by 2016-01").out
    )
    assert problems(content) == []
    assert content["given"]["conditions"] == ["harbour falls by 2016-01"]
    assert content["given_falls"] is None


def test_the_track_record_has_a_section_of_hindsight(shell: Shell, tmp_path: Path) -> None:
    outcome = shell("track-record", "tiny", "--as-of", "2015-06-30", *SMALL[1:], "--out", str(tmp_path / "docs"))
    assert outcome.code == 0, outcome.err
    page = (tmp_path / "docs" / "track-record.md").read_text(encoding="utf-8")
    assert "## Given the falls that happened (hindsight)" in page
    content = json.loads((tmp_path / "docs" / "track-record.json").read_text(encoding="utf-8"))
    assert problems(content) == []
    assert content["dates"][0]["given_falls"]["conditions"] == ["harbour falls 2015-11-20"]
