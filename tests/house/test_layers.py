"""The rule that imports run downward only would catch a breach; `make lint` checks the package itself."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(sys.argv[1:])"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import linter on the package that lies in ``folder/src``, by the rules in ``folder/pyproject.toml``."""
    command = [sys.executable, "-c", RUN, "--no-cache", "--no-logo"]
    environment = {"PYTHONPATH": str(folder / "src"), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def copied(to: Path) -> Path:
    """A copy of the package and its rules, with a breach of them yet to be planted."""
    shutil.copy(ROOT / "pyproject.toml", to)
    shutil.copytree(ROOT / "src", to / "src", ignore=shutil.ignore_patterns("data", "__pycache__"))
    return to / "src" / "afterfall"


#: A file to plant, and the import in it that a contract forbids: one for each contract.
BREACHES = {
    "engine.planted": "afterfall.case.dates",
    "model.mechanisms.planted": "afterfall.model.compile.build",
    "case.planted": "numba",
    "run.planted": "rich",
    "evaluate.planted": "jax",
    "report.scores.planted": "afterfall.report.fit.fit_tables",
    "report.kit.planted": "afterfall.report.comparison.comparison_tables",
    "cli.commands.planted_command": "afterfall.infer",
}


def test_planted_breaches_are_caught(tmp_path: Path) -> None:
    package = copied(tmp_path)
    for planted, imported in BREACHES.items():
        (package / f"{planted.replace('.', '/')}.py").write_text(f"import {imported}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    missed = [f"{a} -> {b}" for a, b in BREACHES.items() if f"afterfall.{a} -> {b}" not in done.stdout]
    assert not missed, done.stdout


def test_every_room_is_in_the_rule() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = {room for layer in rules[0]["layers"] for room in layer.replace("|", " ").split()}
    package = ROOT / "src" / "afterfall"
    rooms = {p.parent.name for p in package.glob("*/__init__.py")} | {p.stem for p in package.glob("[a-z]*.py")}
    assert named == {f"afterfall.{room}" for room in rooms}
