"""``new``, ``add`` and ``update`` as somebody new would use them: a copy, figures added, before and after."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.json_schemas import problems
from tests.unit.cli.conftest import Shell

from afterfall.model import Model
from afterfall.posterior import Posterior, bundled_posterior, fit_key
from afterfall.posterior.edited_case import Reweighting

HEAD = "quantity,place,value,refers_to,published,source,grade\n"
#: A figure that no fit reads, and one that every fit reads.
HELD = HEAD + "detained,arda,6,2015-06,2015-06-20,lesson-field,B2\n"
RETURNED = HEAD + "returned,arda,52,2015-06,2015-06-20,lesson-field,B2\n"
SMALL = ("--trajectories", "10", "--horizon", "12")


def contents(folder: str) -> dict[str, bytes]:
    """The files of a folder."""
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@pytest.fixture
def mine(shell: Shell) -> str:
    """A copy of the bundled case."""
    assert shell("new", "tiny", "mine").code == 0
    Path("held.csv").write_text(HELD)
    Path("returned.csv").write_text(RETURNED)
    return "./mine"


def unreliable(*_: object) -> Reweighting:
    """What reweighting gives where hardly any draw agrees."""
    return Reweighting(None, 3.0, 500, 0.91, 0.63, "reweighting is not reliable (effective number 3)")


def test_a_copy_is_the_case_byte_for_byte_and_nothing_is_overwritten(shell: Shell) -> None:
    done = shell("new", "tiny", "mine")
    assert done.code == 0, done.err
    assert "a copy of tiny as of 30 Jun 2015, 12 files" in done.out
    first = json.loads(shell("check", "tiny", "--json").out)["case_hash"]
    assert json.loads(shell("check", "./mine", "--json").out)["case_hash"] == first
    before = contents("mine")
    again = shell("new", "tiny", "mine")
    assert (again.code, again.out) == (2, "")
    assert "mine exists already" in again.err
    assert contents("mine") == before
    assert [path.name for path in Path().iterdir()] == ["mine"]


def test_a_copy_of_a_case_with_views_names_them(shell: Shell) -> None:
    found = json.loads(shell("new", "isis", "mine", "--json").out)
    assert problems(found) == []
    assert (found["folder"], found["copy_of"], found["views"]) == ("mine", "isis", ["isis-2017"])


def test_an_empty_case_runs(shell: Shell) -> None:
    assert shell("new", "empty", "dusk-2", "--as-of", "2016-06-30").code == 0
    done = shell("forecast", "./dusk-2", *SMALL, "--no-picture")
    assert done.code == 0, done.err
    assert "dusk-2: a new case (dusk-2), as of 30 Jun 2016" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tinny", "mine"), "did you mean 'tiny'?"),
        (("tiny", "isis"), "the name of a case that comes with the package"),
        (("tiny", "mine", "--as-of", "2016-06-30"), "--as-of goes with empty"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    done = shell("new", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not any(Path().iterdir())


def test_a_dry_run_shows_the_weight_and_changes_nothing(shell: Shell, mine: str) -> None:
    before = contents(mine)
    done = shell("add", mine, "returned.csv", "--dry-run")
    assert done.code == 0, done.err
    text = " ".join(done.out.split())
    assert "1 figure, 1 new, for mine as of 30 Jun 2015" in text
    assert "start and fit: weight 0.50" in text
    assert "arda-returned-2015 start and fit: weight 1.00 start and fit: weight 0.50" in text
    assert "Nothing was written" in text
    assert contents(mine) == before


def test_without_a_terminal_nobody_is_asked_and_nothing_is_written(shell: Shell, mine: str) -> None:
    before = contents(mine)
    done = shell("add", mine, "held.csv")
    assert done.code == 2
    assert "give --yes, or --dry-run to look" in done.err
    assert contents(mine) == before


@pytest.mark.parametrize("agreed", [True, False])
def test_at_a_terminal_the_table_is_shown_and_the_answer_decides(
    shell: Shell, mine: str, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    before = contents(mine)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: agreed)
    done = shell("add", mine, "held.csv")
    assert done.code == 0, done.err
    assert done.out.count("Arda, detained: 6") == 1
    assert (f"Added 1 figure to figures.csv of {Path(mine)}" in done.out) == agreed
    assert (contents(mine) == before) != agreed


def test_an_added_figure_is_in_the_case_and_is_not_added_twice(shell: Shell, mine: str) -> None:
    before = contents(mine)["figures.csv"]
    done = shell("add", mine, "held.csv", "--yes", "--json")
    found = json.loads(done.out)
    assert problems(found) == []
    assert (found["written"], found["figures"][0]["status"]) == (True, "new")
    after = contents(mine)["figures.csv"]
    assert after.startswith(before)
    assert after.removeprefix(before).count(b"\n") == 1
    again = json.loads(shell("add", mine, "held.csv", "--yes", "--json").out)
    assert (again["written"], again["figures"][0]["status"]) == (False, "repeated")
    assert contents(mine)["figures.csv"] == after
    assert shell("check", mine).code == 0


def test_a_wrong_file_is_one_report_and_changes_nothing(shell: Shell, mine: str) -> None:
    before = contents(mine)
    Path("wrong.csv").write_text(HEAD + "returned,arda,1.000,2/3/2015,2015-06,lesson-field,B2\n")
    done = shell("add", mine, "wrong.csv", "--yes")
    assert (done.code, done.out) == (2, "")
    assert "wrong.csv has 2 problems; nothing was added:" in done.err
    assert "row 2, value: found '1.000'; expected a number with one meaning: write 1 or 1000" in done.err
    assert "row 2, refers_to: found '2/3/2015'" in done.err
    assert contents(mine) == before


def test_a_bundled_case_is_not_edited(shell: Shell, mine: str) -> None:
    done = shell("add", "tiny", "held.csv", "--yes")
    assert done.code == 2
    assert "afterfall new tiny my-tiny" in done.err
    assert shell("add", mine, "nothing.csv").code == 2


def test_the_run_after_an_update_is_the_forecast_of_the_edited_case(shell: Shell, mine: str) -> None:
    done = shell("update", mine, "--figures", "held.csv", *SMALL, "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert problems(found) == []
    assert found["method"] == "kept"
    assert [table["country"] for table in found["tables"]] == ["arda", None]
    assert found["run"] != found["run_before"]
    assert shell("add", mine, "held.csv", "--yes").code == 0
    forecast = shell("forecast", mine, *SMALL, "--no-picture")
    assert forecast.code == 0, forecast.err
    assert "finished before, reused" in forecast.err
    assert found["run"] in forecast.err


@pytest.mark.usefixtures("mine")
def test_a_run_is_updated_with_its_own_settings(shell: Shell) -> None:
    assert shell("forecast", "tiny", *SMALL, "--no-picture", "--seed", "7").code == 0
    (run,) = Path("runs").iterdir()
    done = shell("update", str(run), "--figures", "held.csv")
    assert done.code == 0, done.err
    assert "The fit reads none of these figures: its draws are those of before." in " ".join(done.out.split())
    assert "afterfall new tiny my-tiny && afterfall add ./my-tiny held.csv" in " ".join(done.out.split())
    assert f"run before: {run}" in done.err
    assert len(list(Path("runs").iterdir())) == 2


def test_where_weights_are_not_reliable_a_refit_is_needed(
    shell: Shell, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterfall.infer.figure_addition.reweighted", unreliable)
    done = shell("update", mine, "--figures", "returned.csv", *SMALL)
    assert done.code == 1
    assert "A refit is needed: reweighting is not reliable (effective number 3)" in " ".join(done.out.split())
    assert "give --refit" in done.err
    found = json.loads(shell("update", mine, "--figures", "returned.csv", *SMALL, "--json").out)
    assert problems(found) == []
    assert (found["method"], found["reweighting"]["pareto_k"], found["tables"]) == ("refit needed", 0.91, [])


def refitted(model: Model, _: object) -> Posterior:
    """Draws that stand for those of a new fit."""
    found = bundled_posterior(model)
    assert found is not None
    return replace(found, origin=replace(found.origin, key=fit_key(model)))


def test_a_refit_is_made_where_it_is_asked_for(shell: Shell, mine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afterfall.infer.figure_addition.reweighted", unreliable)
    monkeypatch.setattr("afterfall.api.keeping.refitted", refitted)
    Path("killed.csv").write_text(RETURNED.replace("returned", "killed"))
    done = shell("update", mine, "--figures", "killed.csv", *SMALL, "--refit", "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert problems(found) == []
    assert (found["method"], found["reason"]) == ("refitted", "reweighting is not reliable (effective number 3)")
    assert found["run"] != found["run_before"]
    assert "by a fit of some minutes" in done.err


def test_an_edited_copy_says_in_every_output_why_priors_are_drawn_from(shell: Shell, mine: str) -> None:
    file = Path(mine) / "holdings.csv"
    file.write_bytes(file.read_bytes().replace(b",60000,", b",61000,"))
    done = shell("forecast", mine, *SMALL, "--no-picture", "--json")
    assert done.code == 0, done.err
    differs = "differs from the bundled one in holdings.csv (changed: harbour)"
    assert differs in json.loads(done.out)["draws_note"]
    assert differs in " ".join(done.err.split())
    assert differs in " ".join(shell("forecast", mine, *SMALL, "--no-picture").out.split())
