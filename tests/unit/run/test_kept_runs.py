"""Runs that a folder keeps: which are listed, which are selected by age, and what removing leaves."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from afterfall.model import Model
from afterfall.run import RunError
from afterfall.run.forecasting import forecast
from afterfall.run.kept_runs import REMOVING, KeptRun, age_of, older_ones, remove
from afterfall.run.kept_runs import kept_runs as listed


@pytest.fixture
def folder(tmp_path: Path, tiny: Model) -> Path:
    """A folder with two runs, one of them interrupted, and with things that are no runs."""
    for seed in (1, 2):
        forecast(tiny, trajectories=2, seed=seed, run_dir=tmp_path)
    first, second = listed(tmp_path)
    (second.path / "provenance.json").unlink()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "request.json").write_text("{}")
    (tmp_path / "a file").write_text("no run")
    (tmp_path / "link").symlink_to(first.path)
    os.utime(second.path / "run.nc", (2e9, 2e9))
    return tmp_path


def test_runs_alone_are_listed_the_one_changed_last_first(folder: Path) -> None:
    found = listed(folder)
    assert [run.finished for run in found] == [False, True]
    assert sorted(run.request.seed for run in found) == [1, 2]
    assert found[1].command
    assert found[0].changed > found[1].changed
    for run in found:
        assert run.size >= sum(p.stat().st_size for p in run.path.rglob("*") if p.is_file()) > 10_000


def test_a_folder_that_is_not_there_keeps_no_runs(tmp_path: Path) -> None:
    assert listed(tmp_path / "none") == ()


def test_old_runs_are_those_of_which_nothing_changed_since(folder: Path) -> None:
    new, old = listed(folder)
    assert older_ones((new, old), timedelta(0), now=old.changed) == (old,)
    assert older_ones((new, old), timedelta(hours=1), now=old.changed) == ()
    assert older_ones((new, old), timedelta(0), now=new.changed) == (new, old)


@pytest.mark.parametrize(("text", "hours"), [("12h", 12), ("3d", 72), (" 2W ", 336), ("0d", 0)])
def test_an_age_is_a_number_and_a_unit(text: str, hours: int) -> None:
    assert age_of(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "3", "d", "-1d", "3.5d", "3m", "9999999d"])
def test_other_ages_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours, days or weeks"):
        age_of(text)


def test_removing_takes_the_folder_and_nothing_else(folder: Path) -> None:
    first, second = listed(folder)
    assert remove([second]) == second.size
    assert [run.name for run in listed(folder)] == [first.name]
    assert sorted(p.name for p in folder.iterdir()) == sorted([first.name, "notes", "a file", "link"])


def test_what_an_interrupted_removal_left_goes_with_the_next(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = listed(folder)

    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("shutil.rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        remove([first])
    monkeypatch.undo()
    assert [run.name for run in listed(folder)] == [second.name]
    assert (folder / (REMOVING + first.name)).exists()
    remove([second])
    assert list(folder.glob(f"{REMOVING}*")) == []


def test_a_run_that_is_gone_is_an_error(folder: Path) -> None:
    gone: KeptRun = listed(folder)[0]
    remove([gone])
    with pytest.raises(RunError, match=r"cannot remove .*No such file"):
        remove([gone])
