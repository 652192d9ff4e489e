"""The files of a case folder as bytes: regular files of a readable size, without what other programs leave behind.

Spreadsheets and file managers leave files of their own in a folder. They are no part of a case and are ignored, but
named, so that nobody takes a file for read that was not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from afterfall.case.problems import CaseError, Problem

#: Largest file that is read, in bytes.
LARGEST_FILE = 64 * 2**20
#: Files that operating systems, spreadsheets and editors leave behind.
STRAY = re.compile(
    r"(desktop\.ini|thumbs\.db|ehthumbs\.db|icon\r|~\$.*|~.*\.tmp|.*~|.*\.(bak|tmp|swp|swo|orig|lnk)|#.*#|\$recycle\.bin)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """What stands in a case folder.

    `contents` are the bytes of each file by name; `names` are all names but hidden and stray ones, unreadable ones
    included; `strays` are the names that were ignored.
    """

    contents: Mapping[str, bytes]
    names: frozenset[str]
    strays: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_folder(root: Traversable, wanted: frozenset[str]) -> FolderFiles:
    """Read the files of a folder whose names are `wanted`; other files are named and not read.

    Raises
    ------
    CaseError
        If there is no such folder, or it cannot be listed.
    """
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    try:
        items = {item.name: item for item in root.iterdir() if not item.name.startswith((".", "__"))}
    except OSError as error:
        raise CaseError(str(root), [Problem(str(root), None, None, _reason(error), "the folder of a case")]) from error
    strays = tuple(sorted(name for name in items if STRAY.fullmatch(name)))
    for name in wanted & items.keys():
        read = _content(items[name])
        if isinstance(read, bytes):
            contents[name] = read
        else:
            problems.append(Problem(name, None, None, read, "a regular file that can be read"))
    return FolderFiles(contents, frozenset(items).difference(strays), strays, tuple(problems))


def _content(item: Traversable) -> bytes | str:
    """Bytes of a file, or why it cannot be read."""
    try:
        if item.is_dir():
            return "a folder"
        if isinstance(item, Path):
            if item.is_symlink() and not item.exists():
                return "a link that leads nowhere"
            if not item.is_file():
                return "no regular file"
            if item.stat().st_size > LARGEST_FILE:
                return f"a file of {item.stat().st_size / 2**20:,.0f} MiB; the limit is {LARGEST_FILE // 2**20} MiB"
        return item.read_bytes()
    except OSError as error:
        return _reason(error)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
