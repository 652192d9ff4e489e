"""A function fits a screen; a file is one idea and says at its head what it is for."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("src", "benchmarks", "scripts") for path in (ROOT / folder).rglob("*.py"))
LINES_A_FILE, LINES_A_FUNCTION = 400, 60
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "manager"}


def offences(name: str, text: str) -> Iterator[str]:
    """What breaks the rule in a file of this name and text, with the line where there is one."""
    stem = Path(name).stem
    if stem in VAGUE:
        yield f"{name}: `{stem}` says nothing about what is inside; name the file for its idea"
    lines = text.count("\n")
    if lines > LINES_A_FILE:
        yield f"{name}: {lines} lines; at most {LINES_A_FILE}"
    tree = ast.parse(text)
    if not ast.get_docstring(tree):
        yield f"{name}: no docstring; a file opens with what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LINES_A_FUNCTION:
                yield f"{name}:{node.lineno}: `{node.name}` has {lines} lines; at most {LINES_A_FUNCTION}"


def test_files_are_one_idea_and_functions_fit_a_screen() -> None:
    assert len(SOURCES) > 100
    found = [o for path in SOURCES for o in offences(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))]
    assert not found, "\n" + "\n".join(found)


def test_each_offence_is_found() -> None:
    def function(lines: int) -> str:
        return '"""Text."""\ndef f():\n' + "    x = 1\n" * (lines - 1)

    assert list(offences("a.py", function(60))) == []
    assert list(offences("a.py", function(61))) == ["a.py:2: `f` has 61 lines; at most 60"]
    assert list(offences("a.py", '"""Text."""\n' + "\n" * 400)) == ["a.py: 401 lines; at most 400"]
    assert list(offences("a.py", "x = 1\n")) == ["a.py: no docstring; a file opens with what it is for"]
    assert [o.split(":")[0] for o in offences("utils.py", '"""Text."""\n')] == ["utils.py"]
