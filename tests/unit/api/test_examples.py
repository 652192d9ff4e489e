"""Examples in the docstrings of the verbs run, and every verb is public, lazy, keyword-only and named like no room."""

from __future__ import annotations

import doctest
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import afterfall

VERBS = (
    *("open_case", "build", "sample", "forecast", "open_run", "fit", "influence", "hindcast", "score", "track_record"),
    *("compare", "screen", "attacks", "violence", "benchmark_violence", "spread", "brief", "explain", "open_levers"),
    *("import_data", "export_case", "export_run", "export_violence"),
)
FILES = ("forecasts", "fits", "evaluations", "policies", "consequences", "explanations", "imports", "exports")


@pytest.mark.parametrize("file", FILES)
def test_examples_run(file: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(f"afterfall.api.{file}")
    found = doctest.testmod(module)
    assert found.failed == 0
    assert found.attempted > 0 or file == "fits", "fits take minutes"


def test_every_verb_is_public_and_documented() -> None:
    assert set(VERBS) <= set(afterfall.__all__)
    for name in VERBS:
        text = inspect.getdoc(getattr(afterfall, name)) or ""
        assert "Parameters\n" in text or name == "open_levers", name
        assert "Raises\n" in text or name == "sample", name


def test_verbs_take_one_thing_and_then_keywords() -> None:
    for name in VERBS:
        if getattr(afterfall, name).__module__.startswith("afterfall.api."):
            kinds = [p.kind for p in inspect.signature(getattr(afterfall, name)).parameters.values()]
            assert set(kinds[1:]) <= {inspect.Parameter.KEYWORD_ONLY}, name


def test_no_verb_is_named_like_a_room() -> None:
    rooms = {path.parent.name for path in Path(afterfall.__file__).parent.glob("*/__init__.py")}
    assert not rooms & set(afterfall.__all__)


def test_opening_a_case_loads_no_compiler() -> None:
    program = "import sys, afterfall; afterfall.open_case('tiny'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numba", "xarray", "jax", "altair"} & set(loaded)
