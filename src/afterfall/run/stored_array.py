"""An array of a run file, read in the order of the dataset whatever its order on disk.

Only the blocks that hold what is asked for are read. They are unpacked on several threads, and only the numbers asked
for are put together. Quantities by origin that are sums of others are added up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import h5py  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
from xarray.backends import BackendArray
from xarray.core import indexing

from afterfall.run.blocks import PARTS, Place, stored_axes, stored_dims, unpacked
from afterfall.run.run_layout import Array, Recorded
from afterfall.run.sums import Sums

#: Threads that unpack; zlib lets them work side by side.
THREADS = 4
#: Positions along an axis, going up: a span, or some positions.
Positions = range | list[int]


class StoredArray(BackendArray):
    """An array in a file, as xarray reads it.

    Parameters
    ----------
    path, recorded
        The file, and the array in it.
    stored_shape, dtype
        Its shape on disk, and its type.
    sums
        Quantities by origin that are sums of others.
    """

    def __init__(
        self, path: Path, recorded: Recorded, stored_shape: Sequence[int], dtype: np.dtype[Any], sums: Sums
    ) -> None:
        self.path, self.recorded, self.dtype, self.sums = path, recorded, dtype, sums
        self.axes = stored_axes(recorded)
        dims = stored_dims(recorded)
        self.parts = dims.index(PARTS) if PARTS in dims else None
        whole = [len(sums.names) if i == self.parts else n for i, n in enumerate(stored_shape)]
        self.shape = tuple(whole[self.axes.index(i)] for i in range(len(self.axes)))

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        """What a key of xarray asks for."""
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.BASIC, self._read)

    def _read(self, key: tuple[int | slice, ...]) -> Array:
        """Numbers at single positions or slices of each axis of the dataset."""
        spans = [_span(one, n) for one, n in zip(key, self.shape, strict=True)]
        stored = [spans[axis] for axis in self.axes]
        out = self._stored(stored) if self.parts is None else self._summed(stored, self.parts)
        back = out.transpose([self.axes.index(i) for i in range(len(self.axes))])
        return back[tuple(slice(None) if isinstance(one, slice) else 0 for one in key)]

    def _summed(self, spans: list[range], axis: int) -> Array:
        """What lies in spans of each axis on disk, of which that of quantities is of all of them."""
        asked = list(spans[axis])
        needed = np.flatnonzero(self.sums.made_of[asked].any(axis=0)).tolist()
        parts = self._stored([needed if i == axis else span for i, span in enumerate(spans)])
        found = np.moveaxis(parts, axis, 0)
        out = np.zeros((len(asked), *found.shape[1:]), dtype=self.dtype)
        for row, i in zip(out, asked, strict=True):
            for k, part in zip(needed, found, strict=True):
                if weight := self.sums.made_of[i, k]:
                    row += part if weight > 0 else -part
        return np.moveaxis(out, 0, axis)

    def _stored(self, spans: Sequence[Positions]) -> Array:
        """What lies at positions of each axis on disk."""
        out = np.zeros([len(span) for span in spans], dtype=self.dtype)
        if not out.size:
            return out
        into: Array = out.view(np.uint8).reshape(*out.shape, self.dtype.itemsize)
        with h5py.File(self.path, "r") as file, ThreadPoolExecutor(THREADS) as pool:
            stored, block = file[self.recorded.name].id, file[self.recorded.name].chunks

            def take(place: Place) -> None:
                _, content = stored.read_direct_chunk(place)
                planes: Array = unpacked(content, block, self.dtype)
                pairs = [_within(span, first, n) for span, first, n in zip(spans, place, block, strict=True)]
                to: tuple[Any, ...] = tuple(pair[0] for pair in pairs)
                of: tuple[Any, ...] = tuple(pair[1] for pair in pairs)
                for number in range(len(planes)):
                    plane: Array = planes[number]
                    if plane.any():
                        into[(*to, number)] = plane[of]

            firsts = [sorted({at // n * n for at in span}) for span, n in zip(spans, block, strict=True)]
            list(pool.map(take, product(*firsts)))
        return out


def _span(one: int | slice, length: int) -> range:
    """The positions that a key names along an axis."""
    if isinstance(one, slice):
        return range(length)[one]
    return range(length)[one : one + 1 or None]


def _within(span: Positions, first: int, size: int) -> tuple[slice, slice | npt.NDArray[np.intp]]:
    """Where positions that lie in a block are in what is read, and where in the block. Spans go up."""
    if not isinstance(span, range):
        begin, end = bisect_left(span, first), bisect_left(span, first + size)
        return slice(begin, end), np.array(span[begin:end], dtype=np.intp) - first
    low = max(0, -(-(first - span.start) // span.step))
    high = min(len(span), -(-(first + size - span.start) // span.step))
    start = span.start + low * span.step - first
    return slice(low, high), slice(start, start + (high - low - 1) * span.step + 1, span.step)
