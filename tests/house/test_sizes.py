"""A function fits a screen, a file is one idea and says at its head what it is for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("src", "benchmarks", "scripts") for path in (ROOT / folder).rglob("*.py"))
LINES_A_FILE, LINES_A_FUNCTION = 400, 60
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "manager"}


def too_long(text: str) -> Iterator[str]:
    """Functions whose code, without its docstring, has more lines than fit a screen."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:  # what is public is documented in full
                text_lines = node.body[0]
                lines -= (text_lines.end_lineno or text_lines.lineno) - text_lines.lineno + 1
            if lines > LINES_A_FUNCTION:
                yield f"{node.name}: {lines} lines"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_is_one_idea(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LINES_A_FILE
    assert not list(too_long(text))
    assert ast.get_docstring(ast.parse(text)), "a file opens with what it is for"
    assert path.stem not in VAGUE


def test_a_long_function_would_be_seen() -> None:
    def function(lines: int) -> str:
        return "def f():\n" + "    x = 1\n" * (lines - 1)

    assert list(too_long(function(61))) == ["f: 61 lines"]
    assert not list(too_long(function(60)))
