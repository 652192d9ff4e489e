"""The notebooks have been run, use public names alone, stay small, and run again (slow)."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterfall

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
#: Public names of rooms that a notebook may import apart from `afterfall` itself.
ALLOWED = {"afterfall.posterior": {"bundled_posterior"}}


def code(path: Path) -> Iterator[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    yield from (cell for cell in cells if cell["cell_type"] == "code")


def private(text: str) -> list[str]:
    """Names of the package that a piece of code uses and that are not public."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            of_package = isinstance(node.value, ast.Name) and node.value.id == "afterfall"
            if node.attr.startswith("_") or (of_package and node.attr not in afterfall.__all__):
                found.append(node.attr)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("afterfall"):
            found += [one.name for one in node.names if one.name not in ALLOWED.get(node.module or "", ())]
    return found


def test_there_is_one_for_each_reader() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["analyst", "planner", "researcher"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_use_public_names_alone(path: Path) -> None:
    assert [name for cell in code(path) for name in private("".join(cell["source"]))] == []


@pytest.mark.parametrize("text", ["afterfall.run.forecasting", "run._at(1)", "from afterfall.model import build"])
def test_a_private_name_would_be_seen(text: str) -> None:
    assert private(text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_it_was_run(path: Path) -> None:
    cells = list(code(path))
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert all(output["output_type"] != "error" for cell in cells for output in cell["outputs"])
    assert sum(bool(cell["outputs"]) for cell in cells) == len(cells), "a cell shows nothing"
    assert path.stat().st_size < 300_000


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_again(path: Path) -> None:
    pytest.importorskip("nbclient", reason="running notebooks needs nbclient: pip install '.[dev]'")
    from run_notebooks import executed

    again = executed(path)
    stored = [cell["source"] for cell in code(path)]
    assert ["".join(text) for text in stored] == [c.source for c in again.cells if c.cell_type == "code"]
    assert all(one.output_type != "error" for c in again.cells if c.cell_type == "code" for one in c.outputs)
