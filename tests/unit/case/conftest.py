"""The small case as a folder that a test may spoil, and as read."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from afterfall.case import Case, read_case

TINY = resources.files("afterfall.case").joinpath("data", "tiny")


@pytest.fixture(scope="session")
def whole() -> Case:
    """The small case as written, later rows included."""
    return read_case(TINY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small case."""
    with resources.as_file(TINY) as tiny:
        return Path(shutil.copytree(tiny, tmp_path / "tiny"))
