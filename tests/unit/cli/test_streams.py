"""Tables on a terminal and off it, and progress on stderr."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from tests.made_up.outlooks import made_up

from afterfall.cli import output, progress
from afterfall.cli.entry import run, show_fault
from afterfall.cli.failures import FAILURE, Failure
from afterfall.cli.streams import REPLACING, replaced
from afterfall.cli.terminal_tables import print_table
from afterfall.report.forecast.outlook_tables import outlook_grids
from afterfall.report.kit.text_table import TableColumn, TextTable
from afterfall.run import Progress as Step
from afterfall.run import forecasting

GRID = TextTable(
    (TableColumn("who"), TableColumn("now: how many", "right")),
    ((("a", "1"), ("bb", "1,000")), (("all", "1,001"),)),
    "People",
)


def test_plain_text_is_aligned_with_a_gap_between_sections() -> None:
    assert output.plain_text(GRID).splitlines() == [
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
            print_table(console, grid)
        shown = captured.get()
        for section in grid.sections:
            for row in section:
                assert all(cell in shown for cell in row[-3:]), row
                assert re.search(_folded(row[0]), shown), row


def _folded(label: str) -> str:
    """A pattern of a label: each word follows the one before it, or starts the next line."""
    return r"(?: |[^\n]*\n *)".join(map(re.escape, label.split()))


NARROW = TextTable(
    (
        TableColumn("who"),
        TableColumn("now: median", "right"),
        TableColumn("90% interval", "right"),
        TableColumn("2020: median", "right"),
        TableColumn("90% interval", "right"),
    ),
    ((("a long name that is folded", "1,200", "100-5,400", "2,300", "400-12,000"),),),
)


def _printed(grid: TextTable, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=40, force_terminal=True, no_color=True)
    with console.capture() as captured:
        print_table(console, grid)
    return [re.sub("\x1b[^m]*m", "", line).rstrip() for line in captured.get().splitlines()]


def test_a_table_wider_than_the_terminal_is_stacked() -> None:
    assert _printed(NARROW, 40) == [
        "",
        "a long name that is folded",
        "  now: median: 1,200",
        "  now: 90% interval: 100-5,400",
        "  2020: median: 2,300",
        "  2020: 90% interval: 400-12,000",
        "",
    ]
    assert _printed(NARROW, 24)[-2:] == ["    400-12,000", ""]  # below its heading, and whole


@pytest.mark.parametrize("width", range(58, 100))
def test_no_width_crops_a_number(width: int) -> None:
    longer = TextTable(
        (TableColumn("attempts in"), *(TableColumn(f"any completed in {y}", "right") for y in range(2015, 2020))),
        ((("a name of some length", "0 (0-2)", "0 (0-10)", "34%", "1,200 (5-12,000)", "60% / 30% / 10%"),),),
    )
    shown = "\n".join(_printed(longer, width))
    for cell in longer.sections[0][0][1:]:
        assert cell in shown
    assert all(len(line) <= width for line in shown.splitlines())


def test_a_table_that_fits_stands_in_columns() -> None:
    assert any("1,200" in line and "400-12,000" in line for line in _printed(NARROW, 80))


def test_what_a_stream_cannot_write_is_spelled_otherwise() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", errors=REPLACING)
    codecs.register_error(REPLACING, replaced)
    stream.write("20\u201389 \u0141\u00f3d\u017a \u2265 5 \u4e2d")
    stream.flush()
    assert stream.buffer.getvalue() == "20-89 ?\u00f3dz >= 5 ?".encode("latin-1")  # type: ignore[attr-defined]


@pytest.mark.parametrize("problem", [MemoryError(), ValueError("Vega-Lite failed"), AttributeError("no doc")])
def test_a_picture_that_fails_leaves_the_run(problem: Exception) -> None:
    with (
        pytest.raises(Failure, match=r"kept in runs.tiny-1\..*--no-picture") as failed,
        output.drawing(Path("runs/tiny-1")),
    ):
        raise problem
    assert failed.value.code == FAILURE


def _console() -> Console:
    return Console(file=io.StringIO(), force_terminal=False)


def _said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("compiled", [False, True])
def test_compiling_is_announced_on_the_first_run_only(
    compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecasting, "cache_folder", lambda: tmp_path)
    if compiled:
        (tmp_path / "kernel.nbc").touch()
    console = _console()
    with progress.reporting(console) as report:
        report(Step(forecasting._first_stage(), 0, 100))
    assert (progress.COMPILING in _said(console)) is not compiled


def test_without_a_cache_every_run_compiles_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasting, "cache_folder", lambda: None)
    console = _console()
    with progress.reporting(console) as report:
        report(Step(forecasting._first_stage(), 0, 100))
    assert progress.COMPILING not in _said(console)
    assert "again in every run" in _said(console)
    assert "AFTERFALL_CACHE" in _said(console)


def test_each_forecast_is_named_once_and_counted_anew() -> None:
    console = _console()
    with progress.reporting(console) as report:
        for label in ("as of 2014-06-30", "as of 2015-01-31"):
            for done in (0, 50, 100):
                report(Step("simulating", done, 100, label))
        report(Step("scoring", 0, 3, "expert statements"))
    assert _said(console).splitlines() == [
        *("as of 2014-06-30", "simulated 50 of 100", "simulated 100 of 100"),
        *("as of 2015-01-31", "simulated 50 of 100", "simulated 100 of 100"),
        "scoring expert statements",
    ]


def test_off_a_terminal_there_is_no_bar() -> None:
    console = _console()
    with progress.reporting(console) as report:
        for done in range(0, 101, 4):
            report(Step("simulating", done, 100))
        report(Step("done", 100, 100))
    lines = _said(console).splitlines()
    assert len(lines) == 10
    assert (lines[0], lines[-1]) == ("simulated 12 of 100", "simulated 100 of 100")


def test_memory_that_runs_out_ends_in_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError("Unable to allocate 60. GiB")

    monkeypatch.setattr("afterfall.forecast", exhausted, raising=False)
    assert run(["forecast", "tiny"]) == FAILURE
    err = capsys.readouterr().err
    assert err.startswith("afterfall: out of memory; ask for fewer --trajectories")
    assert "Traceback" not in err


def test_a_traceback_does_not_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    fault = RuntimeError("no \x1b]0;title\x07 of \u202eadrA")
    show_fault(type(fault), fault, None)
    assert capsys.readouterr().err == "RuntimeError: no \\x1b]0;title\\x07 of \\u202eadrA\n"


def test_plain_text_breaks_the_cells_of_a_column_that_has_a_width() -> None:
    grid = TextTable(
        (TableColumn("who"), TableColumn("what", wrap=9), TableColumn("n", "right")), ((("a", "one two three", "1"),),)
    )
    assert output.plain_text(grid).splitlines() == ["who  what     n", "a    one two  1", "     three"]
