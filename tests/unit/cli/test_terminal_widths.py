"""Every table that a command prints fits a terminal of 80 and of 120 columns, whole: nothing is cut off.

A command runs once, and what it shows is printed at both widths.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from tests.unit.cli.conftest import Shell

from afterfall.cli import output
from afterfall.report.kit.text_table import TextTable

WIDTHS = (80, 120)
FEW = ("--trajectories", "10", "--horizon", "24", "--prior-only")
FIGURES = "quantity,place,value,refers_to,published,source,grade\nreturned,arda,60,2015-06,2015-06-20,lesson-field,B2\n"
COMMANDS = {
    "check": ("check", "tiny"),
    "model": ("model", "tiny"),
    "model --all": ("model", "tiny", "--all"),
    "levers": ("levers", "tiny", "--country", "Arda"),
    "forecast": ("forecast", "tiny", "--no-picture", *FEW),
    "forecast --country": ("forecast", "tiny", "--no-picture", "--country", "Arda", *FEW),
    "why": ("why", "tiny", "Arda", *FEW),
    "import --list": ("import", "--list"),
    "add": ("add", "./mine", "new.csv", "--dry-run"),
}
SLOW = {
    "forecast --events": ("forecast", "tiny", "--events", *FEW),
    "screening": ("screening", "tiny", "--country", "Arda", "--no-picture", *FEW),
    "attacks": ("attacks", "tiny", "--no-picture", *FEW),
    "watch": ("watch", "tiny", "--country", "Arda", "--no-picture", *FEW),
    "update": ("update", "tiny", "--figures", "new.csv", *FEW),
    "hindcast": ("hindcast", "tiny", "--as-of", "2014-12-31", "--no-picture", *FEW),
    "compare": ("compare", "tiny", "--lever", "programmes=0.9", "--country", "Arda", "--no-picture", *FEW),
    "changes": ("changes", "tiny@2015-06-30", "tiny@2015-12-31", "--country", "Arda", "--no-picture", *FEW),
    "reference": ("reference",),
    "violence": ("violence", "isis-2017", "--no-picture", *FEW),
    "spread": ("spread", "RUN"),
    "explore": (
        "explore",
        "tiny",
        "--country",
        "Arda",
        "--option",
        "b: border=0.6",
        "--over",
        "effects",
        "--no-picture",
    ),
}
Shown = tuple[list[str], list[TextTable], list[str]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Shown]]:
    """What commands show, as lines, tables and lines."""
    kept: list[Shown] = []

    def keep(before: Iterable[str], grids: Iterable[TextTable], after: Iterable[str] = (), **_: bool) -> None:
        kept.append((list(before), list(grids), list(after)))

    monkeypatch.setattr(output, "show", keep)
    return kept


def printed(one: Shown, width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same on a terminal of this width."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setattr(output.shutil, "get_terminal_size", lambda: os.terminal_size((width, 24)))
    output._show_rich(*one)
    return stream.getvalue()


def words_of(one: Shown) -> Iterator[str]:
    before, grids, after = one
    yield from (word for line in (*before, *after) for word in line.split())
    yield from (word for g in grids for s in g.sections for row in s for cell in row for word in cell.split())


def check(command: tuple[str, ...], shell: Shell, shown: list[Shown], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("new.csv").write_text(FIGURES)
    if command[0] == "add":
        shell("new", "tiny", "mine")
        shown.clear()
    if "RUN" in command:
        shell("forecast", "tiny", "--no-picture", *FEW)
        run = next(path for path in Path("runs").iterdir())
        shown.clear()
        command = tuple(str(run) if word == "RUN" else word for word in command)
    done = shell(*command)
    assert done.code in (0, 1), done.err
    assert shown, "the command printed no table"
    for one in shown:
        for width in WIDTHS:
            text = printed(one, width, monkeypatch)
            long = [line for line in text.splitlines() if cell_len(line) > width]
            assert not long, f"at {width} columns:\n" + "\n".join(long[:5])
            # What is folded is folded between characters at worst: nothing is lost.
            bare = "".join(text.split())
            assert not [word for word in set(words_of(one)) if len(word) < 12 and word not in bare]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_fits_80_and_120_columns(
    name: str, shell: Shell, shown: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    check(COMMANDS[name], shell, shown, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_slower_command_fits_80_and_120_columns(
    name: str, shell: Shell, shown: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    check(SLOW[name], shell, shown, monkeypatch)


def test_every_command_that_prints_tables_is_tried() -> None:
    from afterfall.cli.app import COMMANDS as KNOWN

    #: These print a document, a list of files, or need a fit, a run of their own or the data of others.
    others = {"brief", "export", "serve", "track-record", "fit", "influence", "benchmark", "score", "new", "runs"}
    tried = {command[0] for command in (*COMMANDS.values(), *SLOW.values())}
    assert set(KNOWN) - others == tried
