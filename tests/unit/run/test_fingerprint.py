"""Fingerprints change with whatever could change a number."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from afterfall.model import Model
from afterfall.run.fingerprint import SOURCES, code_hash, program_hash, sources_hash


def test_any_array_of_a_program_changes_its_hash(tiny: Model) -> None:
    program = tiny.program
    before = program_hash(program)
    for name, value in program._asdict().items():
        array = np.array(value)
        if array.size:
            array.flat[-1] += 1
            assert program_hash(program._replace(**{name: array})) != before, name
    assert program_hash(program._replace(capacity=program.capacity.copy())) == before


def test_a_shape_changes_the_hash(tiny: Model) -> None:
    program = tiny.program
    reshaped = program._replace(token_term=program.token_term.reshape(4, -1))
    assert program_hash(reshaped) != program_hash(program)


def _package(root: Path) -> Path:
    for part in SOURCES:
        file = root / (part if part.endswith(".py") else f"{part}/deep/a.py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")
    return root


@pytest.mark.parametrize("part", SOURCES)
def test_any_source_changes_the_hash(tmp_path: Path, part: str) -> None:
    package = _package(tmp_path)
    before = sources_hash(package)
    file = package / (part if part.endswith(".py") else f"{part}/deep/a.py")
    file.write_text("x = 2\n")
    assert sources_hash(package) != before


def test_what_is_no_source_does_not(tmp_path: Path) -> None:
    package = _package(tmp_path)
    before = sources_hash(package)
    (package / "engine" / "__pycache__").mkdir()
    (package / "engine" / "__pycache__" / "a.pyc").write_bytes(b"1")
    (package / "run" / "result.py").write_text("x = 1\n")
    assert sources_hash(package) == before


def test_the_installed_code_has_one() -> None:
    assert len(code_hash()) == 16


def test_every_process_makes_the_same_request() -> None:
    """Whatever the order in which a process happens to keep its sets: else no run would ever be resumed."""
    script = (
        "import afterfall\n"
        "from afterfall.run import request_of\n"
        "model = afterfall.build(afterfall.open_case('tiny'), horizon=12)\n"
        "print(request_of(model, trajectories=1, seed=1).to_json())\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1
