"""Machine code on disk that is used only while it is whole.

numba loads a cached function without looking at it: a file cut short by a full disk ends in an error of its reader, a
changed byte in a crash of the process. Here each file of the cache ends in a hash of its content. A file that does not
match its hash counts as absent, so that the function is compiled again and the file replaced.

numba also numbers the files of a function and keeps an index of them. Two processes that compile at the same time can
each give the same number to code for other types. Here a file is named by a hash of the types, and there is no index.
"""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

from numba.core.caching import IndexDataCacheFile

DIGEST = 32


class SealedCacheFile(IndexDataCacheFile):
    """The files of one function, one for the types of its arguments, each sealed by the SHA-256 of its content."""

    def save(self, key: Any, data: Any) -> None:
        """Keep the code for a key: the types of the arguments, the processor and the function's bytecode."""
        content = self._dump(data)  # type: ignore[no-untyped-call]
        with self._open_for_write(str(self._path(key))) as file:
            file.write(content + hashlib.sha256(content).digest())

    def load(self, key: Any) -> Any:
        """The code that was kept for a key; None where there is none, so that numba compiles the function."""
        content = unsealed(self._path(key))
        return None if content is None else pickle.loads(content)

    def flush(self) -> None:
        """Nothing: there is no index to empty, and code that is compiled again replaces its file."""

    def _path(self, key: Any) -> Path:
        name = self._index_name.removesuffix(".nbi")
        return Path(self._cache_path) / f"{name}.{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}.nbc"


def unsealed(path: Path) -> bytes | None:
    """Content of a sealed file, or None where it is absent or not whole."""
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    content, digest = whole[:-DIGEST], whole[-DIGEST:]
    return content if len(whole) > DIGEST and hashlib.sha256(content).digest() == digest else None


def seal(dispatcher: Any) -> None:
    """Make a function that numba caches use sealed files."""
    # numba offers no public way to choose the files of a cache.
    cache = dispatcher._cache
    file = cache._cache_file
    base = file._index_name.removesuffix(".nbi")
    cache._cache_file = SealedCacheFile(file._cache_path, base, file._source_stamp)  # type: ignore[no-untyped-call]
