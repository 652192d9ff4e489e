"""Tables on a terminal and off it, and progress on stderr."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from tests.made_up.outlooks import made_up

from afterfall.cli import progress, streams
from afterfall.report.forecast.outlook_tables import outlook_grids
from afterfall.report.kit.table import TableColumn, TextTable
from afterfall.run import Progress as Step

GRID = TextTable(
    (TableColumn("who"), TableColumn("now: how many", "right")),
    ((("a", "1"), ("bb", "1,000")), (("all", "1,001"),)),
    "People",
)


def test_plain_text_is_aligned_with_a_gap_between_sections() -> None:
    assert streams.plain_text(GRID).splitlines() == [
        "People",
        "who  now: how many",
        "a                1",
        "bb           1,000",
        "",
        "all          1,001",
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_loses_no_cell(width: int) -> None:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, no_color=True, legacy_windows=False)
    for grid in outlook_grids(made_up()):
        with console.capture() as captured:
            console.print(streams._rich_table(grid))
        shown = captured.get()
        for section in grid.sections:
            for row in section:
                assert all(cell in shown for cell in row[-3:]), row
                assert row[0] in shown


def _console() -> Console:
    return Console(file=io.StringIO(), force_terminal=False)


def _said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("compiled", [False, True])
def test_compiling_is_announced_on_the_first_run_only(
    compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "cache_folder", lambda: tmp_path)
    if compiled:
        (tmp_path / "kernel.nbc").touch()
    console = _console()
    with progress.reporting(console) as report:
        report(Step("preparing", 0, 100))
    assert (progress.COMPILING in _said(console)) is not compiled


def test_without_a_cache_every_run_compiles_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "cache_folder", lambda: None)
    console = _console()
    with progress.reporting(console) as report:
        report(Step("preparing", 0, 100))
    assert progress.COMPILING in _said(console)


def test_off_a_terminal_there_is_no_bar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "kernel.nbc").touch()
    monkeypatch.setattr(progress, "cache_folder", lambda: tmp_path)
    console = _console()
    with progress.reporting(console) as report:
        for done in range(0, 101, 4):
            report(Step("simulating", done, 100))
        report(Step("done", 100, 100))
    lines = _said(console).splitlines()
    assert len(lines) == 10
    assert (lines[0], lines[-1]) == ("simulated 12 of 100 futures", "simulated 100 of 100 futures")
