"""Files that are whole or absent."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from afterfall.run.atomic_files import ABANDONED, replacing, sweep, write_durably
from afterfall.run.errors import RunError


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a"
    write_durably(file, b"old")

    def fail_midway() -> None:
        with replacing(file) as partial:
            partial.write_bytes(b"ne")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_content_reaches_the_disk_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    fsync, rename = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (said.append("flush"), fsync(fd))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (said.append("rename"), rename(a, b))[1])
    write_durably(tmp_path / "a", b"x")
    assert said == ["flush", "rename", "flush"]


def test_a_full_disk_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, __: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RunError, match=r"cannot write .*a: No space left on device.*run the same command again"):
        write_durably(tmp_path / "a", b"x")


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="cannot write"):
        write_durably(tmp_path / "file" / "a", b"x")


def test_only_old_leftovers_are_swept(tmp_path: Path) -> None:
    old, fresh, other = tmp_path / ".a.nc.1.partial", tmp_path / "chunks" / ".b.nc.2.partial", tmp_path / "a.nc"
    fresh.parent.mkdir()
    for file in (old, fresh, other):
        file.write_bytes(b"")
    for file in (old, other):
        os.utime(file, (0, fresh.stat().st_mtime - ABANDONED - 60))
    sweep(tmp_path)
    assert not old.exists()
    assert fresh.exists()
    assert other.exists()
