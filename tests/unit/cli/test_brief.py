"""``brief`` and ``why``: from a case and from a run, in every form, and what is reported when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.conftest import Outcome, Shell

from afterfall.report.kit.number_formats import NOTHING

RUN = ("--trajectories", "20")


@pytest.fixture
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "brief-runs"


@pytest.fixture
def folder(shell: Shell, runs: Path) -> str:
    """A finished run of the small case, shared by all tests."""
    outcome = shell("forecast", "tiny", "--horizon", "24", *RUN, "--run-dir", str(runs), "--no-picture")
    return next(line.split()[1] for line in outcome.err.splitlines() if line.startswith("run: "))


def test_a_brief_is_written_in_each_form(shell: Shell, folder: str, tmp_path: Path) -> None:
    pytest.importorskip("typst")
    names = ("brief.html", "brief.md", "brief.PDF")
    outcome = shell("brief", folder, "--country", "Arda", *(word for name in names for word in ("--out", name)))
    assert outcome.code == 0
    assert outcome.out == ""
    begins = {"brief.html": b"<!doctype html>", "brief.md": b"# Arda:", "brief.PDF": b"%PDF"}
    for name in names:
        assert (tmp_path / name).read_bytes().startswith(begins[name])
        assert f"brief: {name}" in outcome.err
    assert not list(tmp_path.glob("*.part"))


def test_without_a_file_it_prints_markdown(shell: Shell, folder: str) -> None:
    outcome = shell("brief", folder, "--country", "arda", "--words", "ipcc")
    assert outcome.code == 0
    assert outcome.out.startswith("# Arda:")
    assert "IPCC likelihood scale" in outcome.out
    assert "afterfall brief" in outcome.out


def test_a_case_is_run_and_reused(shell: Shell, runs: Path) -> None:
    ask = ("brief", "tiny", "--country", "brom", *RUN, "--run-dir", str(runs))
    first, again = shell(*ask), shell(*ask)
    assert first.code == again.code == 0
    assert "(finished before, reused)" in again.err
    assert first.out == again.out


def test_the_track_record_is_read_and_misses_come_first(shell: Shell, folder: str, tmp_path: Path) -> None:
    crps = {"skill": -0.2, "low90": -0.4, "high90": -0.1, "figures": 9, "clusters": 6, "independent": 5}
    by = {"killed_so_far": {**crps, "skill": 0.3, "low90": 0.1, "high90": 0.5}, "returned": crps}
    held = {"coverage": {"50": 0.2, "90": 0.5}, "coverage_by_quantity": {"returned": {"50": 0.1, "90": 0.4}}}
    one = {"as_of": "2014-12-31", "skill": {"all": crps, "by_quantity": by}, **held}
    later = {**one, "as_of": "2015-12-31", "skill": {"all": {**crps, "skill": 0.9}, "by_quantity": {}}}
    (tmp_path / "track.json").write_text(json.dumps({"case": "tiny", "dates": [one, later]}))
    outcome = shell("brief", folder, "--country", "arda", "--track", "track.json")
    table = outcome.out[outcome.out.index("## Track record") :]
    assert table.index("returned so far | 9 | 40% | worse | -0.20 (-0.40 to -0.10)") < table.index("killed so far | 9")
    assert "all figures together | 9 | 50% |" in table
    assert f"killed so far | 9 | {NOTHING} |" in table  # it has no coverage of its own, and none is borrowed
    assert "earlier forecasts of it scored worse than the baseline" in outcome.out
    assert "0.90" not in table  # a forecast from a later day is nobody's track record yet


@pytest.mark.parametrize("content", ["{}", "[1]", "no json", '{"case": "tiny", "summaries": [{}]}'])
def test_what_is_no_track_record_is_refused(shell: Shell, folder: str, tmp_path: Path, content: str) -> None:
    (tmp_path / "track.json").write_text(content)
    outcome = shell("brief", folder, "--country", "arda", "--track", "track.json")
    assert outcome.code == 2
    assert "track.json: no scores as" in outcome.err


def test_why_prints_the_chain(shell: Shell, folder: str) -> None:
    outcome = shell("why", folder, "--country", "arda", "--quantity", "returned", "--at", "12")
    assert outcome.code == 0
    for part in (
        "returned so far, Arda: everyone who ever came home, by any route",
        "1. every published figure of Arda that the case holds",
        "returned home",
        "B2",
        "3. mechanisms",
        "returns home",
        "prior",
    ):
        assert part in outcome.out


def test_why_prints_the_chain_of_an_event(shell: Shell, folder: str) -> None:
    outcome = shell("why", folder, "free-column", "--quantity", "absorption")
    assert outcome.code == 0
    for part in ("the core absorbs Free Column", "absorption of the weaker", "2. the hazard"):
        assert part in outcome.out
    assert "did you mean 'Free Column'" in wrong(shell, "why", folder, "free-colum", "--quantity", "absorption").err
    assert "found no place or organisation" in wrong(shell, "why", folder, "--quantity", "split").err


def wrong(shell: Shell, *arguments: str) -> Outcome:
    outcome = shell(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    return outcome


def test_what_the_user_gets_wrong_is_told(shell: Shell, folder: str) -> None:
    assert "did you mean Arda" in wrong(shell, "brief", folder, "--country", "Ardaa").err
    early = wrong(shell, "brief", "tiny", "--country", "Ardaa", "--trajectories", "7")
    assert "did you mean Arda" in early.err
    assert "simulated" not in early.err
    assert "did you mean 'returned'" in wrong(shell, "why", folder, "--quantity", "retuned").err
    early = wrong(shell, "why", "tiny", "--quantity", "retuned", "--trajectories", "7")
    assert "did you mean 'returned'" in early.err
    assert "simulated" not in early.err
    assert "month 406" in wrong(shell, "why", "tiny", "--at", "2049-04", "--trajectories", "7").err
    assert "leave out --seed" in wrong(shell, "why", folder, "--seed", "3").err


def test_a_run_of_another_case_is_not_explained(shell: Shell, folder: str) -> None:
    assert "made from another case" in wrong(shell, "why", folder, "--case", "isis-2017").err


def test_a_folder_that_is_not_there_is_told_with_advice(shell: Shell, folder: str) -> None:
    outcome = wrong(shell, "brief", folder, "--country", "arda", "--out", "nowhere/brief.md", "--out", "brief.doc")
    assert "there is no folder nowhere; make it first" in outcome.err
    assert "brief.doc: expected a name ending in" in outcome.err
    missing = wrong(shell, "brief", folder, "--country", "arda", "--track", "none.json", "--out", "brief.md")
    assert "none.json: found no such file" in missing.err
    assert not Path("brief.md").exists()


def test_without_typst_a_pdf_says_what_to_install(shell: Shell, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    outcome = shell("brief", folder, "--country", "arda", "--out", "brief.pdf")
    assert outcome.code == 1
    assert "pip install 'afterfall[brief]'" in outcome.err


def test_a_month_between_quarters_is_announced(shell: Shell, runs: Path) -> None:
    ask: tuple[Any, ...] = ("forecast", "tiny", "--horizon", "24", *RUN, "--run-dir", str(runs), "--no-picture")
    between = shell(*ask, "--country", "arda", "--at", "16")
    assert "month 16 lies between" in between.err
    assert "Months 15 and 18" in between.err
    assert "lies between" not in shell(*ask, "--country", "arda", "--at", "15").err
    assert "lies between" not in shell(*ask, "--at", "16").err


def test_a_country_says_which_figures_it_rests_on(shell: Shell, runs: Path) -> None:
    ask = ("forecast", "tiny", "--horizon", "24", *RUN, "--run-dir", str(runs), "--no-picture")
    outcome = shell(*ask, "--country", "cern")
    assert "Read for Cern: travelled 60–110 (2014-09, C3)" in outcome.out
    assert "follows parameters common to its region or to all countries (those of the past fitted" in outcome.out
    assert "follows priors common to all countries" in shell(*ask, "--country", "cern", "--prior-only").out
    assert "Read for" not in shell(*ask).out


def test_a_day_beyond_the_data_is_announced(shell: Shell) -> None:
    ask = ("forecast", "tiny", "--horizon", "3", "--trajectories", "5", "--no-picture")
    assert "nothing in case tiny was published after 2016-06-30" in shell(*ask, "--as-of", "2017-01-01").err
    assert "nothing in case" not in shell(*ask).err
