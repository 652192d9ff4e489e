"""What the documents tell a reader to type works, in order, in an empty folder: blocks marked ``run``.

Commands of the program and Python run in this process, which spares each of them a start; everything else is the
shell's.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from afterfall.cli.entry import run

ROOT = Path(__file__).parents[2]
RUN = re.compile(r"^```(sh|python) run\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTS = sorted(path for path in (ROOT / "docs").rglob("*.md") if RUN.search(path.read_text(encoding="utf-8")))


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Steps of a document in order: ``afterfall`` commands one by one, other shell lines and Python whole."""
    for language, block in RUN.findall(text):
        if language == "python":
            yield "python", block
            continue
        for part in re.split(r"^(afterfall .*)$", block, flags=re.MULTILINE):
            if part.startswith("afterfall "):
                yield "afterfall", part
            elif part.strip():
                yield "sh", part


def follow(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what a document says, and fail at the first step that fails."""
    for kind, step in steps(text):
        if kind == "afterfall":
            arguments = shlex.split(step)
            monkeypatch.setattr(sys, "argv", arguments)
            assert run(arguments[1:]) == 0, step
        elif kind == "sh":
            subprocess.run(["bash", "-euo", "pipefail", "-c", step], check=True)
        else:
            exec(compile(step, "a step in Python", "exec"), {"__name__": "__main__"})


#: Pages that make many runs: followed every night.
SLOW = {"compare-two-options"}
FOLLOWED = [pytest.param(p, id=p.stem, marks=[pytest.mark.slow] * (p.stem in SLOW)) for p in DOCUMENTS]


@pytest.mark.parametrize("path", FOLLOWED)
def test_a_document_can_be_followed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    follow(path.read_text(encoding="utf-8"), monkeypatch)


def test_there_are_documents_to_follow() -> None:
    assert {"your-own-case", "brief"} <= {path.stem for path in DOCUMENTS}


@pytest.mark.parametrize("wrong", ["sh run\nafterfall check nowhere", "sh run\nfalse", "python run\nassert False"])
def test_a_step_that_fails_would_be_seen(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((AssertionError, subprocess.CalledProcessError)):
        follow(f"```{wrong}\n```\n", monkeypatch)
