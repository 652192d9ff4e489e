"""Every test asserts something, and lies in the folder of its kind."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("test_*.py"))
#: Calls that fail a test when something is wrong.
CHECKS = {"raises", "fail", "warns", "validate"}
#: What they begin with otherwise; `expect(...).to_have_text(...)` is how Playwright asserts.
BEGINNINGS = ("assert_", "to_be_", "to_have_", "to_contain_", "not_to_")


def called(node: ast.Call) -> str:
    """The name a call ends in: ``raises`` of ``pytest.raises(...)``."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def claims_nothing(text: str) -> Iterator[str]:
    """Tests of a file that assert nothing, neither themselves nor through a function of the same file."""
    functions = {n.name: n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)}

    def claims(function: ast.FunctionDef, seen: frozenset[str]) -> bool:
        calls = {called(n) for n in ast.walk(function) if isinstance(n, ast.Call)}
        return (
            any(isinstance(n, ast.Assert) for n in ast.walk(function))
            or any(name in CHECKS or name.startswith(BEGINNINGS) for name in calls)
            or any(claims(functions[name], seen | {name}) for name in (calls & set(functions)) - seen)
        )

    for name, function in functions.items():
        if name.startswith("test_") and not claims(function, frozenset({name})):
            yield f"`{name}`, line {function.lineno}"


def test_every_test_asserts_something() -> None:
    found = [f"{p.relative_to(TESTS)}: {t}" for p in FILES for t in claims_nothing(p.read_text(encoding="utf-8"))]
    assert not found, "\n" + "\n".join(found)


def test_a_test_without_a_claim_is_found() -> None:
    text = "def same(a):\n    assert a\n\ndef test_a():\n    same(1)\n\ndef test_b():\n    print(1)\n"
    assert list(claims_nothing(text)) == ["`test_b`, line 7"]


def test_every_folder_is_a_kind_with_a_mark(pytestconfig: pytest.Config) -> None:
    kinds = {mark.split(":")[0] for mark in pytestconfig.getini("markers")} - {"slow"}
    assert {p.relative_to(TESTS).parts[0] for p in FILES} <= kinds


def test_marks_are_put_on_by_folder(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("house")
    assert not request.node.get_closest_marker("unit")
