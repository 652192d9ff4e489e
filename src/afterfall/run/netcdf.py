"""netCDF files with the same bytes for the same content.

A chunk ends with a seal, the checksum of all before it, which netCDF readers pass over: a damaged chunk is known before
the library meets it, which does not survive every damage. The assembled file carries the labels of every axis as well and
opens as a labelled dataset in any netCDF reader.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5netcdf
import h5py
import numpy as np

from afterfall.run.durable import Steadfast
from afterfall.run.errors import RunError
from afterfall.run.layout import RECORDED, Array, Batch, Label, Recorded, sizes

if TYPE_CHECKING:
    import xarray

PACKED = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


SEAL_BYTES = hashlib.sha256().digest_size


class Damaged(RunError):
    """A file that cannot be read as what it should be."""


def encode_chunk(batch: Batch, attrs: Mapping[str, Any]) -> bytes:
    """A chunk as the bytes of a netCDF file, sealed."""
    buffer = io.BytesIO()
    with h5netcdf.File(buffer, "w") as file:
        for recorded, array in zip(RECORDED, batch.arrays().values(), strict=True):
            for dim, size in zip(recorded.dims, array.shape, strict=True):
                if dim not in file.dimensions:
                    file.dimensions[dim] = size
            _create(file, recorded, array.shape)[...] = array
        file.attrs.update(attrs)
    content = buffer.getvalue()
    return content + _seal(content)


def decode_chunk(content: bytes, attrs: Mapping[str, Any]) -> Batch:
    """Read a chunk back.

    Raises
    ------
    Damaged
        If the bytes are not whole, or not the chunk whose attributes are given.
    """
    inner, seal = content[:-SEAL_BYTES], content[-SEAL_BYTES:]
    if seal != _seal(inner):
        raise Damaged("not whole: it does not match its seal")
    with h5netcdf.File(io.BytesIO(inner), "r") as file:
        found = {name: value.item() if isinstance(value, np.generic) else value for name, value in file.attrs.items()}
        wrong = {name: found.get(name) for name, value in attrs.items() if found.get(name) != value}
        if wrong:
            raise Damaged(f"found {wrong}, expected {dict(attrs)}")
        return Batch(**{r.name: np.asarray(file.variables[r.name][...]) for r in RECORDED})


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def write_run(
    path: Path, given: tuple[Label, ...], batches: Iterable[Batch], shape: tuple[int, int], attrs: Mapping[str, Any]
) -> None:
    """Write the assembled run, one batch after another.

    Parameters
    ----------
    path
        Where to.
    given
        Labels of the axes.
    batches
        All trajectories in order.
    shape
        Number of trajectories, and how many a batch.
    attrs
        Attributes of the file.
    """
    trajectories, per_batch = shape
    lengths = sizes(given, trajectories)
    with Steadfast(path) as stream, h5netcdf.File(stream, "w") as file:
        file.dimensions = lengths
        for label in given:
            _write_label(file, label, date.fromisoformat(attrs["as_of"]))
        file.create_variable("trajectory", ("trajectory",), "<i4")[...] = np.arange(trajectories, dtype="<i4")
        blocks = {r.name: _create(file, r, tuple(lengths[d] for d in r.dims), per_batch) for r in RECORDED}
        plain = [label.name for label in given if label.name != label.dim]
        file.attrs.update({**attrs, "coordinates": " ".join(plain)})
        first = 0
        for batch in batches:
            last = first + len(batch.lost)
            for name, array in batch.arrays().items():
                if array.size:
                    blocks[name][first:last] = array
            first = last
    if first != trajectories:
        raise RunError(f"assembled {first} trajectories, expected {trajectories}")


def _create(
    file: h5netcdf.File, recorded: Recorded, shape: tuple[int, ...], per_batch: int | None = None
) -> h5netcdf.Variable:
    """An empty array on file, packed in blocks of one batch (and of one month, where it is by origin)."""
    packed: dict[str, Any] = {}
    if all(shape):
        block = [min(per_batch or shape[0], shape[0]), *shape[1:]]
        if recorded.name == "origins":
            block[1] = 1
        packed = {**PACKED, "chunks": tuple(block)}
    variable = file.create_variable(recorded.name, recorded.dims, np.dtype(recorded.dtype), **packed)
    variable.attrs.update({"units": recorded.units, "long_name": recorded.long_name})
    return variable


def _write_label(file: h5netcdf.File, label: Label, as_of: date) -> None:
    values, dtype, attrs = label.values, label.values.dtype, dict(label.attrs)
    if dtype.kind == "M":
        values = (values.astype("datetime64[D]") - np.datetime64(as_of)).astype("<i4")
        attrs |= {"units": f"days since {as_of.isoformat()}", "calendar": "proleptic_gregorian"}
    elif dtype.kind == "b":
        values, attrs = values.astype("i1"), attrs | {"dtype": "bool"}
    variable = file.create_variable(
        label.name, (label.dim,), h5py.string_dtype() if dtype.kind == "O" else values.dtype
    )
    if len(values):
        variable[...] = values
    variable.attrs.update(attrs)


def dataset(given: tuple[Label, ...], arrays: Mapping[str, Array], attrs: Mapping[str, Any]) -> xarray.Dataset:
    """The run in memory, the same as `write_run` puts on disk."""
    import xarray as xr

    coords: dict[str, Any] = {label.name: (label.dim, label.values, label.attrs) for label in given}
    coords["trajectory"] = ("trajectory", np.arange(len(arrays["lost"]), dtype="<i4"))
    data = {r.name: (r.dims, arrays[r.name], {"units": r.units, "long_name": r.long_name}) for r in RECORDED}
    return xr.Dataset(data, coords=coords, attrs=dict(attrs))


def open_dataset(path: Path) -> xarray.Dataset:
    """Open an assembled run; arrays are read when used."""
    import xarray as xr

    return xr.open_dataset(path, engine="h5netcdf")
