"""What a run of isis-2017 takes on disk, and how soon one country or one month is read from it.

    python benchmarks/run_folders.py [TRAJECTORIES] [FOLDER]

Makes the run from priors, in FOLDER or in a temporary one (a run that is there is reused), and prints its megabytes by
array. Then it opens the run afresh for each of: one country at all recorded months, one month of all countries, one
quantity at one month on a map, and everything. Seconds are wall time; the ratio to reading everything holds on a busy
machine as well. The check of the whole file's checksum, which opening a run makes, is timed apart.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import h5py  # type: ignore[import-untyped]
import xarray as xr

import afterfall
from afterfall.run.netcdf import open_dataset
from afterfall.run.store import checksum

CASE, COUNTRY, ROUNDS = "isis-2017", "CAN", 3


def seconds(what: Callable[[], object]) -> float:
    """Least wall seconds of some rounds."""
    found = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        what()
        found.append(time.perf_counter() - begin)
    return min(found)


def sizes(path: Path) -> None:
    """Print what each array takes."""
    with h5py.File(path) as file:
        taken = {name: one.id.get_storage_size() for name, one in file.items() if isinstance(one, h5py.Dataset)}
    for name, size in sorted(taken.items(), key=lambda pair: -pair[1])[:8]:
        print(f"  {name:<16} {size / 1e6:>8.1f} MB")
    print(f"  {'the folder':<16} {sum(p.stat().st_size for p in path.parent.rglob('*')) / 1e6:>8.1f} MB")


def read(path: Path, choose: Callable[[xr.DataArray], xr.DataArray]) -> float:
    """Seconds to open a file and read a part of the counts by origin."""

    def once() -> None:
        with open_dataset(path) as found:
            choose(found["origins"]).load()

    return seconds(once)


def main() -> None:
    """Print sizes and times."""
    trajectories = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        where = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder)
        run = afterfall.forecast(CASE, trajectories=trajectories, draws="prior", run_dir=where)
        assert run.path is not None
        print(f"{trajectories:,} simulations: {time.process_time() - begin:.1f} s of processor time")
        path = run.path / "run.nc"
        sizes(path)
        whole = read(path, lambda array: array)
        parts: dict[str, Callable[[xr.DataArray], xr.DataArray]] = {
            "one country": lambda array: array.sel(origin=COUNTRY),
            "one month": lambda array: array.isel(origin_month=-1),
            "one quantity of one month": lambda array: array.isel(origin_month=-1).sel(quantity="returned"),
        }
        for name, choose in parts.items():
            took = read(path, choose)
            print(f"{name:<26} {took:>6.3f} s, {took / whole:.2f} of everything")
        print(f"{'everything':<26} {whole:>6.3f} s")
        print(f"{'checksum of the file':<26} {seconds(lambda: checksum(path)):>6.3f} s")


if __name__ == "__main__":
    main()
