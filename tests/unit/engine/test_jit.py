"""The cache of machine code: never stale, never left switched on, never in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import numba
import pytest

from afterfall.engine import jit as module
from afterfall.engine.jit import cache_folder, jit, sources_hash, user_cache

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
    assert list(tmp_path.rglob("*twice*.nbi"))


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
