"""Let the tests of this tree use the machine code that an installed wheel of it has made.

python scripts/share_code.py CACHE ENVIRONMENT

CACHE is the folder in which the code was kept, ENVIRONMENT the one in which the wheel is installed. Code is kept by a
hash of the sources (`afterfall.engine.jit`), and within that in a folder that numba names by the path of the source
file. So the code for a file of the wheel is copied to the name for the same file of this tree.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from numba.core.caching import UserProvidedCacheLocator

import afterfall
from afterfall.engine.jit import user_cache

HERE = Path(afterfall.__file__).parent


def name_of(folder: Path) -> str:
    """The name that numba gives to the code of the files in a folder."""
    return str(UserProvidedCacheLocator.get_suitable_cache_subpath(folder / "any.py"))  # type: ignore[no-untyped-call]


def share(cache: Path, environment: Path) -> int:
    """Copy the code of every folder of the package, and return how many folders had some."""
    (installed,) = environment.glob("lib/python*/site-packages/afterfall")
    shared = 0
    for folder in {path.parent for path in HERE.rglob("*.py")}:
        ours, theirs = (name_of(package / folder.relative_to(HERE)) for package in (HERE, installed))
        for made in cache.glob(f"code-*/{theirs}"):
            shutil.copytree(made, user_cache() / made.parent.name / ours, dirs_exist_ok=True)
            shared += 1
    return shared


if __name__ == "__main__":
    print(f"machine code of {share(Path(sys.argv[1]), Path(sys.argv[2]))} folders is shared")
