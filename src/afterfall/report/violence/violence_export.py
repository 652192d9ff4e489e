"""Violence in the formats of others: draws as VIEWS takes them, quantiles as a modelling hub does.

VIEWS: Parquet with the index ``month_id, country_id, draw`` and the column ``outcome`` (deaths, int32). Hub (hubverse,
model output): Parquet with ``origin_date, target, target_end_date, location, output_type, output_type_id, value``,
where the location is an ISO 3166-1 alpha-3 code and the target end date the last day of the month.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from afterfall.case.dates import month_name, month_number
from afterfall.conflict import open_record
from afterfall.conflict.violence_model import Violence
from afterfall.evaluate.views.views_challenge import ViewsComparison

TARGET = "deaths in state-based conflict"
#: The levels that hubs ask for.
LEVELS = (0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99)


def export_violence(violence: Violence, folder: Path) -> tuple[Path, Path]:
    """Write both files into a folder (made if need be) and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    record, deaths = violence.record, violence.deaths.transpose(1, 2, 0)
    numbers = [record.views_ids[record.position[c]] for c in violence.countries]
    views, hub = folder / "violence-views.parquet", folder / "violence-hub.parquet"
    views_table(deaths, violence.months, numbers).to_parquet(views)
    hub_table(deaths, violence.months, violence.countries, violence.run.as_of).to_parquet(hub, index=False)
    return views, hub


def export_benchmark(found: ViewsComparison, folder: Path) -> tuple[Path, ...]:
    """Write our draws of each year of a comparison, in the format of VIEWS, and return the paths."""
    record = open_record()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for year in found.years:
        first = month_number(f"{year.year}-01")
        numbers = [record.views_ids[record.position[c]] for c in year.countries]
        paths.append(folder / f"afterfall_cm_{year.year}.parquet")
        months = range(first, first + year.ours.shape[1])
        views_table(year.ours.transpose(1, 0, 2), months, numbers).to_parquet(paths[-1])
    return tuple(paths)


def views_table(deaths: npt.NDArray[np.generic], months: Sequence[int], numbers: Sequence[int]) -> pd.DataFrame:
    """Draws ``(month, country, draw)`` in the format of VIEWS, by months, countries and draws in rising order."""
    order = np.argsort(numbers)
    draws = deaths.shape[2]
    index = pd.MultiIndex.from_product(
        [list(months), [numbers[i] for i in order], range(draws)], names=["month_id", "country_id", "draw"]
    )
    return pd.DataFrame({"outcome": np.asarray(deaths)[:, order].reshape(-1).astype(np.int32)}, index=index)


def hub_table(
    deaths: npt.NDArray[np.generic], months: Sequence[int], countries: Sequence[str], as_of: dt.date
) -> pd.DataFrame:
    """Quantiles of draws ``(month, country, draw)`` in the format of a hub."""
    found = np.quantile(np.asarray(deaths), LEVELS, axis=2, method="inverted_cdf")
    index = pd.MultiIndex.from_product(
        [[_end(m) for m in months], list(countries), [f"{level:g}" for level in LEVELS]],
        names=["target_end_date", "location", "output_type_id"],
    )
    table = pd.DataFrame({"value": found.transpose(1, 2, 0).reshape(-1).astype(float)}, index=index).reset_index()
    table.insert(0, "origin_date", as_of.isoformat())
    table.insert(1, "target", TARGET)
    table.insert(4, "output_type", "quantile")
    return table


def _end(month: int) -> str:
    """Last day of a month."""
    year, number = map(int, month_name(month).split("-"))
    return dt.date(year, number, monthrange(year, number)[1]).isoformat()
