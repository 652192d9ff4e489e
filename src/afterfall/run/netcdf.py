"""netCDF files with the same bytes for the same content.

A chunk ends with a seal, the checksum of all bytes before it, which netCDF readers ignore. A damaged chunk is thus
detected before it reaches the library, which some damage would crash. The assembled file also has the labels of every
axis, and opens as a labelled dataset in any netCDF reader.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5netcdf  # type: ignore[import-untyped]
import h5py  # type: ignore[import-untyped]
import numpy as np

from afterfall.run.atomic_files import Steadfast
from afterfall.run.errors import RunError
from afterfall.run.run_layout import RECORDED, Array, Batch, Label, Recorded, sizes

if TYPE_CHECKING:
    import xarray

#: Origins per block: small enough to read one country without unpacking all, large enough to read a month quickly.
ORIGINS = 8
#: Attributes of the numbers of the trajectories.
TRAJECTORY = {"long_name": "number of the trajectory"}
PACKED = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


SEAL_BYTES = hashlib.sha256().digest_size


class Damaged(RunError):
    """A file that is damaged or has unexpected content."""


def encode_chunk(batch: Batch, attrs: Mapping[str, str]) -> bytes:
    """A chunk as the bytes of a sealed netCDF file."""
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


def decode_chunk(content: bytes) -> Batch:
    """Read the netCDF file of a chunk (see `unsealed`)."""
    with h5py.File(io.BytesIO(content), "r") as file:
        return Batch(**{r.name: np.asarray(file[r.name][...]) for r in RECORDED})


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
                        _append(whole[recorded.name], part[recorded.name], first)
                    first += len(part["lost"])
    if first != shape[0]:
        raise RunError(f"assembled {first} trajectories, expected {shape[0]}")


def _write_frame(
    file: h5netcdf.File, given: tuple[Label, ...], shape: tuple[int, int], attrs: Mapping[str, Any]
) -> None:
    """Write labels, attributes and empty arrays."""
    trajectories, per_chunk = shape
    lengths = sizes(given, trajectories)
    file.dimensions = lengths
    for label in given:
        _write_label(file, label, date.fromisoformat(attrs["as_of"]))
    trajectory = file.create_variable("trajectory", ("trajectory",), "<i4")
    trajectory[...] = np.arange(trajectories, dtype="<i4")
    trajectory.attrs.update(TRAJECTORY)
    for recorded in RECORDED:
        _create(file, recorded, tuple(lengths[d] for d in recorded.dims), per_chunk)
    plain = [label.name for label in given if label.name != label.dim]
    file.attrs.update({**attrs, "coordinates": " ".join(plain)})


def _append(whole: h5py.Dataset, part: h5py.Dataset, first: int) -> None:
    """Copy the rows of a chunk to their place, without unpacking where both have the same layout (ten times faster)."""
    if not part.size:
        return
    if part.chunks != whole.chunks:  # the last chunk, when it is shorter
        whole[first : first + len(part)] = part[...]
        return
    for number in range(part.id.get_num_chunks()):
        row, *place = part.id.get_chunk_info(number).chunk_offset
        mask, packed = part.id.read_direct_chunk((row, *place))
        whole.id.write_direct_chunk((first + row, *place), packed, mask)


def _create(
    file: h5netcdf.File, recorded: Recorded, shape: tuple[int, ...], per_chunk: int | None = None
) -> h5netcdf.Variable:
    """An empty array in a file, packed in blocks of one chunk (for `origins`, of one month and a few origins)."""
    packed: dict[str, Any] = {}
    if all(shape):
        block = [min(per_chunk or shape[0], shape[0]), *shape[1:]]
        if recorded.name == "origins":
            block[1], block[2] = 1, min(ORIGINS, shape[2])
        packed = {**PACKED, "chunks": tuple(block)}
    variable = file.create_variable(recorded.name, recorded.dims, np.dtype(recorded.dtype), **packed)
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
    """Open an assembled run; arrays are read when used."""
    import xarray as xr

    return xr.open_dataset(path, engine="h5netcdf")
