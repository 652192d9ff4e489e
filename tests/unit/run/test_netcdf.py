"""The files: same content, same bytes; any damage is noticed; disk and memory give one dataset."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from tests.made_up.batches import LABELS, SUMS, attributes, request, simulate

from afterfall.run import blocks
from afterfall.run.errors import RunError
from afterfall.run.netcdf import Damaged, dataset, encode_chunk, open_dataset, unsealed, write_run
from afterfall.run.run_layout import Batch

MARKS = {"run": "abc", "chunk": "2"}


@pytest.fixture(scope="module")
def batch() -> Batch:
    return simulate(None, seed=1, trajectories=range(7))


def test_same_content_same_bytes(batch: Batch) -> None:
    again = Batch(**{name: array.copy() for name, array in batch.arrays().items()})
    assert encode_chunk(again, MARKS, SUMS) == encode_chunk(batch, MARKS, SUMS, threads=2)


def test_another_chunk_in_its_place_is_noticed(batch: Batch) -> None:
    with pytest.raises(Damaged, match="another chunk: found chunk 2"):
        unsealed(encode_chunk(batch, MARKS, SUMS), {**MARKS, "chunk": "3"})


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_noticed(batch: Batch, share: float) -> None:
    whole = encode_chunk(batch, MARKS, SUMS)
    with pytest.raises(Damaged):
        unsealed(whole[: int(share * len(whole))], MARKS)


def test_a_flipped_bit_anywhere_is_noticed(batch: Batch) -> None:
    whole = encode_chunk(batch, MARKS, SUMS)
    for place in range(0, len(whole), 101):
        flipped = bytearray(whole)
        flipped[place] ^= 1
        with pytest.raises(Damaged, match="seal"):
            unsealed(bytes(flipped), MARKS)


def test_a_sealed_chunk_is_still_a_netcdf_file(batch: Batch, tmp_path: Path) -> None:
    (tmp_path / "chunk.nc").write_bytes(encode_chunk(batch, MARKS, SUMS))
    with xr.open_dataset(tmp_path / "chunk.nc", engine="h5netcdf") as found:
        world = found["world"].transpose("trajectory", "month", "quantity")
        np.testing.assert_array_equal(world.values, batch.world, strict=True)
        assert found["world"].attrs["unit_text"] == "people"


def _write(path: Path, batch: Batch, per_batch: int) -> None:
    asked = request(trajectories=7, chunk_size=per_batch)
    parts = [
        Batch(**{name: array[list(asked.chunk(i))] for name, array in batch.arrays().items()})
        for i in range(asked.chunks)
    ]
    contents = [unsealed(encode_chunk(part, {}, SUMS), {}) for part in parts]
    write_run(path, LABELS, contents, (7, per_batch), attributes(request()))


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


@pytest.mark.parametrize("per_batch", [3, 7])
@pytest.mark.parametrize(
    "where",
    [
        {"trajectory": 5},
        {"trajectory": slice(2, 6), "origin": 1},
        {"origin_month": 2, "quantity": slice(3, None)},
        {"origin_month": slice(None, None, 2), "quantity": [4, 1]},
        {"trajectory": slice(None, None, -2), "origin": [0]},
        {"trajectory": slice(1, 6, 2), "quantity": -1},
        {"trajectory": slice(3, 3)},
    ],
)
def test_any_part_of_a_file_is_that_part_of_the_whole(
    batch: Batch, tmp_path: Path, per_batch: int, where: dict[str, object]
) -> None:
    _write(tmp_path / "run.nc", batch, per_batch)
    whole = dataset(LABELS, batch.arrays(), attributes(request()))
    with open_dataset(tmp_path / "run.nc") as found:
        for name in ("origins", "world", "beyond"):
            here = {dim: at for dim, at in where.items() if dim in whole[name].dims}
            xr.testing.assert_identical(found[name].isel(here).load(), whole[name].isel(here))


def test_blocks_of_many_origins_and_months_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "QUANTITIES", 2)
    monkeypatch.setattr(blocks, "MONTHS", 2)
    batch = simulate(None, seed=2, trajectories=range(7))
    _write(tmp_path / "run.nc", batch, 3)
    with h5py.File(tmp_path / "run.nc") as file:
        assert file["origins"].chunks == (1, 2, 3, 2)
    with open_dataset(tmp_path / "run.nc") as found:
        np.testing.assert_array_equal(found["origins"].values, batch.origins, strict=True)


def test_any_netcdf_reader_reads_what_is_stored_and_what_the_rest_is_the_sum_of(batch: Batch, tmp_path: Path) -> None:
    _write(tmp_path / "run.nc", batch, 3)
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as found:
        names = [str(v) for v in found["stored_quantity"].values]
        sums = dict(zip(found["quantity"].values, found["sum_of"].values, strict=True))
        stored = found["origins"].transpose("trajectory", "origin_month", "origin", "stored_quantity").values
    assert [name for name, text in sums.items() if not text] == names
    assert sums["everyone"] == "disengage + remain + killed + detained"
    np.testing.assert_array_equal(stored[..., :4].sum(axis=-1), batch.origins[..., 4])


def test_a_quantity_that_is_not_its_sum_is_refused(batch: Batch) -> None:
    wrong = batch.origins.copy()
    wrong[0, 0, 0, 4] += 1
    with pytest.raises(RunError, match="everyone by origin is not disengage"):
        encode_chunk(replace(batch, origins=wrong), MARKS, SUMS)


def test_a_run_of_an_earlier_version_is_read_as_it_is(batch: Batch, tmp_path: Path) -> None:
    """Until now all axes were stored in the order of the dataset, and all quantities."""
    plain = tuple(label for label in LABELS if label.name != "sum_of")
    old = dataset(plain, batch.arrays(), attributes(request()))
    old.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with open_dataset(tmp_path / "run.nc") as found:
        xr.testing.assert_equal(found.load(), old)
