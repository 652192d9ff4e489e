"""The cache of machine code: never stale, never left switched on, never in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import numba
import numpy as np
import pytest

from afterfall.engine import jit as module
from afterfall.engine.jit import cache_folder, inlined, jit, lean, sources_hash, user_cache

ENGINE = Path(module.__file__).parent


@pytest.fixture
def cache(monkeypatch):
    cache_folder.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    cache_folder.cache_clear()


def test_any_edit_of_the_engine_starts_a_new_folder(tmp_path):
    copy = shutil.copytree(ENGINE, tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    before = sources_hash(copy)
    assert before == sources_hash(ENGINE)
    with (copy / "keyed_uniforms.py").open("r+") as file:
        file.seek(0, 2)
        file.write("# edited\n")
    assert sources_hash(copy) != before


def test_the_folder_can_be_chosen(cache, tmp_path):
    cache.setenv("AFTERFALL_CACHE", str(tmp_path))
    assert user_cache() == tmp_path
    assert cache_folder() == tmp_path / f"code-{sources_hash(ENGINE)}"
    assert cache_folder().is_dir()


def test_compiled_code_lands_in_the_folder_and_numba_is_left_alone(cache, tmp_path):
    cache.setenv("AFTERFALL_CACHE", str(tmp_path))
    before = numba.config.CACHE_DIR

    @jit
    def twice(x: int) -> int:
        return 2 * x

    assert before == numba.config.CACHE_DIR
    assert twice(4) == 8
    assert list(tmp_path.rglob("*twice*.nbc"))


def test_without_a_folder_functions_still_compile(cache, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    cache.setenv("AFTERFALL_CACHE", str(blocked))
    assert cache_folder() is None

    @jit
    def thrice(x: int) -> int:
        return 3 * x

    assert thrice(4) == 12
    assert numba.config.CACHE_DIR == ""


def test_lean_functions_return_no_array():
    """References are not counted in them: an array that they returned would be freed while it is in use."""

    def first_row(x: np.ndarray) -> np.ndarray:
        return x[0]

    with pytest.raises(TypeError, match="first_row: expected numbers or nothing"):
        lean(first_row)


def test_numba_refuses_a_lean_function_that_makes_an_array():
    """It does so by a setting of numba that is not documented: this test says when it is gone."""

    @lean
    def total(n: int) -> float:
        return np.ones(n).sum()

    with pytest.raises(numba.core.errors.TypingError):
        total(3)


def test_an_inlined_function_is_compiled_with_its_caller_only():
    @inlined
    def part(x: int) -> int:
        return x + 1

    @jit
    def whole(x: int) -> int:
        return 2 * part(x)

    assert whole(3) == 8
    assert not part.signatures
    assert part(3) == 4


def test_lean_functions_count_no_references(monkeypatch):
    monkeypatch.setattr(module, "cache_folder", lambda _: None)  # numba does not show what it took from a cache

    def first(x: np.ndarray) -> float:
        part = x[1:]
        return float(part[0])

    counted, bare = jit(first), lean(first)
    assert counted(np.arange(3.0)) == bare(np.arange(3.0)) == 1.0
    assert "NRT_" in next(iter(counted.inspect_llvm().values()))
    assert "NRT_" not in next(iter(bare.inspect_llvm().values()))
