"""netCDF files with the same bytes for the same content.

A chunk ends with a seal, the checksum of all bytes before it, which netCDF readers ignore. A damaged chunk is thus
detected before it reaches the library, which some damage would crash. The assembled file also has the labels of every
axis, and opens as a labelled dataset in any netCDF reader.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5netcdf  # type: ignore[import-untyped]
import h5py  # type: ignore[import-untyped]
import numpy as np

from afterfall.run.atomic_files import Steadfast
from afterfall.run.blocks import PARTS, block_shape, packed, places, stored_axes, stored_dims
from afterfall.run.errors import RunError
from afterfall.run.run_layout import RECORDED, Array, Batch, Label, Recorded, sizes, sums_in
from afterfall.run.sums import Sums

if TYPE_CHECKING:
    import xarray

#: Attributes of the numbers of the trajectories.
TRAJECTORY = {"long_name": "number of the trajectory"}
PACKED = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


SEAL_BYTES = hashlib.sha256().digest_size


class Damaged(RunError):
    """A file that is damaged or has unexpected content."""


def encode_chunk(batch: Batch, attrs: Mapping[str, str], sums: Sums, *, threads: int = 1) -> bytes:
    """A chunk as the bytes of a sealed netCDF file; blocks are packed on some threads, which changes no byte.

    Parameters
    ----------
    batch
        The arrays.
    attrs
        Attributes of the file.
    sums
        Quantities by origin that are sums of others, and are left out.
    threads
        Number of threads.
    """
    buffer, arrays = io.BytesIO(), {**batch.arrays(), "origins": sums.split(batch.origins)}
    with h5netcdf.File(buffer, "w") as file:
        for recorded in RECORDED:
            stored = arrays[recorded.name].transpose(stored_axes(recorded))
            for dim, size in zip(stored_dims(recorded), stored.shape, strict=True):
                if dim not in file.dimensions:
                    file.dimensions[dim] = size
            _create(file, recorded, stored.shape, len(batch.lost))
        file.attrs.update(attrs)
    with h5py.File(buffer, "r+") as whole, ThreadPoolExecutor(threads) as pool:
        for recorded in RECORDED:
            _write(whole[recorded.name], arrays[recorded.name].transpose(stored_axes(recorded)), pool)
    content = buffer.getvalue()
    return content + _seal(content)


def _write(stored: h5py.Dataset, array: Array, pool: ThreadPoolExecutor) -> None:
    """Write an array in the order on disk, block by block, packed already."""
    if not array.size:
        return
    where = list(places(array.shape, stored.chunks))
    for place, content in zip(where, pool.map(lambda at: packed(array, at, stored.chunks), where), strict=True):
        stored.id.write_direct_chunk(place, content)


def unsealed(content: bytes, attrs: Mapping[str, str]) -> bytes:
    """The netCDF file in a sealed chunk, checked to be complete and to have the given attributes.

    Raises
    ------
    Damaged
        If it is not.
    """
    inner, seal = content[:-SEAL_BYTES], content[-SEAL_BYTES:]
    if seal != _seal(inner):
        raise Damaged("incomplete or damaged: it does not match its seal")
    with h5py.File(io.BytesIO(inner), "r") as file:
        wrong = {name: file.attrs.get(name) for name, value in attrs.items() if file.attrs.get(name) != value}
    if wrong:
        found = ", ".join(f"{name} {value}" for name, value in wrong.items())
        raise Damaged(f"another chunk: found {found}, expected {dict(attrs)}")
    return inner


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def write_run(
    path: Path, given: tuple[Label, ...], chunks: Iterable[bytes], shape: tuple[int, int], attrs: Mapping[str, Any]
) -> None:
    """Write the assembled run, one chunk after another.

    Parameters
    ----------
    path
        The file to write.
    given
        Labels of the axes.
    chunks
        The netCDF files of all chunks in order (see `unsealed`).
    shape
        Number of trajectories, and number per chunk.
    attrs
        Attributes of the file.
    """
    with Steadfast(path) as stream:
        with h5netcdf.File(stream, "w") as file:
            _write_frame(file, given, shape, attrs)
        first = 0
        with h5py.File(stream, "r+") as whole:
            for content in chunks:
                with h5py.File(io.BytesIO(content), "r") as part:
                    for recorded in RECORDED:
                        _append(whole[recorded.name], part[recorded.name], recorded, first)
                    first += len(part["lost"])
    if first != shape[0]:
        raise RunError(f"assembled {first} trajectories, expected {shape[0]}")


def _write_frame(
    file: h5netcdf.File, given: tuple[Label, ...], shape: tuple[int, int], attrs: Mapping[str, Any]
) -> None:
    """Write labels, attributes and empty arrays."""
    trajectories, per_chunk = shape
    sums = sums_in(given)
    lengths = {**sizes(given, trajectories), PARTS: len(sums.stored)}
    file.dimensions = lengths
    for label in given:
        _write_label(file, label, date.fromisoformat(attrs["as_of"]))
    trajectory = file.create_variable("trajectory", ("trajectory",), "<i4")
    trajectory[...] = np.arange(trajectories, dtype="<i4")
    trajectory.attrs.update(TRAJECTORY)
    for recorded in RECORDED:
        _create(file, recorded, tuple(lengths[d] for d in stored_dims(recorded)), per_chunk)
    parts = file.create_variable(PARTS, (PARTS,), h5py.string_dtype())
    parts[...] = np.array([sums.names[i] for i in sums.stored], dtype=object)
    plain = [label.name for label in given if label.name != label.dim]
    file.attrs.update({**attrs, "coordinates": " ".join(plain)})


def _append(whole: h5py.Dataset, part: h5py.Dataset, recorded: Recorded, first: int) -> None:
    """Copy the rows of a chunk to their place, without unpacking where both have the same layout (ten times faster)."""
    if not part.size:
        return
    axis = stored_dims(recorded).index("trajectory")
    if part.chunks != whole.chunks:  # the last chunk, when it is shorter
        rows = tuple(slice(first, first + part.shape[i]) if i == axis else slice(None) for i in range(part.ndim))
        whole[rows] = part[...]
        return
    for number in range(part.id.get_num_chunks()):
        place = list(part.id.get_chunk_info(number).chunk_offset)
        mask, content = part.id.read_direct_chunk(tuple(place))
        place[axis] += first
        whole.id.write_direct_chunk(tuple(place), content, mask)


def _create(file: h5netcdf.File, recorded: Recorded, shape: tuple[int, ...], per_chunk: int) -> h5netcdf.Variable:
    """An empty array in a file, packed in blocks (`blocks`), for a shape in the order on disk."""
    layout: dict[str, Any] = {**PACKED, "chunks": block_shape(recorded, shape, per_chunk)} if all(shape) else {}
    variable = file.create_variable(recorded.name, stored_dims(recorded), np.dtype(recorded.dtype), **layout)
    variable.attrs.update(recorded.attrs())
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
    """The run in memory, with the same content as `write_run` writes to disk."""
    import xarray as xr

    coords: dict[str, Any] = {label.name: (label.dim, label.values, label.attrs) for label in given}
    coords["trajectory"] = ("trajectory", np.arange(len(arrays["lost"]), dtype="<i4"), TRAJECTORY)
    data = {r.name: (r.dims, arrays[r.name], r.attrs()) for r in RECORDED}
    return xr.Dataset(data, coords=coords, attrs=dict(attrs))


def open_dataset(path: Path) -> xarray.Dataset:
    """Open an assembled run; arrays are read when used.

    Arrays whose axes have another order on disk come in that of `RECORDED`. Files of earlier versions, which have that
    order on disk as well, are read as they are.
    """
    import xarray as xr
    from xarray.core.indexing import LazilyIndexedArray

    from afterfall.run.stored_array import StoredArray

    found = xr.open_dataset(path, engine="h5netcdf")
    if PARTS not in found:
        return found
    sums = Sums(*(tuple(str(v) for v in found[name].values) for name in ("quantity", "sum_of")))
    turned = {}
    for recorded in RECORDED:
        here = found[recorded.name].variable
        if here.dims != recorded.dims:
            array = StoredArray(path, recorded, here.shape, here.dtype, sums)
            turned[recorded.name] = xr.Variable(recorded.dims, LazilyIndexedArray(array), here.attrs, here.encoding)
    return found.assign(turned).drop_vars(PARTS)
