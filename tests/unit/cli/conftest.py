"""Commands run in this process, as the shell would run them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from afterfall.cli.entry import run


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Shell = Callable[..., Outcome]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Run ``afterfall`` with these arguments in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str) -> Outcome:
        monkeypatch.setattr("sys.argv", ["afterfall", *arguments])
        capsys.readouterr()
        code = run(list(arguments))
        return Outcome(code, *capsys.readouterr())

    return run_command
