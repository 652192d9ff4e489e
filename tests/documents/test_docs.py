"""What the documents show runs: Python blocks are executed, commands are known, links lead somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w+(?: run)?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def blocks(language: str) -> list[tuple[str, str]]:
    found = [(path.name, BLOCK.findall(path.read_text())) for path in DOCUMENTS]
    return [(name, text) for name, all_blocks in found for kind, text in all_blocks if kind == language]


PYTHON = blocks("python")
#: Blocks marked ``run`` depend on each other; `test_docs_run` follows them in order.
SHELL = [line for kind in ("sh", "sh run") for _, text in blocks(kind) for line in text.splitlines()]


def following(text: str, name: str) -> set[str]:
    """Run a block as a reader would type it into an empty session, and give the names that it leaves there.

    This process has loaded the package already.
    """
    session: dict[str, object] = {"__name__": "__main__"}
    exec(compile(text, name, "exec"), session)
    return set(session) - {"__name__", "__builtins__"}


@pytest.mark.parametrize(("name", "text"), PYTHON, ids=[f"{n}-{i}" for i, (n, _) in enumerate(PYTHON)])
def test_python_blocks_run(name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert following(text, name)


def test_a_block_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    (text,) = [text for name, text in PYTHON if name == "README.md"]
    done = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_block_that_fails_would_be_seen() -> None:
    with pytest.raises(AttributeError):
        following("import afterfall\n\nafterfall.no_such_verb()", "wrong.md")


def test_there_are_blocks_to_run() -> None:
    assert len(PYTHON) >= 2
    assert len(SHELL) >= 10


def test_commands_are_known() -> None:
    from typer.main import get_command

    from afterfall.cli.app import app

    known = set(getattr(get_command(app), "commands", {}))
    called = {line.split()[1] for line in SHELL if line.startswith("afterfall ")}
    assert {"check", "model", "forecast"} <= called <= known


@pytest.mark.parametrize("target", sorted({line.split()[1] for line in SHELL if line.startswith("make ")}))
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    broken = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert not broken


def test_model_page_names_every_mechanism() -> None:
    from afterfall.model.mechanisms import ALL

    page = (ROOT / "docs" / "model.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert listed == [mechanism.__name__ for mechanism in ALL]


def test_exit_codes_are_those_of_the_program(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from afterfall.cli import main; main()", "check", "no-such-case"]
    environment = {**os.environ, "NO_COLOR": "1"}
    assert subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False).returncode == 2
