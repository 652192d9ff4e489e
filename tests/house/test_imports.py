"""Importing the package is quick and loads nothing heavy: a command's help, or a look at the version, must not wait."""

import subprocess
import sys

import pytest

HEAVY = ("numba", "pandas", "xarray", "jax", "scipy", "pyarrow", "altair", "h5netcdf", "scoringrules")
#: Seconds of processor time beyond an empty interpreter's; the promise is 0.5 s, the import takes a tenth of that.
QUICK = 0.5

TIMED = """
import time
begin = time.process_time()
import {module}
print(time.process_time() - begin)
"""
LOADED = """
import sys
import {module}
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


def output_of(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout


def heavy(module: str) -> set[str]:
    return set(output_of(LOADED.format(module=module)).split()) & set(HEAVY)


@pytest.mark.parametrize("module", ["afterfall", "afterfall.cli"])
def test_nothing_heavy_is_loaded(module: str) -> None:
    assert heavy(module) == set()


def test_what_is_heavy_would_be_seen() -> None:
    assert "numba" in heavy("afterfall.engine.jit")


def test_import_is_quick() -> None:
    best = min(float(output_of(TIMED.format(module="afterfall"))) for _ in range(3))
    assert best < QUICK


def test_every_public_name_can_be_had() -> None:
    names = output_of(
        "import afterfall; print(*(type(getattr(afterfall, n)).__name__ for n in afterfall.__all__))"
    ).split()
    assert "NoneType" not in names
    assert len(names) >= 10


def test_versions_agree() -> None:
    from importlib.metadata import version

    import afterfall

    assert afterfall.__version__ == version("afterfall")
