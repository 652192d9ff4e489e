"""The run folder: what is missing or damaged is computed again, what is finished is known as such."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.made_up.batches import LABELS, SUMS, attributes, request, simulate

from afterfall.run.errors import RunError
from afterfall.run.netcdf import Damaged
from afterfall.run.provenance import witness
from afterfall.run.store import RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A folder with all three chunks."""
    made = RunFolder.within(tmp_path, request())
    made.prepare()
    for number in range(made.request.chunks):
        made.write_chunk(number, simulate(None, seed=11, trajectories=made.request.chunk(number)), SUMS)
    return made


def _finish(folder: RunFolder) -> None:
    sha256 = folder.assemble(LABELS, attributes(folder.request))
    folder.finish(witness(command="test", started="", threads=1, found=0, computed=3, sha256=sha256))


def test_absent_truncated_and_misplaced_chunks_are_missing(folder: RunFolder) -> None:
    assert list(folder.missing()) == []
    folder.chunk_file(0).unlink()
    truncated = folder.chunk_file(1).read_bytes()[:-40]
    folder.chunk_file(1).write_bytes(truncated)
    assert list(folder.missing()) == [0, 1]
    folder.chunk_file(0).write_bytes(folder.chunk_file(2).read_bytes())
    assert list(folder.missing()) == [0, 1]


def test_a_chunk_of_another_request_is_missing(folder: RunFolder, tmp_path: Path) -> None:
    other = RunFolder.within(tmp_path, request(seed=12))
    other.prepare()
    other.chunk_file(0).parent.mkdir()
    other.chunk_file(0).write_bytes(folder.chunk_file(0).read_bytes())
    assert 0 in list(other.missing())


def test_assembly_refuses_a_missing_chunk_and_leaves_no_run(folder: RunFolder) -> None:
    folder.chunk_file(2).unlink()
    with pytest.raises(Damaged, match=r"00002\.nc"):
        folder.assemble(LABELS, attributes(folder.request))
    assert sorted(p.name for p in folder.path.iterdir()) == ["chunks", "request.json"]


def test_a_run_is_finished_once_its_provenance_matches(folder: RunFolder) -> None:
    assert folder.finished() is None
    _finish(folder)
    assert folder.finished() == folder.provenance()
    damaged = bytearray(folder.run_file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    folder.run_file.write_bytes(damaged)
    assert folder.finished() is None
    with pytest.raises(RunError, match=r"damaged.*run the same command again"):
        folder.dataset()


def test_what_is_not_finished_is_refused(folder: RunFolder) -> None:
    with pytest.raises(RunError, match="not finished; run the same command again to resume"):
        folder.dataset()


def test_a_folder_is_found_again_by_path(folder: RunFolder) -> None:
    assert RunFolder.at(folder.path) == folder
    assert RunFolder.at(folder.run_file) == folder
    with pytest.raises(RunError, match="is not a run folder: No such file"):
        RunFolder.at(folder.path.parent)


def test_a_folder_of_another_request_is_left_alone(folder: RunFolder) -> None:
    (folder.path / "request.json").write_text(request(seed=12).to_json())
    with pytest.raises(RunError, match="holds another request"):
        folder.prepare()
