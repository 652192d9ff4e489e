"""Files of a view: a tidy CSV, the JSON of the command, a NetCDF of quantiles, and the brief.

Every row and every file carries the case, the date, the run and whether it is the published forecast or a scenario of
the user's. Quantiles and means only: no single simulation leaves the server.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import numpy as np
import xarray as xr

import afterfall
from afterfall.policy.option_texts import NOW
from afterfall.report.brief import html, markdown
from afterfall.report.brief.brief_json import brief_json
from afterfall.report.brief.content import Brief
from afterfall.run import Run
from afterfall.run.quantile_levels import FAN_LEVELS
from afterfall.web.refusals import RequestRefusal
from afterfall.web.view_state import ViewQuery, code_of

#: Months between two dates of the CSV.
STEP = 3
COLUMNS = (
    *("case", "as_of", "run", "kind", "model", "place", "place_name", "quantity", "label", "unit", "month", "date"),
    *("statistic", "value"),
)


def csv_of(run: Run, view: ViewQuery) -> bytes:
    """One row per quantity, date, place and statistic (a quantile level, or the mean), in people."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(run, view))
    return text.getvalue().encode()


def _rows(run: Run, view: ViewQuery) -> Iterator[tuple[object, ...]]:
    country = None if view.world else run.origin(view.focus)
    array = run.everything(country)
    axis = "month" if country is None else "origin_month"
    array = array.sel({axis: [m for m in array[axis].values if m % STEP == 0 or m == run.request.horizon]})
    months = [int(m) for m in array[axis].values]
    name = "the world" if country is None else str(run.dataset["origin_name"].sel(origin=country).item())
    values = np.asarray(array.transpose("trajectory", axis, "quantity").values, dtype=np.float64)
    quantiles = np.quantile(values, FAN_LEVELS, axis=0, method="inverted_cdf")
    statistics = [*((f"q{round(100 * level):02d}", q) for level, q in zip(FAN_LEVELS, quantiles, strict=True))]
    statistics.append(("mean", values.mean(axis=0)))
    asked = run.request
    head = (asked.case, asked.as_of.isoformat(), asked.hash, view.kind, asked.model_hash, country or "WLD", name)
    labels, units = (list(map(str, run.dataset[of].values)) for of in ("label", "unit"))
    for k, quantity in enumerate(run.quantity_names):
        for i, month in enumerate(months):
            for statistic, table in statistics:
                value = f"{table[i, k]:.6g}"
                yield (*head, quantity, labels[k], units[k], month, run.date(month).isoformat(), statistic, value)


def netcdf_of(run: Run, view: ViewQuery) -> bytes:
    """Quantiles of the world by month, and of every country by recorded month, with names on every axis."""
    parts = {}
    for name, dims in (("world", ("month",)), ("origins", ("origin", "origin_month"))):
        array = run.dataset[name].transpose("trajectory", *dims, "quantity")
        values = np.quantile(np.asarray(array.values), FAN_LEVELS, axis=0, method="inverted_cdf").astype(np.float32)
        parts[name] = (("level", *dims, "quantity"), values, {"units": "people"})
    coordinates = {
        axis: run.dataset[axis].values
        for axis in ("month", "origin", "origin_month", "quantity")
        if axis in run.dataset
    }
    found = xr.Dataset(parts, {**coordinates, "level": list(FAN_LEVELS)}, {**run.stamp, "kind": view.kind})
    return bytes(found.to_netcdf(engine="h5netcdf"))


def brief_of(run: Run, view: ViewQuery) -> Brief:
    """The brief on the focus country.

    Raises
    ------
    RequestRefusal
        If the world is meant.
    """
    if view.world:
        raise RequestRefusal(400, "place", "A brief is on one country: give focus, such as CAN.")
    command = code_of("brief", view, run.request.case, run.request.trajectories).command
    against = view.against or NOW
    return afterfall.brief(
        run, country=view.focus, words=view.words, command=command, options=list(view.option), against=against
    )


def brief_bytes(run: Run, view: ViewQuery, form: str) -> bytes:
    """The brief as ``html``, ``md`` or ``json``."""
    found = brief_of(run, view)
    if form == "json":
        return json.dumps(brief_json(found), ensure_ascii=False, allow_nan=False).encode()
    return (html(found) if form == "html" else markdown(found)).encode()
