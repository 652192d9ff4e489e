"""Machine code at first use: a second process makes its part, and this one makes all of it where that fails."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from afterfall.model import Model
from afterfall.run import first_use
from afterfall.run.first_use import make_code, smallest

STARTED: Any = SimpleNamespace(kill=lambda: None, wait=lambda: 0)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done, in order; nothing is compiled."""
    seen: list[str] = []
    monkeypatch.setattr(first_use, "make_months", lambda _: seen.append("months"))
    monkeypatch.setattr(first_use, "make_history", lambda _: seen.append("history"))
    monkeypatch.setattr(first_use, "make_parts", lambda _, which: seen.append(which))
    monkeypatch.setattr(first_use, "make_start", lambda _: seen.append("start"))
    monkeypatch.setattr(first_use, "processors", lambda: 2)
    return seen


def _starting(seen: list[str], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    calls: list[Any] = []

    def start(command: list[str], **more: Any) -> Any:
        calls.append((command, more))
        seen.append("other process")
        return STARTED

    monkeypatch.setattr(subprocess, "Popen", start)
    return calls


def test_another_process_makes_the_largest_parts_meanwhile(
    tiny: Model, parts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_use, "user_cache", lambda: tmp_path)
    monkeypatch.setattr(first_use, "cache_folder", lambda: tmp_path / "code-1")
    calls = _starting(parts, monkeypatch)
    make_code(tiny, lambda _: None)
    assert parts == ["other process", "months", "history", "others", "start"]
    ((command, more),) = calls
    assert command[:2] == [sys.executable, "-c"]
    assert Path(more["env"]["PYTHONPATH"].split(":")[0], "afterfall", "__init__.py").is_file()


@pytest.mark.parametrize("why", ["no cache", "a private cache", "one processor", "no process"])
def test_one_process_makes_all_where_another_could_not_help(
    why: str, tiny: Model, parts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = {"no cache": None, "a private cache": tmp_path / "elsewhere" / "code-1"}.get(why, tmp_path / "code-1")
    monkeypatch.setattr(first_use, "user_cache", lambda: tmp_path)
    monkeypatch.setattr(first_use, "cache_folder", lambda: folder)
    monkeypatch.setattr(first_use, "processors", lambda: 1 if why == "one processor" else 2)

    def fail(*_: Any, **__: Any) -> Any:
        raise OSError

    monkeypatch.setattr(subprocess, "Popen", fail)
    make_code(tiny, lambda _: None)
    assert parts == ["months", "history", "start"]


def test_both_parts_run_and_functions_are_counted(tiny: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_use, "processors", lambda: 1)
    seen: list[int] = []
    make_code(tiny, seen.append)
    assert seen == sorted(set(seen))
    assert smallest().case.id == "tiny"


MADE_APART = """
from afterfall.model.observation import compiled_apart as apart
from afterfall.run.first_use import make_parts, make_start, smallest

model = smallest()
make_parts(model, "largest")
make_parts(model, "others")
make_start(model)
names = "place_rest", "choose_candidate", "place_nodes", "node_shares", "reconcile_totals", "start_counters"
print({name: len(getattr(apart, name).signatures) for name in (*names, "role_weights")})
"""


@pytest.mark.slow
def test_parts_are_made_with_the_types_that_they_are_called_with(tmp_path: Path) -> None:
    environment = {**os.environ, "AFTERFALL_CACHE": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", MADE_APART], env=environment, capture_output=True, text=True, check=True
    )
    assert set(ast.literal_eval(done.stdout).values()) == {1}
