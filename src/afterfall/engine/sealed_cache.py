"""Machine code on disk that is used only while it is whole.

numba loads a cached function without looking at it: a file cut short by a full disk ends in an error of its reader, a
changed byte in a crash of the process. Here each file of the cache ends in a hash of its content. A file that does not
match its hash counts as absent, so that the function is compiled again and the file replaced.
"""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

from numba.core.caching import IndexDataCacheFile

DIGEST = 32


class SealedCacheFile(IndexDataCacheFile):
    """numba's index and data files of one function, each sealed by the SHA-256 of its content."""

    def _save_index(self, overloads: dict[Any, str]) -> None:
        self._write(Path(self._index_path), self._dump((self._version, self._source_stamp, overloads)))  # type: ignore[no-untyped-call]

    def _load_index(self) -> dict[Any, str]:
        content = unsealed(Path(self._index_path))
        if content is None:
            return {}
        version, stamp, overloads = pickle.loads(content)
        current = version == self._version and stamp == self._source_stamp
        return dict(overloads) if current else {}

    def _save_data(self, name: str, data: Any) -> None:
        self._write(self._path(name), self._dump(data))  # type: ignore[no-untyped-call]

    def _load_data(self, name: str) -> Any:
        content = unsealed(self._path(name))
        if content is None:
            raise FileNotFoundError(name)  # numba then compiles the function and writes the file again
        return pickle.loads(content)

    def _path(self, name: str) -> Path:
        return Path(self._cache_path) / name

    def _write(self, path: Path, content: bytes) -> None:
        with self._open_for_write(str(path)) as file:
            file.write(content + hashlib.sha256(content).digest())


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
