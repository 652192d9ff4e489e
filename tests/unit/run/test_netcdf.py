"""The files: same content, same bytes; any damage is noticed; disk and memory give one dataset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.made_up.batches import LABELS, attributes, request, simulate

from afterfall.run.netcdf import Damaged, dataset, decode_chunk, encode_chunk, open_dataset, unsealed, write_run
from afterfall.run.run_layout import Batch

MARKS = {"run": "abc", "chunk": "2"}


@pytest.fixture(scope="module")
def batch() -> Batch:
    return simulate(None, seed=1, trajectories=range(7))


def test_round_trip(batch: Batch) -> None:
    read = decode_chunk(unsealed(encode_chunk(batch, MARKS), MARKS))
    for name, array in batch.arrays().items():
        np.testing.assert_array_equal(read.arrays()[name], array, strict=True)


def test_same_content_same_bytes(batch: Batch) -> None:
    again = Batch(**{name: array.copy() for name, array in batch.arrays().items()})
    assert encode_chunk(again, MARKS) == encode_chunk(batch, MARKS)


def test_another_chunk_in_its_place_is_noticed(batch: Batch) -> None:
    with pytest.raises(Damaged, match="another chunk: found chunk 2"):
        unsealed(encode_chunk(batch, MARKS), {**MARKS, "chunk": "3"})


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_noticed(batch: Batch, share: float) -> None:
    whole = encode_chunk(batch, MARKS)
    with pytest.raises(Damaged):
        unsealed(whole[: int(share * len(whole))], MARKS)


def test_a_flipped_bit_anywhere_is_noticed(batch: Batch) -> None:
    whole = encode_chunk(batch, MARKS)
    for place in range(0, len(whole), 101):
        flipped = bytearray(whole)
        flipped[place] ^= 1
        with pytest.raises(Damaged, match="seal"):
            unsealed(bytes(flipped), MARKS)


def test_a_sealed_chunk_is_still_a_netcdf_file(batch: Batch, tmp_path: Path) -> None:
    (tmp_path / "chunk.nc").write_bytes(encode_chunk(batch, MARKS))
    with xr.open_dataset(tmp_path / "chunk.nc", engine="h5netcdf") as found:
        np.testing.assert_array_equal(found["world"].values, batch.world, strict=True)
        assert found["world"].attrs["unit_text"] == "people"


def _write(path: Path, batch: Batch, per_batch: int) -> None:
    asked = request(trajectories=7, chunk_size=per_batch)
    parts = [
        Batch(**{name: array[list(asked.chunk(i))] for name, array in batch.arrays().items()})
        for i in range(asked.chunks)
    ]
    write_run(
        path, LABELS, [unsealed(encode_chunk(part, {}), {}) for part in parts], (7, per_batch), attributes(request())
    )


def test_disk_and_memory_give_one_dataset(batch: Batch, tmp_path: Path) -> None:
    _write(tmp_path / "run.nc", batch, 3)
    with open_dataset(tmp_path / "run.nc") as found:
        xr.testing.assert_identical(found.load(), dataset(LABELS, batch.arrays(), attributes(request())))


def test_the_assembled_file_has_the_same_bytes_each_time(batch: Batch, tmp_path: Path) -> None:
    for name in ("a", "b"):
        _write(tmp_path / name, batch, 3)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_numbers_do_not_depend_on_the_chunks(batch: Batch, tmp_path: Path) -> None:
    for per_batch in (1, 7):
        _write(tmp_path / str(per_batch), batch, per_batch)
    with open_dataset(tmp_path / "1") as one, open_dataset(tmp_path / "7") as seven:
        xr.testing.assert_identical(one.load(), seven.load())
