"""A run as a netCDF file by the CF conventions: one variable a quantity, on numeric axes, with labels as coordinates.

``run.nc`` is made for speed: all quantities are in one array along an axis of names. Here each has a variable of its
own, so that any tool for netCDF finds its unit and its name:

================================================  ======================================================================
``QUANTITY (realization, time)``                  people of all origins, by month
``QUANTITY_of (realization, origin, time_of)``    people of the origins asked for, by quarter
``lost (realization, holding)``                   month in which a holding is lost; the horizon + 1 where it is not
``strength (realization, organisation, time)``    people in an organisation
================================================  ======================================================================

The time is last, as the conventions recommend, in days since the as-of date. Counts have the unit 1. Parameters and
capacities are in ``run.nc`` only.

Source: Eaton et al., NetCDF Climate and Forecast (CF) Metadata Conventions 1.11, https://cfconventions.org.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from afterfall.run import Run
from afterfall.run.atomic_files import whole_file

if TYPE_CHECKING:
    import xarray

CONVENTIONS = "CF-1.11"
#: Stamp of the run that goes into the global attributes.
STAMPED = ("case", "case_hash", "as_of", "model_version", "model_hash", "draws", "seed", "run", "given")
REALIZATION = {"standard_name": "realization", "long_name": "number of the simulation", "units": "1"}
PACKED = {"zlib": True, "complevel": 4, "shuffle": True}


def cf_dataset(run: Run, origins: Sequence[str] = ()) -> xarray.Dataset:
    """The run as a dataset by the CF conventions.

    Parameters
    ----------
    run
        A finished run.
    origins
        Codes of origins whose people are written separately.
    """
    import xarray as xr

    made, as_of = run.dataset, run.as_of.isoformat()
    coords: dict[str, Any] = {
        "realization": ("realization", made["trajectory"].to_numpy(), REALIZATION),
        "time": ("time", _days(made["date"].to_numpy(), as_of), _time(as_of)),
    }
    data: dict[str, Any] = {}
    world = made["world"].to_numpy()
    for i, name in enumerate(map(str, made["quantity"].to_numpy())):
        data[variable_name(name)] = (("realization", "time"), _counts(world[:, :, i]), _quantity(made, i))
    if origins:
        _add_origins(made, coords, data, origins, as_of)
    _add_others(made, coords, data)
    version = run.provenance.versions["afterfall"]
    history = f"{run.provenance.finished} {run.provenance.command or 'afterfall.forecast'}".strip()
    stamp: dict[str, Any] = {name: run.stamp[name] for name in STAMPED if name in run.stamp}
    attrs: dict[str, Any] = {
        "Conventions": CONVENTIONS,
        "title": run.title,
        "institution": "not stated",
        "source": f"afterfall {version}, model {run.stamp['model_version']}: simulated people, no observations",
        "history": history,
        "references": "CITATION.cff of afterfall",
        "comment": f"as of {as_of}; {len(made['trajectory']):,} simulations",
        **stamp,
    }
    return xr.Dataset(data, coords=coords, attrs=attrs)


def write_cf(run: Run, path: Path, origins: Sequence[str] = ()) -> Path:
    """Write a run as a netCDF file by the CF conventions, the whole file or none of it.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    found = cf_dataset(run, origins)
    encoding: dict[Any, dict[str, Any]] = {
        name: dict(PACKED) for name, one in found.data_vars.items() if one.dtype.kind in "iuf"
    }
    encoding |= {name: {"_FillValue": None} for name in found.coords}
    with whole_file(path) as partial:
        found.to_netcdf(partial, engine="h5netcdf", encoding=encoding)
    return path


def variable_name(name: str) -> str:
    """A name that the conventions allow: letters, digits and underscores, a letter first.

    >>> variable_name("killed_so_far"), variable_name("moved:TUR-2")
    ('killed_so_far', 'moved_TUR_2')
    """
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return plain if plain[:1].isalpha() else f"q_{plain}"


def _add_origins(
    made: xarray.Dataset, coords: dict[str, Any], data: dict[str, Any], origins: Sequence[str], as_of: str
) -> None:
    """People of some origins, with their codes and names as coordinates."""
    coords["time_of"] = ("time_of", _days(made["origin_date"].to_numpy(), as_of), _time(as_of))
    chosen = made.sel(origin=list(origins))
    for label, of in (("origin_code", "origin"), ("origin_name", "origin_name")):
        coords[label] = ("origin", chosen[of].to_numpy().astype(str), {"long_name": label.replace("_", " ")})
    people = chosen["origins"].to_numpy().swapaxes(1, 2)
    for i, name in enumerate(map(str, made["quantity"].to_numpy())):
        attrs = _quantity(made, i)
        attrs["long_name"] += ", by origin"
        data[f"{variable_name(name)}_of"] = (("realization", "origin", "time_of"), people[:, :, :, i], attrs)


def _add_others(made: xarray.Dataset, coords: dict[str, Any], data: dict[str, Any]) -> None:
    """Falls of holdings and strengths of organisations, with their names as coordinates."""
    for axis in ("holding", "organisation"):
        for label, of in ((f"{axis}_id", axis), (f"{axis}_name", f"{axis}_label")):
            coords[label] = (axis, made[of].to_numpy().astype(str), {"long_name": label.replace("_", " ")})
    lost = {"units": "1", "long_name": "month in which a holding is lost, counted from the as-of date"}
    data["lost"] = (("realization", "holding"), made["lost"].to_numpy(), lost)
    strength = {"units": "1", "long_name": str(made["strength"].attrs["long_name"])}
    data["strength"] = (("realization", "organisation", "time"), made["strength"].to_numpy().swapaxes(1, 2), strength)


def _quantity(made: xarray.Dataset, i: int) -> dict[str, str]:
    """Attributes of a quantity: its unit for programs and in words, its name, and what it counts."""
    label, unit, definition = (str(made[name].to_numpy()[i]) for name in ("label", "unit", "definition"))
    attrs = {"units": "1", "unit_text": unit or "people", "long_name": label or str(made["quantity"].to_numpy()[i])}
    return {**attrs, **({"comment": definition} if definition else {})}


def _counts(people: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Counts as 32-bit integers, which every version of the conventions allows, or as numbers where they are larger."""
    return people.astype("int32" if people.max(initial=0) <= np.iinfo("int32").max else "float64")


def _days(dates: np.ndarray[Any, Any], as_of: str) -> np.ndarray[Any, Any]:
    return (dates.astype("datetime64[D]") - np.datetime64(as_of)).astype("int32")


def _time(as_of: str) -> dict[str, str]:
    units = {"units": f"days since {as_of}", "calendar": "proleptic_gregorian", "units_metadata": "leap_seconds: none"}
    return {"standard_name": "time", "long_name": "end of the month of the run", **units, "axis": "T"}
