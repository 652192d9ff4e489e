"""How the arrays of a run are stored: the order of their axes on disk, their blocks, and the bytes of a block.

Most numbers of a simulation are the same from month to month. In a file the months therefore come last, so that they
are neighbours, and the simulations before them: runs of equal bytes, which compress to half of what they take in the
order of the dataset. A block of `origins` holds some quantities of one origin over five years of recorded months, for
the simulations of one chunk. So one country, or one quantity, is read without unpacking the rest.

The bytes are those of netCDF-4's ordinary filters, shuffle and deflate, which any reader undoes. Runs of equal bytes
are all that deflate is asked to look for here (``Z_RLE``), with a table of codes for each few thousand of them: that
packs these numbers as well as a search for repeats, in less time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from afterfall.run.run_layout import Array, Recorded

#: Quantities and recorded months in one block of `origins`, which holds one origin.
QUANTITIES, MONTHS = 31, 21
#: Axes that come last on disk, in this order.
LAST = ("trajectory", "month", "origin_month")
#: The axis on disk of the quantities by origin that are no sums of others (`sums`).
PARTS = "stored_quantity"
Place = tuple[int, ...]


def stored_dims(recorded: Recorded) -> tuple[str, ...]:
    """The axes of an array in the order on disk: ``(origin, stored_quantity, trajectory, origin_month)``."""
    last = tuple(dim for dim in LAST if dim in recorded.dims)
    if len(last) == 1:
        return recorded.dims
    first = tuple(dim for dim in recorded.dims if dim not in last)
    return (*(PARTS if recorded.name == "origins" and dim == "quantity" else dim for dim in first), *last)


def stored_axes(recorded: Recorded) -> tuple[int, ...]:
    """The position in the dataset of each axis on disk."""
    return tuple(recorded.dims.index("quantity" if dim == PARTS else dim) for dim in stored_dims(recorded))


def block_shape(recorded: Recorded, shape: Sequence[int], per_chunk: int) -> Place:
    """The shape of a block of an array of this shape on disk."""
    most = {"trajectory": per_chunk}
    if recorded.name == "origins":
        most |= {"origin": 1, PARTS: QUANTITIES, "origin_month": MONTHS}
    return tuple(min(most.get(dim, n), n) for dim, n in zip(stored_dims(recorded), shape, strict=True))


def places(shape: Sequence[int], block: Sequence[int]) -> Iterator[Place]:
    """Where each block of an array begins, in order."""
    yield from product(*(range(0, n, step) for n, step in zip(shape, block, strict=True)))


def packed(array: Array, place: Place, block: Place) -> bytes:
    """The bytes of one block of an array on disk; a block that reaches beyond the array is filled with zeros."""
    part = array[tuple(slice(first, first + n) for first, n in zip(place, block, strict=True))]
    if part.shape != block:
        whole = np.zeros(block, dtype=array.dtype)
        whole[tuple(slice(0, n) for n in part.shape)] = part
        part = whole
    shuffled = np.ascontiguousarray(part).reshape(-1).view(np.uint8).reshape(-1, array.dtype.itemsize).T
    deflate = zlib.compressobj(level=1, wbits=zlib.MAX_WBITS, memLevel=6, strategy=zlib.Z_RLE)
    return deflate.compress(shuffled.tobytes()) + deflate.flush()


def unpacked(content: bytes, block: Place, dtype: np.dtype[np.generic]) -> npt.NDArray[np.uint8]:
    """The bytes of a block, apart by their place in a number: ``(itemsize, *block)``."""
    return np.frombuffer(zlib.decompress(content), dtype=np.uint8).reshape(dtype.itemsize, *block)
