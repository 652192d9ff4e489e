"""One decorator that compiles the engine's functions, with a cache on disk that cannot go stale.

numba's own cache checks only the file in which a function is written. After an edit to a function that it *calls* in
another file, it would serve the old machine code. Here the cache is a folder named by a hash of the engine's sources,
the sources in the function's own folder, numba's version and the processor: any edit starts an empty folder. A compiled
function outside the engine may therefore call the engine and the files of its own folder, and nothing else. The folder
is in the user's cache folder, or in ``AFTERFALL_CACHE`` when that is set. Where it cannot be written, each process
compiles again.

Every compiled function uses plain IEEE arithmetic (`fastmath` off) and releases the interpreter's lock. Functions of
the inner loops make no arrays (`lean`), so that no references need be counted: counting them took a fifth of the time
of a trajectory. What they need is made in Python beforehand.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
from llvmlite import binding

from afterfall.engine.sealed_cache import seal

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def user_cache() -> Path:
    """The cache folder of the user on this platform, or ``AFTERFALL_CACHE`` when that is set."""
    chosen = os.environ.get("AFTERFALL_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "afterfall"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "afterfall" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "afterfall"


def sources_hash(*folders: Path) -> str:
    """Sixteen hex digits that change with any source file in `folders`, with numba's version and with the processor."""
    digest = hashlib.blake2b(digest_size=8)
    for part in (numba.__version__, binding.get_host_cpu_name(), sys.version):
        digest.update(part.encode() + b"\0")
    for folder in folders:
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


ENGINE = Path(__file__).parent
#: Names that may occur in the annotation of what a lean function returns.
NUMBERS = {"None", "bool", "int", "float", "tuple", "np.uint64"}
_NAMES = re.compile(r"[\w.]+")


@functools.cache
def cache_folder(sources: Path = ENGINE) -> Path | None:
    """The folder for machine code of the files in `sources`, made if need be; None where there can be none.

    A folder that can be read and not written is copied for this process, so that what is compiled already is used.
    """
    folder = None
    try:
        folder = user_cache() / f"code-{sources_hash(*dict.fromkeys((ENGINE, sources)))}"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):  # RuntimeError: no home folder
        return None if folder is None else _private_copy(folder)


def _private_copy(folder: Path) -> Path | None:
    """A copy of a folder that goes with this process; None where there is nothing to copy, or no room."""
    try:
        if not any(folder.iterdir()):
            return None
        copy = Path(tempfile.mkdtemp(prefix="afterfall-code-"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        shutil.copytree(folder, copy, dirs_exist_ok=True)
    except OSError:
        return None
    return copy


def jit(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile `function` on its first call (numba nopython, without the interpreter's lock, cached on disk)."""
    return _compiled(function)


def lean(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """As `jit`, without counting references: for functions that make no array and return numbers or nothing.

    numba refuses to compile one that makes an array. One that returned an array would leave it without an owner:
    `lean` refuses that by the annotation of what is returned.

    Raises
    ------
    TypeError
        When the function is not annotated as returning numbers or nothing.
    """
    _refuse_arrays(function)
    return _compiled(function, _nrt=False)


def inlined(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile `function` as a part of each compiled function that calls it, and by itself only where Python calls it.

    numba compiles a function together with all that it calls: a chain of five is compiled five times. Inlined, it is
    compiled once. It makes arrays, or counts references, as its caller does.
    """
    return _compiled(function, inline="always")


def _refuse_arrays(function: Callable[Arguments, Result]) -> None:
    returns = str(function.__annotations__.get("return"))
    if not set(_NAMES.findall(returns)) <= NUMBERS:
        raise TypeError(f"{function.__name__}: expected numbers or nothing to be returned, found {returns}")


def _compiled(function: Callable[Arguments, Result], **settings: Any) -> Callable[Arguments, Result]:
    folder = cache_folder(Path(function.__code__.co_filename).parent)
    config = vars(numba.config)
    before = config["CACHE_DIR"]
    config["CACHE_DIR"] = "" if folder is None else str(folder)
    try:
        wrap = numba.jit(nopython=True, nogil=True, fastmath=False, cache=folder is not None, **settings)
        compiled = wrap(function)
        if folder is not None:
            seal(compiled)
        return cast("Callable[Arguments, Result]", compiled)
    finally:
        config["CACHE_DIR"] = before
